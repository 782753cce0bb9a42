# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What could not be looked at is told, and never passes."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.tests.unit.drills import CLOCKS, GOOD, GOOD_LINES, asked, fault, found, instance, judge, line, texts

START, COMMIT = GOOD_LINES
OTHER = tuple(line(each.replace("node1", "node3"), run="r2", ti="i9") for each in GOOD_LINES)
KNOWN = instance(run="r2", id="i9", node="node3")


def test_nothing_to_judge_does_not_pass():
    nothing = judge(record={"runs": [], "ticks": [], "writes": {"acknowledged": 1, "lost": []}, "problems": []})
    assert nothing["unjudged"] == ["There were no runs to judge.", "There were no tasks to judge.", "There were no commits to judge."]
    assert (nothing["verdict"], nothing["anomalies"]) == ("unclear", [])


def test_runs_without_a_single_commit_do_not_pass():
    answer = judge((), (instance(state="upstream_failed"), instance(task="first", id="i8", state="failed", retries=0)), (
        fault({"node": "node1", "from": 5, "to": 6, "what": "host"}),))
    assert found(answer) == {"failed_with_worker": 1}
    assert (answer["verdict"], answer["unjudged"]) == ("unclear", ["There were no commits to judge."])


def test_runs_whose_tasks_nobody_told_do_not_pass():
    record = {"runs": [asked(), dict(asked(), dag="stranger")], "ticks": [], "writes": {"acknowledged": 1, "lost": []}, "problems": []}
    airflow = {"runs": [{"dag": dag, "run": "r", "state": "success"} for dag in ("d", "stranger")], "instances": GOOD[1]}
    answer = judge(*GOOD, record=record, airflow=airflow)
    assert (answer["verdict"], answer["unjudged"]) == ("unclear", ["Nobody told which tasks the runs of the DAG stranger have."])


def test_lines_of_an_unknown_boot_count_as_commits_but_have_no_order():
    """The first try would look as if nothing had ended it."""
    lines = (line(START, boot="lost"), line(COMMIT, boot="lost"), "50 node2 start 2", "60 node2 commit 2")
    instances = (instance(state="running", end=None), instance(2, node="node2", start=50, end=61))
    answer = judge(lines, instances)
    assert (answer["verdict"], found(answer)) == ("unclear", {})
    assert answer["unjudged"] == ["Nobody knows when the boot lost of node1 began: 2 lines of the ledger have no moment, and their tasks' tries no order."]
    assert found(judge(lines, instances, clocks=dict(CLOCKS, node1={"b": 0.0, "lost": 0.0}))) == {"sequential_second_commit": 1}


@pytest.mark.parametrize("seen, why", [
    (instance(node="node2"), "Airflow calls try 1 a success, but it never committed. But the ledger has a gap there."),
    (instance(node="node2", state="running", end=None),
     "It never committed, and Airflow left it in the state running. But the ledger has a gap there."),
])
@pytest.mark.parametrize("missing", [["node2"], []])
def test_without_a_hosts_ledger_nothing_absent_there_is_an_anomaly(seen, why, missing):
    """Whether the missing ledger was told or not; on a host whose ledger is there it is one."""
    given = {node: text for node, text in texts(OTHER).items() if node != "node2"}
    answer = judge(OTHER, (seen, KNOWN), texts=given, missing_nodes=missing)
    assert (answer["verdict"], answer["anomalies"]) == ("unclear", [])
    assert answer["unjudged"] == ["The ledger of node2 is missing.", "DAG d, run r, task t: " + why]
    elsewhere = judge(OTHER, (dict(seen, hostname="node1"), KNOWN), texts=given, missing_nodes=["node2"])
    assert elsewhere["verdict"] == "failed"


def test_a_missing_ledger_never_passes_and_hides_nothing_that_is_written():
    assert judge(*GOOD, missing_nodes=["node9"])["verdict"] == "unclear"
    ghost = line("5 node2 commit 1", run="r2", ti="i9")
    assert judge(GOOD_LINES + (ghost,), GOOD[1], missing_nodes=["node9"])["verdict"] == "failed"


def test_a_broken_line_may_have_been_the_one_that_misses():
    given = texts((START,) + OTHER)
    given["node1"] += "{\n"
    answer = judge((), (instance(), KNOWN), texts=given)
    assert (answer["verdict"], answer["anomalies"]) == ("unclear", [])
    assert answer["unjudged"][0] == "Line 2 of the ledger of node1 is no JSON."


def test_a_torn_line_is_no_doubt():
    given = texts(GOOD_LINES)
    given["node1"] += '{"t": 1'
    answer = judge((), GOOD[1], texts=given)
    assert (answer["verdict"], answer["judged"]["torn"]) == ("passed", 1)


def test_an_unended_try_of_a_ledger_with_a_gap_may_have_ended():
    lines = (START, "50 node2 start 2", "60 node2 commit 2")
    given = texts(lines)
    given["node1"] += "{\n"
    instances = (instance(state="running", end=None), instance(2, node="node2", start=50, end=61))
    assert found(judge((), instances, texts=given)) == {}
    assert found(judge(lines, instances))["overlapping_double"] == 1


@pytest.mark.parametrize("when, quiet, verdict", [(400, 300, "failed"), (389, 300, "unclear"), (389, 0, "failed")])
def test_what_still_runs_after_too_short_a_quiet_time_is_not_lost(when, quiet, verdict):
    """The cluster was whole again at 90 s."""
    airflow = {"asked": when, "runs": [{"dag": "d", "run": run, "state": "running"} for run in ("r", "r2")],
               "instances": (instance(state="queued", node="", start=None, end=None), KNOWN)}
    answer = judge(OTHER, faults=(fault(),), airflow=airflow, quiet=quiet)
    assert answer["verdict"] == verdict
    assert answer["counts"]["lost"] == (1 if verdict == "failed" else 0)


def test_an_accepted_run_has_to_be_there_at_once():
    airflow = {"asked": 1, "runs": [], "instances": GOOD[1]}
    assert judge(*GOOD, airflow=airflow, quiet=300)["counts"]["lost"] == 1
    ticks = {"runs": [], "ticks": [{"dag": "d", "run": "r"}], "writes": {"acknowledged": 1, "lost": []}, "problems": []}
    answer = judge(*GOOD, (fault(),), airflow=airflow, record=ticks, quiet=300)
    assert answer["unjudged"] == [
        "DAG d, run r: Airflow does not have the run, which is due by the schedule. But Airflow was asked 389 s too early to judge that."]


@pytest.mark.parametrize("changes, why", [
    ({"writes": {"acknowledged": 0, "lost": []}}, "No write was acknowledged."),
    ({"problems": ["The load's writer failed."]}, "The load's writer failed."),
    ({"runs": [asked(), asked("refused", "r2")]}, "Airflow refused 1 runs, of which nothing is known."),
    ({"runs": [asked(), dict(asked("unknown", "r2"), dag="e")]}, "No run of the DAG e was accepted."),
])
def test_a_load_that_failed_proves_nothing(changes, why):
    record = {"runs": [asked()], "ticks": [], "writes": {"acknowledged": 1, "lost": []}, "problems": [], **changes}
    answer = judge(*GOOD, record=record)
    assert (answer["verdict"], answer["unjudged"]) == ("unclear", [why])
