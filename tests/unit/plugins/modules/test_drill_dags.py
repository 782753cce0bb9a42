# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.modules import drill_dags
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage

KNOWN = {"status": 200, "body": {"is_paused": False, "is_stale": False}}
MISSING = {"status": 404, "body": {"detail": "not found"}}


@pytest.fixture(name="airflow")
def played(capsys):
    """The module against an API that answers by what is in C(answers), and knows no other DAG."""
    class Airflow:
        def __init__(self):
            self.answers, self.asked = {}, []

        def act(self, hosts, key, body):
            self.asked.append((key, body))
            if key == "POST /auth/token":
                return {"status": 201, "body": {"access_token": "T"}}
            return self.answers.get(key.split("?")[0], MISSING)

        def __call__(self, **options):
            with stage("airflow/healthy", self.act) as port:
                return result_of(drill_dags.main, capsys, **{
                    "url": "http://127.0.0.1:%d" % port, "username": "admin", "password": "very-secret", "dags": ["d", "e"], **options})

    return Airflow()


def test_dags_that_are_known_are_started(airflow):
    airflow.answers = {"PATCH /api/v2/dags/d": KNOWN, "PATCH /api/v2/dags/e": KNOWN}
    found = airflow()
    assert found["changed"] and "forgotten" not in found
    assert airflow.asked == [
        ("POST /auth/token", {"username": "admin", "password": "very-secret"}),
        ("PATCH /api/v2/dags/d?update_mask=is_paused", {"is_paused": False}),
        ("PATCH /api/v2/dags/e?update_mask=is_paused", {"is_paused": False}),
    ]


def test_dags_that_nobody_read_are_named(airflow):
    airflow.answers = {"PATCH /api/v2/dags/d": KNOWN}
    found = airflow(patience=-1)
    assert found["failed"]
    assert found["msg"].startswith("Airflow does not know the DAG e after -1 s.")
    assert "very-secret" not in str(found)


@pytest.mark.parametrize("answers, forgotten, asked", [
    ({"PATCH /api/v2/dags/e": KNOWN, "DELETE /api/v2/dags/e": {"status": 204, "text": ""}}, ["e"], ["PATCH d", "PATCH e", "DELETE e"]),
    ({}, [], ["PATCH d", "PATCH e"]),
])
def test_what_airflow_knows_of_them_is_forgotten(airflow, answers, forgotten, asked):
    airflow.answers = answers
    found = airflow(state="absent")
    assert (found["changed"], found["forgotten"]) == (bool(forgotten), forgotten)
    assert [key.split("?")[0].replace("/api/v2/dags/", "") for key, _body in airflow.asked[1:]] == asked


def test_what_cannot_be_forgotten_is_told(airflow):
    airflow.answers = {"PATCH /api/v2/dags/d": KNOWN, "DELETE /api/v2/dags/d": {"status": 409, "body": {"detail": "tasks run"}}}
    found = airflow(state="absent", patience=-1)
    assert found["failed"]
    assert "Airflow did not delete d: status 409" in found["msg"]


@pytest.mark.parametrize("state", ["active", "absent"])
def test_check_mode_asks_nobody(airflow, state):
    assert airflow(state=state, _ansible_check_mode=True)["changed"]
    assert airflow.asked == []


def test_without_airflow_the_module_fails(airflow):
    url = "http://127.0.0.1:%d" % free_port()
    assert airflow(url=url)["msg"] == "no answer from %s/auth/token: Connection refused" % url


def test_authorities_that_cannot_be_read_are_told(airflow):
    found = airflow(ca_path="/nonexistent")
    assert found["failed"]
    assert "ca_path /nonexistent cannot be used" in found["msg"]
    assert "exception" not in found
