# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each class of anomalies is made red by a drill that is as short as it gets, and green beside it."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import oracle
from ansible_collections.steady.airflow.tests.unit.drills import GOOD, GOOD_LINES, asked, fault, found, instance, judge, kill, line

START, COMMIT = GOOD_LINES
FAILED = instance(state="failed", retries=0)
KILLED = fault(kill(5))
AGAIN = ("101 node2 start 2", "110 node2 commit 2")
SUCCESS_AGAIN = instance(2, node="node2", start=100.5, end=111)
KILLED_TRY = instance(state="failed", end=95.0)


def retried(first, instance_of_first=None, *faults):
    """A first try, and a second one that is well."""
    return tuple(first) + AGAIN, (instance_of_first or KILLED_TRY, SUCCESS_AGAIN), faults


# class, how many, and the arguments of a drill that has it and nothing else
RED = [
    ("lost", (GOOD_LINES[:1], (instance(state="running", end=None),))),
    ("lost", ((), ())),
    ("lost", (GOOD_LINES[:1], (instance(state="skipped"),))),
    ("lost", ((), (instance(state="upstream_failed"),))),
    ("failed_by_fault", ((START,), (FAILED,))),
    ("failed_by_fault", ((), (dict(FAILED, hostname="", start=None),), (KILLED,))),
    ("failed_by_fault", ((START,), (FAILED,), (fault(kill(5, "node2")),))),
    ("failed_by_fault", ((START,), (FAILED,), (fault(kill(5, what="task", ti="i7")),))),
    ("failed_by_fault", ((START,), (FAILED,), (fault(kill(13)),))),
    ("failed_by_fault", ((START,), (FAILED,), (fault(kill(0.2)),))),
    ("failed_by_fault", ((START, "4 node1 sigterm 1"), (FAILED,), (KILLED,))),
    ("failed_by_fault", ((START,), (instance(state="failed", retries=2),), (KILLED,))),
    ("phantom_success", ((START,), (instance(),))),
    ("phantom_success", ((), (instance(),))),
    ("overlapping_double", (GOOD_LINES + ("10.5 node1 sigterm 1", "10.2 node2 start 2", "20 node2 commit 2"), (instance(), SUCCESS_AGAIN))),
    ("sequential_second_commit", retried(GOOD_LINES)),
    ("sequential_second_commit", retried(GOOD_LINES, instance(), fault(kill(12)))),
    ("sequential_second_commit", retried(GOOD_LINES, instance(), fault(kill(10.5)))),
    ("sequential_second_commit", retried(GOOD_LINES, KILLED_TRY, fault(kill(9, to=9.5)))),
    ("sequential_second_commit", retried(GOOD_LINES, KILLED_TRY, fault(kill(102)))),
    ("sequential_second_commit", retried(GOOD_LINES, KILLED_TRY, fault(kill(10.5, what="cut")))),
    ("sequential_second_commit", retried(GOOD_LINES, KILLED_TRY, fault(kill(5, to=54, what="cut")))),
    ("sequential_second_commit", retried((*GOOD_LINES, "60 node1 sigterm 1"), KILLED_TRY, fault(kill(5, to=54, what="cut")))),
    ("sequential_second_commit", (GOOD_LINES + ("11 node1 commit 1",), (instance(),))),
    ("overlapping_double", ((START, line("20 node2 start 1", pid=11), line("30 node2 commit 1", pid=11)), (instance(node="node2", end=31.0),))),
    ("overlapping_double", ((START, line("20 node2 start 1", pid=11), line("30 node2 commit 1", pid=11)), (instance(node="node2", end=31.0),),
                            (fault(kill(25)),))),
]
# the arguments of a drill that passes, and what is counted in it
GREEN = [
    (GOOD, {}),
    ((GOOD_LINES, (instance(state="running", end=None),)), {}),
    ((GOOD_LINES, (instance(state="failed", retries=0),), (fault(kill(10.5)),)), {"failed_with_worker": 1}),
    (retried((*GOOD_LINES, "50 node1 sigterm 1"), KILLED_TRY, fault(kill(5, to=95, what="cut"))), {"second_commit_with_worker": 1}),
    (retried((START,), KILLED_TRY, KILLED), {"legitimate_retry": 1}),
    (retried((START,), KILLED_TRY, fault(kill(5, what="task", ti="i1"))), {"legitimate_retry": 1}),
    (retried((START, "60 node1 sigterm 1"), KILLED_TRY, fault(kill(5, what="cut"))), {"legitimate_retry": 1}),
    (retried((START,)), {"retry_without_kill": 1}),
    (retried(GOOD_LINES, KILLED_TRY, fault(kill(5, to=101, what="cut"))), {"second_commit_with_worker": 1}),
    (retried((START, "9 node1 sigterm 1", "10 node1 commit 1"), KILLED_TRY, fault(kill(5, to=95, what="cut"))), {"second_commit_with_worker": 1}),
    (retried((START, "40 node1 sigterm 1")), {"retry_without_kill": 1}),
    (retried(()), {}),
    (((), (FAILED,), (fault(kill(0.2)),)), {"failed_with_worker": 1}),  # before it wrote a word; Airflow's clock is a second ahead
    (retried(GOOD_LINES, KILLED_TRY, fault(kill(10.1))), {"second_commit_with_worker": 1}),
    (retried(GOOD_LINES, KILLED_TRY, fault(kill(9.9))), {"second_commit_with_worker": 1}),
    (((START, "2 node1 defer 1", line("30 node2 commit 1", pid=11)), (instance(node="node2", end=31.0),)), {}),
    (retried((START, "2 node1 defer 1"), KILLED_TRY), {"retry_without_kill": 1}),
]


