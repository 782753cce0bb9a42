# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import outcome, raw, testimony, work
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_junit, _drill_judgement, _drill_report
from ansible_collections.steady.airflow.tests.unit import drill_results
from ansible_collections.steady.airflow.tests.unit.drill_directory import (
    ASKED, BACK, BEGAN, BLOW, CLOCKS, COLLECTED, FAULT, LOAD, PLAN, SHAPED, STOPPED, WHOLE, Airflow, Drill)

RETRIED = (SHAPED, "drill-7-00001")


def judge(directory, drill, collected_at=COLLECTED, **changes):
    drill.write(directory, **changes)
    os.utime(directory / "collected.json", (collected_at, collected_at))
    said = testimony.collect(Airflow(drill), PLAN, 0, lambda: ASKED, None)
    return outcome.result(raw.read(str(directory)), said)


def of_task(drill, task):
    return next(each for each in drill.instances if (each["dag_id"], each["dag_run_id"], each["task_id"]) == (*RETRIED, task))


def found(answer):
    return {name: number for name, number in answer["oracle"]["counts"].items() if number}


def test_a_drill_that_lost_a_host_and_nothing_else(tmp_path):
    answer = judge(tmp_path, Drill())
    assert answer["oracle"]["unjudged"] == []
    assert (answer["oracle"]["verdict"], found(answer)) == ("passed", {"legitimate_retry": 10})
    assert answer["oracle"]["judged"] == {"runs": 187, "tasks": 3 * 30 + 179 + 5, "commits": 3 * 30 + 179 + 5, "torn": 0}
    assert answer["faults"] == [{
        "fault": "F29", "number": 1, "title": "A worker's host is lost", "layer": "airflow", "targets": ["node1"],
        "roles": "it led PostgreSQL and held the VIP", "injected": BLOW, "detected": BLOW + 3, "healed": BACK + 0.5, "whole": WHOLE, "problem": "",
        "machine": {"waiting": 83, "stolen": 2},
        "recovered": {"database": 13.0, "api": 9.0, "scheduling": pytest.approx(18.6), "rerun": pytest.approx(100.1), "broker": 3.5},
        "gaps": {"database": [[BEGAN + 62, BEGAN + 75]], "api": [[BEGAN + 61, BEGAN + 70]],
                 "scheduling": [[BLOW + 2, pytest.approx(BEGAN + 80.6)]], "broker": [[BLOW + 3, BLOW + 6.5]], "rerun": [[BLOW, pytest.approx(BLOW + 100.1)]]},
        "bound": {"scheduling": 110.0, "redundancy": 120.0}, "predicted": {"scheduling": 102.0},
    }]
    assert answer["campaign"] == [{"fault": "F29", "number": 1}]
    assert (answer["started"], answer["ended"]) == (BEGAN, STOPPED)
    assert answer["probes"] == {"writes": 20, "requests": 200, "triggers": {"accepted": 182, "refused": 0, "unknown": 0}}
    assert answer["self_test"] == {"done": None, "red": []}


def test_a_result_has_the_shape_that_the_report_takes(tmp_path):
    answer, known = judge(tmp_path, Drill()), drill_results.result()
    assert set(answer) == set(known)
    assert set(answer["faults"][0]) == set(known["faults"][0])
    assert set(answer["oracle"]) == set(known["oracle"])
    assert set(answer["probes"]) == set(known["probes"])
    assert _drill_judgement.verdict(answer)["state"] == "passed"
    assert "A worker&#39;s host is lost" in _drill_report.page(answer)
    assert 'failures="0"' in _drill_junit.junit(answer).splitlines()[0]


def test_a_task_that_airflow_gave_up_is_told(tmp_path):
    drill = Drill()
    of_task(drill, "at_once").update(state="failed")
    drill.lines["node2"] = [line for line in drill.lines["node2"] if (line["run"], line["task"]) != (RETRIED[1], "at_once")]
    answer = judge(tmp_path, drill)
    assert answer["oracle"]["verdict"] == "failed"
    assert found(answer)["failed_by_fault"] == 1
    assert answer["oracle"]["anomalies"][0]["task"] == "at_once"
    assert _drill_judgement.verdict(answer)["state"] == "failed"


