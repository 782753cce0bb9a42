# SPDX-License-Identifier: GPL-3.0-or-later
"""RabbitMQ: three nodes, every queue that holds tasks on all of them, no account that others know."""

from __future__ import annotations

import json
import re
import socket
import ssl

import broker
import pytest

AMQP_HELLO = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = 1
MAILBOX = re.compile(r"celery@(\w+)\.[0-9a-f]{8}\.\d+\.celery\.pidbox$")
LONGEST_TASK_MS = 86_400_000


@pytest.fixture(scope="module")
def ask(some_node):
    """What rabbitmqctl and its like answer."""
    return lambda command: json.loads(some_node.check_output(f"{command} --quiet --formatter json"))


@pytest.fixture(scope="module")
def queues(ask):
    return ask("rabbitmqctl list_queues --vhost airflow name type durable members online")


def test_all_nodes_run_and_none_is_partitioned(ask, nodes):
    status = ask("rabbitmqctl cluster_status")
    assert sorted(status["running_nodes"]) == sorted(f"rabbit@{name}" for name in nodes)
    assert not status["partitions"]
    assert not status["alarms"]


def test_each_member_watches_the_others(nodes):
    """Who is not watched is not looked for when it is away, and what it leaves behind is not cleaned up."""
    for name, node in nodes.items():
        watched, again = broker.watched_by(node)
        assert sorted([*watched, name]) == sorted(nodes)
        assert again


def test_the_door_leads_to_one_that_speaks_amqp(vip, authority):
    context = ssl.create_default_context(cadata=authority)
    with socket.create_connection((vip, 5671), timeout=5) as plain, context.wrap_socket(plain, server_hostname=vip) as connection:
        connection.sendall(AMQP_HELLO)
        assert connection.recv(1)[0] == METHOD_FRAME  # connection.start; another protocol header would begin with "A"


def test_the_account_guest_is_gone(ask):
    assert {user["user"] for user in ask("rabbitmqctl list_users")} == {"airflow", "operator"}


def test_airflow_has_a_vhost_of_its_own_and_no_rights_elsewhere(ask):
    assert [right["vhost"] for right in ask("rabbitmqctl list_user_permissions airflow")] == ["airflow"]


def test_the_default_queue_is_there(queues):
    assert "default" in {queue["name"] for queue in queues}


def test_every_durable_queue_is_a_quorum_queue_with_a_copy_on_each_node(queues, nodes):
    durable = [queue for queue in queues if queue["durable"] and not queue["name"].endswith(".celery.pidbox")]
    assert {queue["type"] for queue in durable} == {"quorum"}
    assert all(len(queue["online"]) == len(queue["members"]) == len(nodes) for queue in durable)


def test_whatever_queue_celery_makes_is_a_quorum_queue(option):
    wanted = json.loads(option("celery", "extra_celery_config"))
    assert wanted["task_default_queue_type"] == wanted["task_create_missing_queue_type"] == "quorum"


def test_no_queue_is_there_for_what_nobody_sends(queues):
    assert [queue["name"] for queue in queues if queue["name"].startswith("celery_delayed")] == []


def test_each_worker_of_celery_has_a_mailbox_that_nobody_had_before(ask, nodes, eventually):
    """Those of former connections go after some seconds."""
    def mailboxes():
        return [queue["name"] for queue in ask("rabbitmqctl list_queues --vhost airflow name") if queue["name"].endswith(".celery.pidbox")]

    eventually(lambda: sorted(MAILBOX.match(name)[1] for name in mailboxes()) == sorted(nodes))


def test_the_longest_task_ends_before_the_broker_loses_patience(host):
    timeout = host.check_output("rabbitmqctl eval %s", "{ok, T} = application:get_env(rabbit, consumer_timeout), T.")
    assert int(timeout) > LONGEST_TASK_MS


def test_the_management_api_is_for_the_host_only(host):
    assert host.socket("tcp://127.0.0.1:15672").is_listening
    assert not host.socket("tcp://0.0.0.0:15672").is_listening


def test_what_the_cluster_knows_is_kept_in_raft(ask):
    assert {flag["name"]: flag["state"] for flag in ask("rabbitmqctl list_feature_flags")}["khepri_db"] == "enabled"