# A worker is cut off from 20 to ``to``; Airflow gives the try up at 109 or 113, 90 s of silence and its own interval after the last heartbeat.
CUTS = [
    (18.5, 110, 113, False), (19.7, 110, 113, True), (20.5, 110, 113, True), (20.5, 110, 109, True), (65.0, 110, 113, True), (90.0, 110, 113, True),
    (110.5, 110, 109, True), (110.5, 110, 113, True), (121.0, 110, 113, False), (20.5, 70, 112, True), (20.5, 64, 112, False), (20.5, 30, 112, False),
    (30.5, 30, 112, False),
]


@pytest.mark.parametrize("commit, to, given_up, excused", CUTS)
def test_a_commit_beside_a_cut_is_excused_where_no_report_of_it_could_come(commit, to, given_up, excused):
    lines = ("1 node1 start 1", "%s node1 commit 1" % commit, "140 node2 start 2", "150 node2 commit 2")
    instances = (instance(state="failed", end=float(given_up)), instance(2, node="node2", start=139.5, end=151.0))
    answer = judge(lines, instances, (fault(kill(20.0, to=float(to), what="cut")),))
    assert found(answer) == {"second_commit_with_worker" if excused else "sequential_second_commit": 1}


def test_a_commit_that_airflow_heard_of_is_not_excused_by_a_cut():
    """Requests come through where only answers are cut off."""
    lines = ("1 node1 start 1", "30 node1 commit 1", "140 node2 start 2", "150 node2 commit 2")
    instances = (instance(end=30.2), instance(2, node="node2", start=139.5, end=151.0))
    assert found(judge(lines, instances, (fault(kill(20.0, to=110.0, what="cut")),))) == {"sequential_second_commit": 1}


def of_the_task(each):
    return each["dag"], each["run"], each["task"], each["map"]


@pytest.mark.parametrize("name, given", RED)
def test_each_violation_is_told_alone(name, given):
    answer = judge(*given)
    assert found(answer) == {name: 1}
    assert answer["verdict"] == "failed"
    assert [(each["class"], of_the_task(each)) for each in answer["anomalies"]] == [(name, ("d", "r", "t", -1))]


@pytest.mark.parametrize("given, counted", GREEN)
def test_what_airflow_may_do_is_counted_and_passes(given, counted):
    # something has to be committed in every drill
    lines = tuple(given[0]) + (line(START, run="r2", ti="i9"), line(COMMIT, run="r2", ti="i9"))
    answer = judge(lines, tuple(given[1]) + (instance(run="r2", id="i9"),), *given[2:])
    assert (found(answer), answer["verdict"], answer["unjudged"]) == (counted, "passed", [])
    assert [each["class"] for each in answer["anomalies"]] == [name for name in counted if name != "legitimate_retry"]


@pytest.mark.parametrize("what", ["cut", "freeze"])
def test_airflows_word_is_no_proof_that_who_could_not_hear_it_was_over(what):
    """It gave the try up, and another fault killed the host only when the next try had begun."""
    answer = judge(*retried((START,), KILLED_TRY, fault(kill(5, to=120, what=what)), fault(kill(103))))
    assert found(answer) == {"overlapping_double": 1, "legitimate_retry": 1}


def test_every_class_that_forbids_is_made_red_here_or_below():
    below = {"ghost", "lost_write"}
    assert {name for name, _given in RED} | below == {name for name, allowed in oracle.ALLOWED.items() if allowed == 0}


