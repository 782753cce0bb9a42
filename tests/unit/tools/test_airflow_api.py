# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of Airflow's API, against a server that answers as Airflow does."""

from __future__ import annotations

import airflow_api
import pytest

RUNS = "/api/v2/dags/example/dagRuns"


def test_a_run_is_triggered_with_a_token_and_awaited(server, airflow):
    server.answers["GET", RUNS + "/run1"] = [(200, {"state": "queued"}), (200, {"state": "running"}), (200, {"state": "success"})]
    state, instances = airflow_api.run_dag(airflow, "example")
    assert state == "success"
    assert airflow_api.workers(instances) == {"node1": 1, "node2": 2}
    assert server.asked[0] == ("POST", "/auth/token", {"username": "admin", "password": "secret"}, None)
    assert ("POST", RUNS, {"logical_date": None}, "Bearer T") in server.asked


def test_a_failed_run_is_an_answer(server, airflow):
    server.answers["GET", RUNS + "/run1"] = [(200, {"state": "failed"})]
    assert airflow_api.run_dag(airflow, "example")[0] == "failed"


def test_a_dag_that_is_not_read_yet_is_waited_for(server, airflow):
    server.answers["PATCH", "/api/v2/dags/example"] = [(404, {"detail": "not found"}), (200, {"is_paused": False})]
    assert airflow_api.run_dag(airflow, "example")[0] == "success"


def test_an_api_that_fails_for_a_moment_is_asked_again(server, airflow):
    server.answers["GET", RUNS + "/run1"] = [(503, {}), (200, {"state": "success"})]
    assert airflow_api.run_dag(airflow, "example")[0] == "success"


def test_giving_up_tells_the_last_error(server, airflow):
    server.answers["PATCH", "/api/v2/dags/example"] = [(404, {"detail": "not found"})]
    with pytest.raises(airflow_api.ApiError, match="gave up after 0.05 s: PATCH .* 404 .*not found"):
        airflow_api.run_dag(airflow, "example", seconds=0.05)


def test_nobody_there_is_an_error_with_the_address(server):
    nobody = airflow_api.Airflow("http://127.0.0.1:1", "admin", "secret")
    with pytest.raises(airflow_api.ApiError, match="http://127.0.0.1:1/auth/token"):
        nobody.login()


def test_a_dag_whose_file_was_away_is_not_triggered_until_it_is_read_again(server, airflow):
    server.answers["PATCH", "/api/v2/dags/example"] = [(200, {"is_stale": True}), (200, {"is_stale": False})]
    airflow_api.run_dag(airflow, "example")
    asked = [entry[:2] for entry in server.asked]
    assert asked.count(("PATCH", "/api/v2/dags/example")) == 2
    assert asked.index(("POST", RUNS)) > 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_taken_any_more_is_replaced(server, airflow, status):
    airflow.client.headers["Authorization"] = "Bearer old"
    server.answers["POST", RUNS] = [(status, {}), (200, {"dag_run_id": "run1"})]
    assert airflow.trigger("example") == "run1"
    assert [entry[3] for entry in server.asked] == ["Bearer old", None, "Bearer T"]


def test_a_login_that_failed_is_tried_again_with_the_next_request(server, airflow):
    server.answers["POST", "/auth/token"] = [(503, {}), (201, {"access_token": "T"})]
    with pytest.raises(airflow_api.ApiError, match="503"):
        airflow.trigger("example")
    assert airflow.trigger("example") == "run1"
