# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judgement of Airflow, on answers recorded from Airflow 3.3."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients.airflow import ApiServer, Scheduler
from ansible_collections.steady.airflow.plugins.module_utils._observe.airflow import judge
from ansible_collections.steady.airflow.tests.unit.recordings import replayed

NODE1 = {"name": "node1", "address": "127.0.0.1"}
NODE2 = {"name": "node2", "address": "127.0.0.2"}
COMPONENTS = ("scheduler", "triggerer", "dag_processor", "metadatabase", "execution_api")
API_PORT = 18080
SCHEDULER_PORT = 18974


def look(case, members=(NODE1,), components=COMPONENTS):
    return judge(list(members), replayed(ApiServer, "airflow/" + case, members, API_PORT), components)


def look_at_scheduler(case):
    answers = replayed(ApiServer, "airflow/healthy", [NODE1], API_PORT)
    return judge([NODE1], answers, COMPONENTS, [NODE1], replayed(Scheduler, "airflow/" + case, [NODE1], SCHEDULER_PORT))


def test_a_whole_installation_is_healthy():
    report = look("healthy")
    assert report["healthy"] and report["reachable"] and report["problems"] == []
    assert (report["leader"], report["versions"], report["schedulers"]) == (None, ["3.3.2"], [])
    assert set(report["components"]) == set(COMPONENTS)
    assert report["components"]["metadatabase"] == {"status": "healthy", "healthy": True, "latest_heartbeat": None}
    assert report["components"]["scheduler"]["latest_heartbeat"].startswith("2026-")
    assert report["members"][0]["version"] == "3.3.2"


@pytest.mark.parametrize("case, problem", [
    ("api_server_alone",
     "reports scheduler as unhealthy; reports triggerer as never started; reports dag_processor as never started"),
    ("components_killed",
     "reports scheduler as unhealthy; reports triggerer as unhealthy; reports dag_processor as unhealthy"),
])
def test_what_is_wrong_is_told(case, problem):
    report = look(case)
    assert not report["healthy"] and report["reachable"]
    assert report["problems"] == ["node1: " + problem]


def test_without_its_database_nothing_is_healthy():
    report = look("no_database")
    assert not report["healthy"]
    assert "reports metadatabase as unhealthy" in report["problems"][0]


def test_an_api_server_without_the_way_of_tasks_is_told():
    answers = replayed(ApiServer, "airflow/healthy", [NODE1], API_PORT)
    answers["node1"]["execution"] = {"error": "http://127.0.0.1:18080/execution/health answered status 200 without JSON"}
    assert judge([NODE1], answers, COMPONENTS)["problems"] == [
        "node1: reports execution_api as not there (http://127.0.0.1:18080/execution/health answered status 200 without JSON)"]
    assert judge([NODE1], answers, COMPONENTS[:-1])["healthy"]


def test_only_the_components_asked_for_count():
    assert look("api_server_alone", components=["metadatabase"])["healthy"]


def test_a_component_nobody_reports_is_missed():
    assert look("healthy", components=["edge_worker"])["problems"] == ["node1: reports edge_worker as not there"]


def test_an_api_server_that_is_down_is_told():
    report = look("healthy", members=[NODE1, NODE2])
    assert report["problems"] == [
        "node2: does not answer (no answer from http://127.0.0.2:18080/api/v2/version: Connection refused)"
    ]
    assert report["components"]["scheduler"]["healthy"]


def test_nobody_answers():
    report = look("healthy", members=[NODE2])
    assert not report["reachable"] and report["components"] == {} and report["versions"] == []


def test_the_api_server_that_sees_most_healthy_is_believed():
    answers = {
        "node1": replayed(ApiServer, "airflow/api_server_alone", [NODE1], API_PORT)["node1"],
        "node2": replayed(ApiServer, "airflow/healthy", [NODE1], API_PORT)["node1"],
    }
    answers["node2"]["version"] = {"version": "3.3.3"}
    report = judge([NODE1, NODE2], answers, COMPONENTS)
    assert report["components"]["triggerer"]["healthy"]
    assert report["versions"] == ["3.3.2", "3.3.3"]


def test_an_api_server_that_does_not_tell_the_health_is_unhealthy():
    answers = {"node1": {"version": {"version": "3.3.2"}, "health": {"error": "answered status 500"}}}
    report = judge([NODE1], answers, COMPONENTS)
    assert report["problems"] == ["node1: does not tell the health (answered status 500)"]
    assert report["members"][0]["version"] == "3.3.2"


def test_a_scheduler_that_runs_is_healthy():
    report = look_at_scheduler("scheduler_healthy")
    assert report["healthy"]
    assert report["schedulers"] == [
        {"name": "node1", "address": "127.0.0.1", "healthy": True, "reachable": True, "role": None, "error": None}
    ]


@pytest.mark.parametrize("case, problem", [
    ("scheduler_not_running", "does not answer (no answer from http://127.0.0.1:18974/health: Connection refused)"),
    ("scheduler_hangs", "says it is not alive (status 503)"),
])
def test_what_is_wrong_with_a_scheduler_is_told(case, problem):
    report = look_at_scheduler(case)
    assert not report["healthy"]
    assert report["problems"] == ["node1: scheduler " + problem]