def test_a_commit_that_airflow_does_not_know_is_a_ghost():
    ghost = line("5 node2 commit 1", run="r2", ti="i9")
    assert found(judge(GOOD_LINES + (ghost,), GOOD[1])) == {"ghost": 1}
    assert found(judge(GOOD_LINES + (ghost,), GOOD[1] + (instance(run="r2", id="i9"),))) == {}


def test_every_lost_write_is_told():
    record = {"runs": [asked()], "ticks": [], "writes": {"acknowledged": 10, "lost": [7, 8]}, "problems": []}
    answer = judge(*GOOD, record=record)
    assert (found(answer), answer["verdict"]) == ({"lost_write": 2}, "failed")
    assert answer["anomalies"][0] == {
        "class": "lost_write", "dag": None, "run": None, "task": None, "map": None, "fault": None, "lines": [],
        "why": "Write 7 was acknowledged and is not in the database."}


@pytest.mark.parametrize("answered, lost", [("accepted", 1), ("unknown", 0), ("refused", 0)])
def test_only_an_accepted_run_has_to_exist(answered, lost):
    record = {"runs": [asked(), asked(answered, "r2")], "ticks": [], "writes": {"acknowledged": 1, "lost": []}, "problems": []}
    answer = judge(*GOOD, record=record)
    assert answer["counts"]["lost"] == lost
    assert answer["judged"]["runs"] == 1 + lost


@pytest.mark.parametrize("answered", ["accepted", "unknown", "refused"])
def test_a_run_that_exists_is_owed_whatever_was_answered(answered):
    record = {"runs": [asked(), asked(answered, "r2")], "ticks": [], "writes": {"acknowledged": 1, "lost": []}, "problems": []}
    airflow = {"runs": [{"dag": "d", "run": run, "state": "success"} for run in ("r", "r2")], "instances": GOOD[1]}
    assert judge(*GOOD, record=record, airflow=airflow)["counts"]["lost"] == 1


@pytest.mark.parametrize("state, lost", [("success", 0), ("failed", 0), ("running", 1), ("queued", 1)])
def test_a_run_has_to_end_even_if_all_its_tasks_committed(state, lost):
    answer = judge(*GOOD, airflow={"runs": [{"dag": "d", "run": "r", "state": state}], "instances": GOOD[1]})
    assert answer["counts"]["lost"] == lost
    assert [each["why"] for each in answer["anomalies"]] == lost * ["All its tasks committed, but Airflow left the run in the state %s." % state]


def test_a_tick_has_to_exist():
    record = {"runs": [asked()], "ticks": [{"dag": "d", "run": "scheduled"}], "writes": {"acknowledged": 1, "lost": []}, "problems": []}
    answer = judge(*GOOD, record=record)
    assert [(each["run"], each["task"], each["why"]) for each in answer["anomalies"]] == [
        ("scheduled", None, "Airflow does not have the run, which is due by the schedule.")]


def test_every_index_of_a_mapped_task_is_owed():
    tasks = {"d": [{"task": "t", "maps": 3}]}
    lines = [line(each, map=index, ti="i%d" % index) for each in GOOD_LINES for index in (0, 2)] + [line(START, map=1, ti="i1")]
    answer = judge(lines, [instance(map=index, id="i%d" % index) for index in (0, 2)], tasks=tasks)
    assert [of_the_task(each) for each in answer["anomalies"]] == [("d", "r", "t", 1)]
    assert answer["judged"] == {"runs": 1, "tasks": 3, "commits": 2, "torn": 0}


def test_who_waited_for_a_failed_task_is_not_lost():
    tasks = {"d": [{"task": "t", "maps": 1}, {"task": "next", "maps": 20}]}
    waiting = instance(task="next", id="i9", state="upstream_failed", hostname="", start=None)
    answer = judge((START,), (FAILED, waiting), (KILLED,), tasks=tasks)
    assert found(answer) == {"failed_with_worker": 1}


@pytest.mark.parametrize("hit_twice, name", [(True, "failed_with_worker"), (False, "failed_by_fault")])
def test_a_failure_is_excused_only_if_every_try_was_hit(hit_twice, name):
    hits = [kill(5)] + ([kill(105, "node2")] if hit_twice else [])
    second = instance(2, "failed", "node2", 100.5, 195, retries=1)
    answer = judge((START, AGAIN[0]), (KILLED_TRY, second), (fault(*hits),))
    assert answer["counts"][name] == 1