def test_a_commit_of_a_try_of_the_past_that_airflow_does_not_know_is_a_ghost(tmp_path):
    drill = Drill()
    line = next(line for line in drill.lines["node1"] if (line["run"], line["try"], line["phase"]) == (RETRIED[1], 1, "start"))
    drill.lines["node3"].append(dict(line, ti="other", pid=1, phase="commit", node="node3", boot="d", t=round((BEGAN + 51 + 1000000) * 10**9)))
    assert found(judge(tmp_path, drill))["ghost"] == 1


def test_without_the_kill_a_retry_has_no_reason(tmp_path):
    catalogue = {"F29": dict(PLAN["catalogue"]["F29"], kind="cut", layer="etcd", settings={"ports": [2379]})}
    answer = judge(tmp_path, Drill(), plan=dict(PLAN, catalogue=catalogue))
    assert found(answer) == {"retry_without_kill": 10}


def test_a_run_that_the_schedule_owes_and_that_is_not_there_is_lost(tmp_path):
    drill = Drill()
    gone = drill.runs.pop()["dag_run_id"]
    drill.instances = [each for each in drill.instances if each["dag_run_id"] != gone]
    drill.lines["node3"] = [line for line in drill.lines["node3"] if line["run"] != gone]
    answer = judge(tmp_path, drill)
    assert found(answer)["lost"] == 1
    assert (answer["oracle"]["anomalies"][0]["dag"], answer["oracle"]["anomalies"][0]["run"]) == (work.TICK, gone)


def test_a_write_that_is_gone_is_told(tmp_path):
    answer = judge(tmp_path, Drill(), collected={"clocks": CLOCKS, "missing": [], "load": dict(LOAD, lost=[4])})
    assert found(answer)["lost_write"] == 1


def test_without_a_ledger_nothing_passes_and_scheduling_is_not_measured(tmp_path):
    drill = Drill()
    del drill.lines["node2"]
    answer = judge(tmp_path, drill)
    assert answer["oracle"]["verdict"] == "unclear"
    assert "The ledger of node2 is missing." in answer["oracle"]["unjudged"]
    assert answer["faults"][0]["recovered"]["scheduling"] is None
    assert "scheduling" not in answer["faults"][0]["gaps"]
    _drill_report.page(answer)


def test_the_clock_of_a_boot_that_ended_comes_from_the_fault(tmp_path):
    clocks = {node: {boot: zero for boot, zero in boots.items() if boot != "a"} for node, boots in CLOCKS.items()}
    collected = {"clocks": clocks, "missing": [], "load": LOAD}
    assert judge(tmp_path, Drill(), collected=collected)["oracle"]["verdict"] == "passed"


def test_the_last_that_is_known_of_a_clock_counts():
    assert outcome.merged([{"n": {"a": 1.0, "b": 2.0}}, {"m": {"c": 3.0}}, {"n": {"b": 4.0}}]) == {"n": {"a": 1.0, "b": 4.0}, "m": {"c": 3.0}}


def test_a_fault_that_hit_nobody_was_not_made(tmp_path):
    answer = judge(tmp_path, Drill(), **{"faults/0001": dict(FAULT, begun={}, done={}, problem="the cluster was not whole")})
    assert answer["faults"] == []
    assert _drill_judgement.not_made(answer) == [{"fault": "F29", "number": 1, "why": "the cluster was not whole"}]


def test_ledgers_that_were_collected_too_early_are_refused(tmp_path):
    with pytest.raises(BadOption, match="The ledgers were collected before task beat of the run scheduled__2026-11-23T00:04:00.00:00 of steady_drill_tick"):
        judge(tmp_path, Drill(), collected_at=BEGAN + 250)
