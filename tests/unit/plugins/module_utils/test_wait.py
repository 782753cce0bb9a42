# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._wait import INTERVAL, until


@pytest.mark.parametrize("after, seconds, came", [(0, 0, True), (3, 10, True), (9, 1, False)])
def test_waiting_asks_until_the_time_is_over(after, seconds, came):
    moments, asked = [0.0], []

    def condition():
        asked.append(moments[0])
        return len(asked) > after

    def sleep(pause):
        moments[0] += pause

    assert until(condition, seconds, clock=lambda: moments[0], sleep=sleep) is came
    assert moments[0] <= seconds + INTERVAL
