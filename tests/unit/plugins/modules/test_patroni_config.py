# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module patroni_config as a whole, on answers recorded from Patroni 4.0."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.modules import patroni_config
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage

MORE = {"ttl": 20, "postgresql": {"parameters": {"max_connections": 31}}}
CHANGED = {"postgresql": {"parameters": {"max_connections": 31}}}


def configure(capsys, port, config, **more):
    return result_of(
        patroni_config.main, capsys, members=members(), port=port, username="patroni", password="of no use elsewhere", config=config, **more)


def taking_over(asked, seconds=30, pending=()):
    """As Patroni: after a change members go through their rounds, and may need a restart."""

    def act(hosts, request, body):
        if request == "PATCH /config":
            asked.append(body)
            return {"status": 200, "body": {}}
        if request == "GET /patroni" and asked:
            for answers in hosts.values():
                status = answers["GET /patroni"]["body"]
                status["dcs_last_seen"] += seconds
                status["pending_restart"] = status["patroni"]["name"] in pending
        return None

    return act


def test_nothing_is_written_when_nothing_differs(capsys):
    asked = []
    with stage("patroni/healthy", taking_over(asked)) as port:
        result = configure(capsys, port, {"ttl": "20", "postgresql": {"parameters": {"max_connections": 30}}})
    assert (result["changed"], result["changed_settings"], result["pending_restart"], asked) == (False, {}, [], [])


def test_only_the_difference_is_written_and_who_must_restart_is_told(capsys):
    asked = []
    with stage("patroni/healthy", taking_over(asked, pending=["node1", "node3"])) as port:
        result = configure(capsys, port, MORE)
    assert (result["changed"], result["changed_settings"], asked) == (True, CHANGED, [CHANGED])
    assert result["pending_restart"] == ["node1", "node3"]
    assert '"max_connections": 30' in result["diff"]["before"] and '"max_connections": 31' in result["diff"]["after"]


def test_check_mode_writes_nothing(capsys):
    asked = []
    with stage("patroni/healthy", taking_over(asked)) as port:
        result = configure(capsys, port, MORE, _ansible_check_mode=True)
    assert (result["changed"], result["changed_settings"], asked) == (True, CHANGED, [])


def test_a_member_that_is_away_does_not_hinder(capsys):
    with stage("patroni/replica_down", taking_over([])) as port:
        assert configure(capsys, port, {"ttl": 25})["changed"]


def test_a_restart_that_is_still_pending_is_told_again(capsys):
    with stage("patroni/paused_pending_restart") as port:
        result = configure(capsys, port, {})
    assert not result["changed"] and result["pending_restart"]


def test_a_change_that_nobody_takes_over_fails(capsys):
    with stage("patroni/healthy", taking_over([], seconds=0)) as port:
        result = configure(capsys, port, MORE, wait=0)
    assert result["failed"] and "after 0 s not every member had taken them over" in result["msg"]


def test_a_refusal_is_told(capsys):
    def act(_hosts, request, _body):
        return {"status": 401, "text": '"no auth header received"'} if request.startswith("PATCH") else None

    with stage("patroni/healthy", act) as port:
        result = configure(capsys, port, MORE)
    assert result["failed"] and "status 401: no auth header received" in result["msg"]


def test_nobody_answers(capsys):
    result = configure(capsys, free_port(), MORE, timeout=1)
    assert result["failed"] and "Connection refused. Is a leader up?" in result["msg"]
