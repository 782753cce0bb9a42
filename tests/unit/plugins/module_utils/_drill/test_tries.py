# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Intervals of tries: what proves an end, what refutes one, and what a try is."""

from __future__ import annotations

import random

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import oracle
from ansible_collections.steady.airflow.tests.unit.drills import GOOD, GOOD_LINES, drill, fault, found, instance, judge, kill, line

AT_50 = ("50 node2 start 2", "60 node2 commit 2")
START = GOOD_LINES[0]
UNENDED = instance(state="running", end=None)
SECOND = instance(2, node="node2", start=50, end=61)


def overlaps(first, instance_of_first=None, *faults):
    return judge(tuple(first) + AT_50, (instance_of_first or UNENDED, SECOND), faults)["counts"]["overlapping_double"]


@pytest.mark.parametrize("first, seen, kills, number", [
    # a SIGKILL leaves no end: the injector's is taken
    ((START,), UNENDED, [kill(40)], 0),
    ((START,), UNENDED, [kill(50)], 0),
    ((START,), UNENDED, [kill(50.1, to=51)], 1),
    ((START,), UNENDED, [], 1),
    # another host, worker or task was killed, or a process that could have lived on
    ((START,), UNENDED, [kill(40, "node3")], 1),
    ((START,), UNENDED, [kill(40, what="task", ti="i1")], 0),
    ((START,), UNENDED, [kill(40, what="task", ti="i2")], 1),
    ((START,), UNENDED, [kill(40, what="cut")], 1),
    ((START,), UNENDED, [kill(40, what="freeze")], 1),
    ((START,), UNENDED, [kill(0, to=0.5)], 1),
    # Airflow shows its end, on a clock that may be a second off
    ((START,), instance(state="failed", end=49), [], 0),
    ((START,), instance(state="failed", end=50.9), [], 0),
    ((START,), instance(state="failed", end=51.1), [], 1),
    ((START,), instance(state="failed", end=0.5), [], 0),
    # who writes later was not over, whoever says so
    ((START, "55 node1 sigterm 1"), instance(state="failed", end=45), [kill(40)], 1),
    ((START, "55 node1 commit 1"), UNENDED, [kill(40)], 1),
    ((START, "30 node1 sigterm 1", "55 node1 commit 1"), UNENDED, [], 1),
    # the earliest proof counts
    ((START, "49.9 node1 sigterm 1"), instance(state="failed", end=70), [], 0),
    ((START,), instance(state="failed", end=70), [kill(40), kill(60)], 0),
    # a line that was written while the blow fell
    ((START, "40.2 node1 commit 1"), UNENDED, [kill(40, to=41)], 0),
])
def test_an_interval_ends_at_its_earliest_proof(first, seen, kills, number):
    assert overlaps(first, seen, *([fault(*kills)] if kills else [])) == number


def test_a_host_that_never_came_back_ended_its_tries():
    assert overlaps((START,), UNENDED, fault(dict(kill(40), to=None), healed=None, whole=None)) == 0


def test_tries_of_other_tasks_may_overlap():
    other = tuple(line(each, run="r2", ti="i9") for each in GOOD_LINES)
    assert found(judge(GOOD_LINES + other, (instance(), instance(run="r2", id="i9")))) == {}
    mapped = [line(each, map=index, ti="m%d" % index) for each in GOOD_LINES for index in (0, 1)]
    tasks = {"d": [{"task": "t", "maps": 2}]}
    assert found(judge(mapped, [instance(map=index, id="m%d" % index) for index in (0, 1)], tasks=tasks)) == {}


@pytest.mark.parametrize("pid", [10, 11])
def test_a_deferred_task_is_one_try_in_one_or_two_processes(pid):
    resumed = (line("40 node2 start 1", pid=pid), line("50 node2 commit 1", pid=pid))
    answer = judge((START, "1.5 node1 defer 1") + resumed, (instance(node="node2", end=51),))
    assert (found(answer), answer["verdict"]) == ({}, "passed")


def test_a_deferred_task_is_killed_where_it_went_on():
    """Airflow knows where, though it had no time to write there."""
    failed = instance(state="failed", node="node2", end=90, retries=0)
    lines = (START, "1.5 node1 defer 1", line("2 node1 commit 1", run="r2", ti="i9"))
    instances = (failed, instance(run="r2", id="i9"))
    assert found(judge(lines, instances, (fault(kill(40, "node2")),))) == {"failed_with_worker": 1}
    assert found(judge(lines, instances, (fault(kill(40, "node3")),))) == {"failed_by_fault": 1}


def test_one_try_in_two_processes_at_once_is_a_double():
    """As when the database forgot that the task was running, and let a second process start under the same id."""
    twin = (line("5 node2 start 1"), line("15 node2 commit 1"))
    answer = judge(GOOD_LINES + twin, (instance(),))
    assert found(answer) == {"overlapping_double": 1}
    assert answer["anomalies"][0]["why"] == "Try 1 ran in two processes at the same time."


def test_one_try_committed_by_two_processes_in_turn_is_a_second_commit():
    twin = (line("20 node2 start 1"), line("25 node2 commit 1"))
    assert found(judge(GOOD_LINES + twin, (instance(end=26),))) == {"sequential_second_commit": 1}


def test_a_double_that_commits_twice_is_told_once():
    lines = ("1 node1 start 1", "30 node1 commit 1", "20 node2 start 2", "25 node2 commit 2")
    assert found(judge(lines, (instance(end=31), SECOND))) == {"overlapping_double": 1}


def test_three_tries_at_once_are_three_pairs():
    lines = ["%d node%d start %d" % (number, number, number) for number in (1, 2, 3)] + ["9 node3 commit 3"]
    unended = [instance(number, "running", "node%d" % number, number, None) for number in (1, 2)]
    assert judge(lines, unended + [instance(3, node="node3", start=3, end=10)])["counts"]["overlapping_double"] == 3


def test_the_order_of_lines_across_and_within_files_does_not_matter():
    lines = GOOD_LINES + AT_50 + ("55 node1 sigterm 1", "55 node3 start 3", "70 node3 commit 3")
    instances = [instance(state="failed", end=45), SECOND, instance(3, node="node3", start=55, end=71)]
    faults = [fault(kill(40)), fault(kill(54, "node2"), name="F03", injected=53)]
    expected = judge(lines, instances, faults)
    assert found(expected) == {"overlapping_double": 2}
    for seed in range(30):
        shuffled, others, rng = list(lines), list(instances), random.Random(seed)
        rng.shuffle(shuffled)
        rng.shuffle(others)
        given = drill(shuffled, others, faults)
        given["texts"] = dict(rng.sample(sorted(given["texts"].items()), 3))
        assert oracle.judge(**given) == expected


def test_a_good_drill_passes():
    answer = judge(*GOOD)
    assert answer == {
        "verdict": "passed", "counts": dict.fromkeys(oracle.ALLOWED, 0), "allowed": oracle.ALLOWED, "anomalies": [], "unjudged": [],
        "judged": {"runs": 1, "tasks": 1, "commits": 1, "torn": 0}}
