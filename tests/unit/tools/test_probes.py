# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from probes import longest_gap


@pytest.mark.parametrize(("moments", "gap"), [
    ([1, 2, 3, 4, 5, 6], 1),
    ([0, 1, 4, 5, 6], 3),
    ([6, 4, 5, 1, 0], 3),  # requests overlap, so they may end out of order
    ([0, 9], 9),  # nothing succeeded within: what counts is the whole time between
    ([0, 1, 2, 3], 2.5),  # nothing after: up to the end
    ([], 4),
])
def test_the_longest_gap_reaches_over_the_edges(moments, gap):
    assert longest_gap(moments, 1.5, 5.5) == gap
