# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module rabbitmq_former_users as a whole, with answers of RabbitMQ 4.0.5 recorded after one user had taken another's place."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.modules import rabbitmq_former_users
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage

LOGIN = {"owner": "airflow", "username": "operator", "password": "very-secret", "address": "127.0.0.11"}


def run(capsys, port, user="airflow_2", **more):
    return result_of(rabbitmq_former_users.main, capsys, user=user, port=port, **dict(LOGIN, **more))


def test_a_user_with_connections_stays(capsys):
    with stage("rabbitmq/two_users") as port:
        result = run(capsys, port, user="airflow")
    assert (result["changed"], result["deleted"]) == (False, [])
    assert list(result["former"]) == ["airflow_2"] and result["former"]["airflow_2"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_user_without_connections_is_deleted(capsys, check_mode):
    deleted = []

    def act(hosts, key, body):
        if key.startswith("DELETE"):
            deleted.append(key)
            return {"status": 204, "text": ""}
        return None

    with stage("rabbitmq/two_users", act=act) as port:
        result = run(capsys, port, _ansible_check_mode=check_mode)
    assert (result["changed"], result["deleted"], result["former"]) == (True, ["airflow"], {})
    assert deleted == ([] if check_mode else ["DELETE /api/users/airflow"])


def test_the_user_that_stays_is_nobodys_former_one(capsys):
    with stage("rabbitmq/two_users") as port:
        result = run(capsys, port, owner="operator", user="operator")
    assert not result["changed"]


def test_a_refusal_is_told(capsys):
    def act(hosts, key, body):
        return {"status": 500, "text": "busy"} if key.startswith("DELETE") else None

    with stage("rabbitmq/two_users", act=act) as port:
        result = run(capsys, port)
    assert result["failed"] and "did not delete user airflow: status 500: busy" in result["msg"]


def test_a_broker_that_does_not_answer_is_told(capsys):
    assert "could not be asked who uses it" in run(capsys, free_port())["msg"]
