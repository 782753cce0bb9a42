# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module airflow_runs_info, with a session that answers what the database of Airflow 3.3.2 did under a drill."""
from __future__ import annotations

import pytest
from psycopg2 import OperationalError

from ansible_collections.steady.airflow.plugins.modules import airflow_runs_info
from ansible_collections.steady.airflow.tests.unit.psycopg_play import Session
from ansible_collections.steady.airflow.tests.unit.stage import result_of

RUN = {"dag_id": "steady_drill_long", "run_id": "drill-20261130T125246Z-00003", "state": "running", "start": "2026-11-30 12:55:13.526441+00", "end": None}
TASK = {"dag_id": "steady_drill_long", "run_id": "drill-20261130T125246Z-00003", "task_id": "work", "map_index": -1, "try_number": 1, "state": "running",
        "host": "node3", "start": "2026-11-30 12:55:13.61866+00", "end": None}


@pytest.fixture(name="session")
def connected(monkeypatch):
    def connect(*answers):
        session = Session(*answers)
        monkeypatch.setattr(airflow_runs_info.psycopg2, "connect", lambda **login: session)
        return session
    return connect


def test_what_is_at_work_is_told_by_its_state(session, capsys):
    asked = session([{"total": 3, **RUN}], [{"total": 7, **TASK}]).told
    told = result_of(airflow_runs_info.main, capsys, limit=1)
    assert (told["changed"], told["dag_runs"], told["task_instances"]) == (False, [RUN], [TASK])
    assert told["total"] == {"dag_runs": 3, "task_instances": 7}
    assert all("state IN" in statement and values["limit"] == 1 for statement, values in asked)


def test_what_came_since_a_moment_is_told_by_its_times(session, capsys):
    asked = session([], []).told
    told = result_of(airflow_runs_info.main, capsys, since="2026-03-01 12:00:00+00:00")
    assert (told["dag_runs"], told["total"]) == ([], {"dag_runs": 0, "task_instances": 0})
    assert all("end_date > " in statement and values["since"] == "2026-03-01 12:00:00+00:00" for statement, values in asked)


def test_a_database_that_does_not_answer_is_told(monkeypatch, capsys):
    def connect(**_login):
        raise OperationalError("connection to server failed: No such file or directory\n")

    monkeypatch.setattr(airflow_runs_info.psycopg2, "connect", connect)
    told = result_of(airflow_runs_info.main, capsys)
    assert told["msg"] == "Airflow's database airflow cannot be asked at /var/run/postgresql: connection to server failed: No such file or directory"
