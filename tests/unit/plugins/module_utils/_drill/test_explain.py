# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever reads an anomaly can follow it from the fault to the lines of the ledger."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.tests.unit.drills import GOOD_LINES, fault, instance, judge, kill, line

LATER = ("150 node2 start 2", "160 node2 commit 2")
SECOND = instance(2, node="node2", start=149.9, end=161)


def told(lines, instances, *faults):
    return judge(lines, instances, faults)["anomalies"]


def test_an_anomaly_is_told_in_a_sentence_and_a_time_line():
    hit = fault(kill(10.25, to=80), injected=10, healed=70, whole=100)
    assert told(GOOD_LINES + LATER, (instance(state="failed", end=101), SECOND), hit) == [{
        "class": "second_commit_with_worker", "dag": "d", "run": "r", "task": "t", "map": -1,
        "why": "It committed in try 1 on node1, and again in try 2 on node2 150.000 s later, "
               "because the first was killed or cut off before Airflow heard of it.",
        "fault": {"fault": "F29", "number": 1},
        "lines": [
            "    -9.500 the driver asked for the run",
            "    -9.400 the driver got the answer: accepted",
            "    -9.000 Airflow: try 1 began on node1",
            "    -9.000 node1 start of try 1 (process 10)",
            "    +0.000 F29 number 1 was injected",
            "    +0.000 node1 commit of try 1 (process 10)",
            "    +0.250 node1 lost its host",
            "   +60.000 F29 number 1 was healed",
            "   +70.000 node1 got its host back",
            "   +90.000 F29 number 1 was over: the cluster was whole again",
            "   +91.000 Airflow: try 1 ended as failed",
            "  +139.900 Airflow: try 2 began on node2",
            "  +140.000 node2 start of try 2 (process 10)",
            "  +150.000 node2 commit of try 2 (process 10)",
            "  +151.000 Airflow: try 2 ended as success",
        ]}]


@pytest.mark.parametrize("first, seen, why", [
    (GOOD_LINES + ("150.5 node1 sigterm 1",), instance(), "Try 2 began on node2 0.500 s before try 1 on node1 was over."),
    (GOOD_LINES[:1], instance(state="running", end=None), "Try 2 began on node2, and nothing shows that try 1 on node1 was over."),
])
def test_a_double_is_told_with_how_long_it_was(first, seen, why):
    assert [each["why"] for each in told(first + LATER, (seen, SECOND)) if each["class"] == "overlapping_double"] == [why]


@pytest.mark.parametrize("seen, why", [
    (instance(state="failed", retries=0), "It failed for good in try 1 of 1, though nothing touched the worker of try 1."),
    (instance(state="failed", retries=2), "It failed for good in try 1 of 3, though nothing touched the worker of try 1."),
])
def test_a_failure_is_told_with_the_tries_that_nothing_touched(seen, why):
    assert [each["why"] for each in told(GOOD_LINES[:1], (seen,))] == [why]


@pytest.mark.parametrize("faults, expected", [
    ((), None),
    ((fault(name="F01", injected=0, whole=40), fault(name="F03", injected=51, whole=99)), None),
    ((fault(name="F01", injected=0, whole=50),), ("F01", 1)),
    ((fault(name="F01", injected=50, whole=99),), ("F01", 1)),
    ((fault(name="F01", injected=0, whole=60), fault(name="F03", number=2, injected=45, whole=99)), ("F03", 2)),
    ((fault(name="F01", injected=0, healed=None, whole=None),), ("F01", 1)),
])
def test_it_belongs_to_the_latest_fault_during_which_it_began(faults, expected):
    ghost = line("50 node2 commit 1", run="r2", ti="i9")
    anomaly, = told((ghost,) + GOOD_LINES, (instance(),), *faults)
    assert anomaly["fault"] == (expected and {"fault": expected[0], "number": expected[1]})


@pytest.mark.parametrize("seen, expected", [
    ((instance(state="running", start=50, end=None),), "F03"),
    ((), "F01"),  # then it is known only since when the run was asked for
])
def test_a_lost_task_belongs_to_the_fault_during_which_it_began(seen, expected):
    faults = (fault(name="F01", whole=40), fault(name="F03", injected=45, whole=99))
    assert [each["fault"]["fault"] for each in told((), seen, *faults)] == [expected]


@pytest.mark.parametrize("hit, events", [
    (kill(5, to=6), ["lost its host", "got its host back"]),
    (dict(kill(5), to=None), ["lost its host"]),
    (kill(5, what="task", ti="i1"), ["had a task killed"]),
    (kill(5, what="else"), ["was hit", "was whole again"]),
])
def test_a_time_line_tells_what_was_hit_and_when_it_came_back(hit, events):
    lines = told(GOOD_LINES[:1], (instance(state="failed", retries=0),), fault(hit))[0]["lines"]
    assert [line.split("node1 ")[1] for line in lines if "node1" in line and "try" not in line] == events


def test_without_a_fault_time_counts_from_the_first_event():
    ghost = line("50 node2 commit 1", run="r2", ti="i9")
    assert told((ghost,) + GOOD_LINES, (instance(),))[0]["lines"] == ["    +0.000 node2 commit of try 1 (process 10)"]


def test_a_line_without_a_moment_stands_last():
    ghost = (line("40 node2 start 1", run="r2", ti="i9"), line("50 node2 commit 1", run="r2", ti="i9", boot="lost"))
    assert told(GOOD_LINES + ghost, (instance(),))[0]["lines"] == [
        "    +0.000 node2 start of try 1 (process 10)", "         ? node2 commit of try 1 (process 10)"]


def test_violations_stand_first():
    lines = GOOD_LINES + (line("50 node2 commit 1", run="r2", ti="i9"), line("2 node1 start 1", run="r3", ti="i8"))
    failed = instance(run="r3", id="i8", state="failed", retries=0)
    assert [each["class"] for each in told(lines, (instance(), failed), fault(kill(11.5, what="task", ti="i8")))] == ["ghost", "failed_with_worker"]
