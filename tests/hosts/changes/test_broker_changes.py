# SPDX-License-Identifier: GPL-3.0-or-later
"""From RabbitMQ to Redis and back, while a DAG runs: by the inventory and one run each."""

from __future__ import annotations

import broker
import pytest

UNITS = {"rabbitmq": ["rabbitmq-server"], "redis": ["redis-server", "redis-sentinel"]}
INVENTORIES = {"rabbitmq": "three_nodes", "redis": "redis"}
# what holds secrets or messages, and what a change back would stumble over
LEFT = {
    "rabbitmq": ["/etc/rabbitmq/definitions.json", "/var/lib/rabbitmq/.erlang.cookie", "/var/lib/rabbitmq/mnesia", "/etc/steady-airflow/tls/rabbitmq.key"],
    "redis": ["/etc/redis/accounts.conf", "/etc/redis/access.json", "/var/lib/redis/appendonlydir", "/etc/steady-airflow/tls/redis.key"],
}
TURNS = [("rabbitmq", "redis"), ("redis", "rabbitmq")]


@pytest.fixture(name="change", scope="module")
def change_of_broker(playbook, inventory):
    """Runs site.yml with the inventory of this broker: its status and what it says."""
    def to(name):
        directory = broker.ROOT / "inventories" / INVENTORIES[name]
        return playbook("site", inventory=[directory if each == broker.INVENTORY else each for each in inventory])

    return to


@pytest.fixture(name="turn", scope="module", params=TURNS, ids=[f"to {new}" for _former, new in TURNS])
def a_change_under_load(request, change, while_dags_run):
    """(former broker, new one, what the run said, states of the DAG's runs meanwhile)"""
    former, new = request.param
    (status, text), states = while_dags_run(change, new)
    assert status == 0, text[-3000:]
    return former, new, text, states


def test_it_was_told_beforehand_and_no_task_was_lost(turn):
    _former, _new, text, states = turn
    assert "[warning host-broker-changes]" in text
    assert set(states) == {"success"}


def test_the_new_broker_serves_and_nothing_is_left_of_the_former_one(turn, nodes, example):
    former, new, _text, _states = turn
    for node in nodes.values():
        assert all(node.service(unit).is_running and node.service(unit).is_enabled for unit in UNITS[new])
        assert not any(node.service(unit).is_running or node.service(unit).is_enabled for unit in UNITS[former])
        assert [path for path in LEFT[former] if node.file(path).exists] == []
    assert example()[0] == "success"


def test_the_next_run_changes_nothing(turn, change):
    _former, new, _text, _states = turn
    status, text = change(new)
    assert status == 0
    assert "host-broker-changes" not in text
    assert [line for line in text.splitlines() if line.startswith("changed:")] == []
