# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judgement of RabbitMQ, on answers recorded from RabbitMQ 4.0."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients import rabbitmq
from ansible_collections.steady.airflow.plugins.module_utils._observe.rabbitmq import judge
from ansible_collections.steady.airflow.tests.unit.recordings import members, replayed

ASKED = "127.0.0.1"
OVERVIEW = "http://127.0.0.1:15672/api/overview?columns=cluster_name,rabbitmq_version"
ALL = ["rabbit@node1", "rabbit@node2", "rabbit@node3"]


def answer(case):
    return replayed(rabbitmq, "rabbitmq/" + case, [{"name": ASKED, "address": ASKED}], 15672)[ASKED]


def look(case):
    return judge(members(), answer(case))


def test_a_whole_cluster_is_healthy():
    report = look("healthy")
    assert report["healthy"] and report["reachable"] and report["problems"] == []
    assert (report["leader"], report["version"], report["unexpected"]) == (None, "4.0.5", [])
    assert report["members"][0] == {
        "name": "node1", "address": "127.0.0.11", "healthy": True, "reachable": True, "role": "disc", "error": None,
        "node": "rabbit@node1", "running": True, "alarms": [], "partitions": [], "draining": False,
    }
    assert report["queues"][0] == {
        "name": "celery.pidbox", "vhost": "airflow", "type": "classic", "leader": None, "members": [], "online": [], "consumers": 0,
    }
    assert report["queues"][1] == {
        "name": "default", "vhost": "airflow", "type": "quorum", "leader": "rabbit@node1", "members": ALL, "online": ALL, "consumers": 0,
    }


def test_consumers_of_a_queue_are_asked_for_and_told():
    seen = answer("healthy")
    seen["consumers"][1]["consumers"] = 3
    assert [queue["consumers"] for queue in judge(members(), seen)["queues"]] == [0, 3, 0]


def test_a_cluster_without_queues_is_healthy():
    assert look("no_queues")["healthy"]


@pytest.mark.parametrize("case, problems", [
    ("node_just_killed", ["node3: is not running"]),
    ("node_down", ["node3: is not running"]),
    ("node_cut_off", ["node3: is not running"]),
    ("maintenance_mode", ["node2: is in maintenance mode"]),
    ("memory_alarm", ["node3: has the memory alarm; is partitioned from rabbit@node1"]),
    ("replica_missing", ["quorum queue heavy in vhost airflow has no replica on rabbit@node3"]),
    ("wrong_password", [OVERVIEW + " answered status 401: not_authorized"]),
    ("minority", ["no answer from " + OVERVIEW + ": timed out after 3 s"]),
])
def test_what_is_wrong_is_told(case, problems):
    report = look(case)
    assert not report["healthy"]
    for problem in problems:
        assert problem in report["problems"]


def test_each_side_of_a_partition_names_the_other():
    problems = " ".join(look("partitioned")["problems"])
    assert "node1: is partitioned from rabbit@node3" in problems
    assert "is partitioned from rabbit@node1" in problems


@pytest.mark.parametrize("case", ["wrong_password", "minority"])
def test_nothing_is_known_if_the_node_does_not_tell(case):
    report = look(case)
    assert not report["reachable"] and not any(member["healthy"] for member in report["members"])
    assert len(report["problems"]) == 1
    assert report["queues"] == [] and report["version"] is None


def test_a_node_that_never_joined_is_missed():
    seen = answer("healthy")
    seen["nodes"] = [node for node in seen["nodes"] if node["name"] != "rabbit@node3"]
    assert judge(members(), seen)["problems"] == ["node3: is not a node of the cluster"]


def test_a_node_nobody_expects_is_told_and_spoils_nothing():
    report = judge(members(2), answer("healthy"))
    assert report["healthy"] and report["unexpected"] == ["rabbit@node3"]


def test_a_replica_of_a_running_node_must_be_online():
    seen = answer("healthy")
    seen["queues"][1]["online"] = ["rabbit@node1"]
    assert judge(members(), seen)["problems"] == [
        "quorum queue default in vhost airflow is not online on rabbit@node2, rabbit@node3"
    ]


def test_a_quorum_queue_must_have_a_leader():
    seen = answer("healthy")
    del seen["queues"][2]["leader"]
    assert judge(members(), seen)["problems"] == ["quorum queue heavy in vhost airflow has no leader"]
