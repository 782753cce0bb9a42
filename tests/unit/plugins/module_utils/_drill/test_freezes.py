# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of a host that stands still from 40 to 190, whose next try began elsewhere meanwhile, at 146."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.tests.unit.drills import fault, found, instance, judge, kill

START = "1 node1 start 1"
SECOND = ("146 node2 start 2", "160 node2 commit 2")
GIVEN_UP = instance(state="failed", end=135.0)
FROZEN = kill(40, to=190, what="freeze")


def fence(woke=190.05, ended=190.06):
    return kill(woke, to=ended, what="fence")


def judged(first, *hits):
    return judge((*first, *SECOND), (GIVEN_UP, instance(2, node="node2", start=146.0, end=161.0)), (fault(*hits, name="F30", healed=190.0, whole=230.0),))


@pytest.mark.parametrize("first, hits, classes", [
    # it was killed before it wrote another word
    ((START,), [FROZEN, fence()], {"overlap_at_thaw": 1, "legitimate_retry": 1}),
    # it came to its commit before it was
    ((START, "190.055 node1 commit 1"), [FROZEN, fence()], {"overlap_at_thaw": 1}),
    # it thawed a moment before the fence did
    ((START, "190.04 node1 commit 1"), [FROZEN, fence()], {"overlap_at_thaw": 1}),
    ((START, "189.9 node1 commit 1"), [FROZEN, fence(190.05, 190.12)], {"overlapping_double": 1}),
    # the fence was slow, or did nothing to this one
    ((START,), [FROZEN, fence(ended=190.3)], {"overlapping_double": 1, "legitimate_retry": 1}),
    ((START, "190.4 node1 commit 1"), [FROZEN, fence()], {"overlapping_double": 1}),
    # without a fence: Airflow ended it when it next asked
    ((START, "191 node1 commit 1", "193.4 node1 sigterm 1"), [FROZEN], {"overlapping_double": 1}),
    ((START, "190.1 node1 sigterm 1"), [FROZEN], {"overlap_at_thaw": 1, "legitimate_retry": 1}),
    ((START,), [FROZEN], {"overlapping_double": 1, "legitimate_retry": 1}),
    # another host was fenced, or froze
    ((START,), [FROZEN, dict(fence(), node="node3")], {"overlapping_double": 1, "legitimate_retry": 1}),
    ((START,), [dict(FROZEN, node="node3"), fence()], {"retry_without_kill": 1}),
    # it had thawed when the next one began
    ((START,), [dict(FROZEN, to=100.0), fence(100.0, 100.1)], {"legitimate_retry": 1}),
    ((START, "150 node1 sigterm 1"), [dict(FROZEN, to=100.0)], {"overlapping_double": 1, "legitimate_retry": 1}),
    # it was not frozen after all
    ((START, "150 node1 commit 1"), [FROZEN], {"overlapping_double": 1}),
    ((START, "150 node1 commit 1"), [FROZEN, fence()], {"overlapping_double": 1}),
    # its host was fenced after another freeze
    ((START, "190.6 node1 commit 1"), [FROZEN, dict(FROZEN, **{"from": 1000.0}, to=1150.0), fence(1150.05, 1150.06)], {"overlapping_double": 1}),
    # both ran before the host froze
    ((START, "189 node1 commit 1"), [dict(FROZEN, **{"from": 147.0}), fence()], {"overlapping_double": 1}),
    # it froze with a commit of which nobody had heard
    ((START, "39.9 node1 commit 1"), [FROZEN, fence()], {"second_commit_with_worker": 1}),
    ((START, "38 node1 commit 1"), [FROZEN, fence()], {"sequential_second_commit": 1}),
])
def test_a_try_that_is_frozen_does_not_run(first, hits, classes):
    assert found(judged(first, *hits)) == classes


def test_how_long_it_ran_after_the_thaw_is_told():
    answer = judged((START,), FROZEN, fence())
    assert answer["anomalies"][0]["why"] == "Try 1 on node1 was frozen when try 2 began on node2, and ended 0.010 s after its thaw."
    assert any("node1 thawed, and began to end its tasks" in line for line in answer["anomalies"][0]["lines"])


def test_a_try_that_was_over_before_its_host_stood_still_is_not_touched():
    answer = judge((START, "10 node1 commit 1"), (instance(),), (fault(FROZEN, fence(), name="F30"),))
    assert (answer["verdict"], found(answer)) == ("passed", {})
