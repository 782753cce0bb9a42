# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module rabbitmq_cluster_info as a whole."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.modules import rabbitmq_cluster_info
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage

LOGIN = {"username": "monitor", "password": "very-secret"}


def look(capsys, port, **more):
    return result_of(rabbitmq_cluster_info.main, capsys, members=members(), port=port, **dict(LOGIN, **more))


def test_it_reports_a_whole_cluster(capsys):
    with stage("rabbitmq/healthy") as port:
        result = look(capsys, port, _ansible_check_mode=True)
    assert result["healthy"] and not result["changed"] and result["version"] == "4.0.5"


def test_the_password_is_never_returned(capsys):
    with stage("rabbitmq/wrong_password") as port:
        result = look(capsys, port)
    assert "status 401" in result["problems"][0]
    assert "very-secret" not in str(result)


def test_another_node_can_be_asked(capsys):
    port = free_port()
    result = look(capsys, port, address="127.0.0.12")
    assert "http://127.0.0.12:%d/" % port in result["problems"][0]


def test_nothing_is_excused_if_nobody_tells(capsys):
    assert not look(capsys, free_port(), expected=["node1"])["healthy"]


def test_waiting_in_vain_names_the_tier(capsys):
    assert look(capsys, free_port(), wait=1)["msg"].startswith("RabbitMQ is not healthy after waiting 1 s")
