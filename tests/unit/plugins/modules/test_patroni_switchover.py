# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module patroni_switchover as a whole, on answers recorded from Patroni 4.0."""
from __future__ import annotations

import time

from ansible_collections.steady.airflow.plugins.modules import patroni_switchover
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage

DONE = {"status": 200, "text": 'Successfully switched over to "node2"'}


def hand_over(capsys, port, member="node1", **more):
    return result_of(patroni_switchover.main, capsys, **dict(
        {"members": members(), "port": port, "member": member, "username": "patroni", "password": "x"}, **more))


def patroni(asked=None, answer=None, follows="streaming", seconds=0):
    """As Patroni: answers when it is over, and then another member leads."""
    answer = answer or DONE

    def act(hosts, request, body):
        if request != "POST /switchover":
            return None
        (asked if asked is not None else []).append(body)
        time.sleep(seconds)
        for answers in hosts.values():
            node1, node2 = answers["GET /cluster"]["body"]["members"][:2]
            if answer["status"] == 200 and follows:
                node1.update(role="quorum_standby", state=follows, lag=0)
                node2.update(role="leader", state="running")
        return answer

    return act


def test_who_does_not_lead_hands_nothing_over(capsys):
    asked = []
    with stage("patroni/healthy", patroni(asked)) as port:
        result = hand_over(capsys, port, member="node2")
    assert (result["changed"], result["leader"], asked) == (False, "node1", [])


def test_the_leader_hands_over_and_follows(capsys):
    asked = []
    with stage("patroni/healthy", patroni(asked)) as port:
        result = hand_over(capsys, port)
    assert (result["changed"], result["leader"], asked) == (True, "node2", [{"leader": "node1"}])
    assert result["diff"] == {"before": "node1\n", "after": "node2\n"}


def test_check_mode_only_tells(capsys):
    asked = []
    with stage("patroni/healthy", patroni(asked)) as port:
        result = hand_over(capsys, port, _ansible_check_mode=True)
    assert (result["changed"], result["leader"], asked) == (True, "node1", [])


def test_patroni_may_take_longer_than_other_requests_may(capsys):
    with stage("patroni/healthy", patroni(seconds=0.6)) as port:
        result = hand_over(capsys, port, timeout=0.3, wait=5)
    assert (result["changed"], result.get("leader")) == (True, "node2")


def test_a_refusal_is_told_in_patroni_s_words(capsys):
    with stage("patroni/healthy", patroni(answer={"status": 412, "text": "no good candidates have been found"})) as port:
        result = hand_over(capsys, port)
    assert result["msg"] == (
        "node1 could not hand the leadership over: http://127.0.0.11:%d answered status 412: no good candidates have been found. "
        "Look at the cluster with patronictl list." % port)


def test_a_former_leader_that_does_not_follow_is_waited_for_in_vain(capsys):
    with stage("patroni/healthy", patroni(follows="stopped")) as port:
        result = hand_over(capsys, port, wait=1)
    assert result["msg"] == "node1 was to hand over, but after 1 s no other member leads it."


def test_a_leader_that_was_not_named_is_not_asked(capsys):
    with stage("patroni/healthy", patroni()) as port:
        result = hand_over(capsys, port, members=members()[1:])
    assert "none of the members that were named" in result["msg"]


def test_nobody_answers(capsys):
    result = hand_over(capsys, free_port(), timeout=1)
    assert result["failed"] and "Connection refused" in result["msg"]
