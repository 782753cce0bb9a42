# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import ledger, reruns, tries
from ansible_collections.steady.airflow.tests.unit.drills import CLOCKS, GOOD_LINES, fault, instance, kill, texts

START = GOOD_LINES[0]
KILLED = instance(state="failed", end=100)
SECOND = instance(2, node="node2", start=119, end=131)
AT_120 = ("120 node2 start 2", "130 node2 commit 2")
NOTHING = {"recovered": {"api": 3.0}, "gaps": {}}


def beside(lines, instances, hit, asked=None):
    placed = ledger.place(ledger.read(texts(lines))["lines"], CLOCKS)
    return reruns.beside(NOTHING, asked or hit, tries.collect(placed, instances, [hit]))


def test_it_is_the_time_from_the_blow_to_the_next_try():
    hit = fault(kill(40), injected=39.5)
    assert beside((START, *AT_120), (KILLED, SECOND), hit) == {
        "recovered": {"api": 3.0, "rerun": 80.5}, "gaps": {"rerun": [[39.5, 120.0]]}}


@pytest.mark.parametrize("lines, instances, hit", [
    ((START,), (KILLED,), fault(kill(40))),  # it has no retries
    ((START, "20 node1 commit 1", *AT_120), (KILLED, SECOND), fault(kill(40))),  # its work was done
    ((START, *AT_120), (KILLED, SECOND), fault(kill(40, "node3"))),
    ((START, *AT_120), (KILLED, SECOND), fault(kill(40, what="cut"))),
])
def test_what_was_not_killed_or_not_tried_again_measures_nothing(lines, instances, hit):
    assert beside(lines, instances, hit) == {"recovered": {"api": 3.0, "rerun": None}, "gaps": {}}


def test_each_fault_has_its_own():
    hit = fault(kill(40))
    assert beside((START, *AT_120), (KILLED, SECOND), hit, fault(number=2))["recovered"]["rerun"] is None
