# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import runpy
import sys
import types

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import work
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

DAG_FILE = ROOT / "roles/drill/files/steady_drill.py"
MIDNIGHT = 1795392000  # 2026-11-23 00:00:00 UTC


class Operator:
    """What airflow.sdk's BaseOperator is for who only wants to know which tasks a DAG has."""

    tasks = []

    def __init__(self, task_id, **arguments):
        self.tasks.append({"task": task_id, "maps": 1})

    @classmethod
    def partial(cls, task_id, **arguments):
        def expand(**mapped):
            cls.tasks.append({"task": task_id, "maps": len(next(iter(mapped.values())))})

        return types.SimpleNamespace(expand=expand)


def dags_of(path, tmp_path, monkeypatch, began=MIDNIGHT):
    """{dag: its tasks} and {dag: from when on it is scheduled} of the DAG file, which reads a file beside it."""
    found, scheduled = {}, {}

    def dag(dag_id, **arguments):
        def decorate(define):
            def defined():
                Operator.tasks.clear()
                define()
                found[dag_id] = list(Operator.tasks)
                scheduled[dag_id] = arguments.get("start_date")

            return defined

        return decorate

    sdk = types.ModuleType("airflow.sdk")
    sdk.BaseOperator, sdk.chain, sdk.dag = Operator, lambda *tasks: None, dag
    temporal = types.ModuleType("airflow.providers.standard.triggers.temporal")
    temporal.TimeDeltaTrigger = None
    for name in ("airflow", "airflow.providers", "airflow.providers.standard", "airflow.providers.standard.triggers"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, sdk.__name__, sdk)
    monkeypatch.setitem(sys.modules, temporal.__name__, temporal)
    (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / path.name).with_suffix(".json").write_text(json.dumps({"began": began}))
    runpy.run_path(str(tmp_path / path.name))
    return found, scheduled


def in_order(dags):
    return {dag: sorted(tasks, key=lambda task: task["task"]) for dag, tasks in dags.items()}


def test_the_dag_file_defines_what_every_run_must_do(tmp_path, monkeypatch):
    assert in_order(dags_of(DAG_FILE, tmp_path, monkeypatch)[0]) == in_order(work.TASKS)


def test_a_drill_that_begins_within_the_first_second_of_a_minute_is_owed_no_run_of_it(tmp_path, monkeypatch):
    """The DAG is scheduled from the very moment from which its runs are judged, not from the second that it is in."""
    began = MIDNIGHT + 0.933
    assert dags_of(DAG_FILE, tmp_path, monkeypatch, began)[1][work.TICK].timestamp() == pytest.approx(began)
    assert not work.belongs({"run_type": "scheduled", "run_after": "2026-11-23T00:00:00Z"}, {"tick_began": began})


@pytest.mark.parametrize("began, until, minutes", [
    (MIDNIGHT, MIDNIGHT + 59, []),
    (MIDNIGHT, MIDNIGHT + 60, [0]),
    (MIDNIGHT, MIDNIGHT + 179.9, [0, 1]),
    (MIDNIGHT + 0.5, MIDNIGHT + 180, [1, 2]),
    (MIDNIGHT + 90, MIDNIGHT + 60, []),
])
def test_each_whole_minute_owes_a_run_unless_it_was_a_moment_ago(began, until, minutes):
    assert work.ticks(began, until) == ["scheduled__2026-11-23T00:%02d:00+00:00" % minute for minute in minutes]


@pytest.mark.parametrize("run, belongs", [
    ({"run_type": "manual", "dag_run_id": "drill-7-00001", "run_after": "2026-11-23T00:00:09Z"}, True),
    ({"run_type": "manual", "dag_run_id": "manual__2026-11-23T00:00:09+00:00", "run_after": "2026-11-23T00:00:09Z"}, False),
    ({"run_type": "scheduled", "dag_run_id": "scheduled__2026-11-23T00:01:00+00:00", "run_after": "2026-11-23T00:01:00Z"}, True),
    ({"run_type": "scheduled", "dag_run_id": "scheduled__2026-11-22T23:59:00+00:00", "run_after": "2026-11-22T23:59:00Z"}, False),
])
def test_runs_of_a_former_drill_are_not_its_own(run, belongs):
    assert work.belongs(run, {"prefix": "drill-7", "tick_began": MIDNIGHT}) is belongs


def test_moments_are_read_and_written_as_airflow_does():
    assert work.epoch("2026-11-23T00:01:00.250000Z") == MIDNIGHT + 60.25
    assert work.epoch(None) is None
    assert work.iso(MIDNIGHT + 60) == "2026-11-23T00:01:00+00:00"
