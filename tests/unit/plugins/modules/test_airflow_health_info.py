# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module airflow_health_info as a whole."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.modules import airflow_health_info
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage

MEMBERS = [{"name": "node1", "address": "127.0.0.1"}]


def look(capsys, port, **more):
    return result_of(airflow_health_info.main, capsys, **dict({"members": MEMBERS, "port": port}, **more))


def test_it_reports_a_whole_installation(capsys):
    with stage("airflow/healthy") as port, stage("airflow/scheduler_healthy") as scheduler_port:
        result = look(capsys, port, schedulers=MEMBERS, scheduler_port=scheduler_port, _ansible_check_mode=True)
    assert result["healthy"] and not result["changed"]
    assert result["schedulers"][0]["healthy"] and result["versions"] == ["3.3.2"]


def test_a_scheduler_that_is_down_makes_it_unhealthy(capsys):
    with stage("airflow/healthy") as port:
        result = look(capsys, port, schedulers=MEMBERS, scheduler_port=free_port())
    assert not result["healthy"] and result["members"][0]["healthy"]


def test_the_components_that_count_can_be_chosen(capsys):
    with stage("airflow/api_server_alone") as port:
        assert look(capsys, port, components=["metadatabase"])["healthy"]


def test_waiting_in_vain_names_the_component(capsys):
    with stage("airflow/api_server_alone") as port:
        message = look(capsys, port, wait=1)["msg"]
    assert message.startswith("Airflow is not healthy after waiting 1 s")
    assert "reports triggerer as never started" in message


def test_schedulers_are_checked_like_members(capsys):
    assert "schedulers[0] has no name" in look(capsys, 8080, schedulers=[{"address": "127.0.0.1"}])["msg"]
