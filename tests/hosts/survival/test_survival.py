# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes die or hang, and nobody repairs anything."""

from __future__ import annotations

import concurrent.futures
import json
import re
import time

from airflow_api import host_port
import psycopg2
import pytest

ALL_ASKED_SECONDS = 4
ASK_SCHEDULER = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8974/health', timeout=5)"


def main_pid(node, unit):
    return int(node.service(unit).systemd_properties["MainPID"])


@pytest.mark.parametrize(("unit", "door"), [("airflow-scheduler", "127.0.0.1:8974"), ("airflow-api-server", "{address}:8080")])
def test_a_killed_component_comes_back_and_a_dag_runs_meanwhile(nodes, addresses, example, eventually, unit, door):
    name, node = next(iter(nodes.items()))
    socket = node.socket("tcp://" + door.format(address=addresses[name]))
    before = main_pid(node, unit)
    node.check_output(f"systemctl kill --signal=KILL {unit}")
    assert example()[0] == "success"
    eventually(lambda: main_pid(node, unit) not in (0, before) and socket.is_listening)


def test_the_watchdog_lets_an_api_server_that_answers_live(host):
    assert "airflow-api-server.service hangs" not in host.check_output("journalctl --unit airflow-watchdog")


def test_a_scheduler_that_hangs_is_killed_and_started_again(some_node, eventually):
    node = some_node
    unit = "airflow-scheduler"
    watchdog = node.service("airflow-watchdog").systemd_properties["ExecStart"]
    patience, start = (int(re.search(rf"--{option} (\d+)", watchdog)[1]) for option in ("patience", "start"))
    before = main_pid(node, unit)
    node.check_output(f"pkill -STOP --parent {before}")
    try:
        # one that was started just now has more time
        eventually(lambda: main_pid(node, unit) not in (0, before), 4 * (start + patience))
    finally:
        node.run(f"pkill -CONT --parent {before}")
    assert f"{unit}.service hangs" in node.check_output("journalctl --unit airflow-watchdog --lines 5")
    eventually(lambda: node.run("python3 -c %s", ASK_SCHEDULER).succeeded)


def test_workers_that_answer_and_take_nothing_are_restarted(nodes, example, airflow_command):
    """Airflow's own command takes their queue away, which is how one looks that lost it."""
    before = {name: main_pid(node, "airflow-worker") for name, node in nodes.items()}
    try:
        for name, node in nodes.items():
            airflow_command(node, f"celery remove-queue --celery-hostname celery@{name} --queues default")
        assert example()[0] == "success"
        said = [node.check_output("journalctl --unit airflow-watchdog --lines 20") for node in nodes.values()]
        assert any("airflow-worker.service hangs: messages wait" in words for words in said)
        assert any(main_pid(node, "airflow-worker") not in (0, before[name]) for name, node in nodes.items())
    finally:
        for name, node in nodes.items():
            if main_pid(node, "airflow-worker") == before[name]:
                node.check_output("systemctl restart airflow-worker")


@pytest.fixture(name="holders")
def holders_of_the_vip(nodes, vip):
    return lambda: [name for name, node in nodes.items() if f" {vip}/" in node.check_output("ip -o addr")]


@pytest.fixture(name="only_holder")
def only_holder_of_the_vip(holders, eventually):
    """Its name, as soon as there is one and no other."""
    return lambda: eventually(lambda: len(found := holders()) == 1 and found)[0]


def test_the_vip_leaves_a_host_whose_haproxy_does_not_answer(nodes, holders, only_holder, eventually):
    holder = only_holder()
    nodes[holder].check_output("systemctl kill --signal=STOP haproxy")
    try:
        eventually(lambda: len(holders()) == 1 and holders() != [holder])
    finally:
        nodes[holder].check_output("systemctl kill --signal=CONT haproxy")


def test_a_load_balancer_that_just_started_sends_nobody_to_a_standby(nodes, only_holder, connect):
    """Until it has asked a member whether it leads, it counts it as the leader."""
    nodes[only_holder()].check_output("systemctl restart haproxy")
    standby = []
    deadline = time.monotonic() + ALL_ASKED_SECONDS
    while time.monotonic() < deadline:
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            standby += cursor.fetchone()
    assert set(standby) == {False}


def test_after_a_split_all_send_to_the_one_that_keeps_the_vip(nodes, addresses, vip, holders, only_holder, fetch, eventually):
    """It was there all the time, and would not know that another one had told all neighbours otherwise."""
    def sends_to(node, address):
        return re.search(r"lladdr (\S+)", node.check_output(f"ip neigh show {address}"))[1]

    holder = only_holder()
    nodes[holder].check_output("systemctl kill --signal=STOP keepalived")
    try:
        eventually(lambda: len(holders()) == 2)
    finally:
        nodes[holder].check_output("systemctl kill --signal=CONT keepalived")
    keeper = only_holder()
    others = [node for name, node in nodes.items() if name != keeper]
    eventually(lambda: all(sends_to(node, vip) == sends_to(node, addresses[keeper]) for node in others))
    eventually(lambda: answers(fetch, vip))


def answers(fetch, vip):
    try:
        return fetch(f"https://{host_port(vip, 8080)}/api/v2/version")
    except OSError:
        return None


def test_a_busy_worker_that_loses_the_broker_takes_as_many_tasks_as_before(nodes, some_node, only_holder, example, eventually):
    def taken():
        told = json.loads(some_node.check_output("rabbitmqctl --quiet list_consumers --vhost airflow --formatter json queue_name prefetch_count"))
        return [consumer["prefetch_count"] for consumer in told if consumer["queue_name"] == "default"]

    # one that came back may be there twice for a moment
    before = eventually(lambda: len(found := taken()) == len(nodes) and found)
    holder = only_holder()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        run = pool.submit(example)
        eventually(lambda: run.done() or any(node.run("pgrep --full '^airflow worker --'").succeeded for node in nodes.values()))
        nodes[holder].check_output("systemctl kill --signal=KILL haproxy")
        assert run.result()[0] == "success"
    eventually(lambda: taken() == before)


def test_the_database_forgets_a_client_whose_load_balancer_lost_the_vip(nodes, only_holder, connect, eventually):
    """HAProxy lives there, and sends an answer that reaches nobody: what the session locks must not stay locked."""
    def asks():
        with connect(application_name="left behind", keepalives_idle=1, keepalives_interval=1) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    def is_known():
        try:
            with connect() as connection, connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'left behind'")
                return cursor.fetchone()[0] == 1
        except psycopg2.OperationalError:
            return None  # the VIP is on its way

    holder = only_holder()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        client = pool.submit(asks)
        eventually(is_known)
        nodes[holder].check_output("systemctl stop keepalived")
        try:
            with pytest.raises(psycopg2.OperationalError):
                client.result()
            eventually(lambda: is_known() is False)
        finally:
            nodes[holder].check_output("systemctl start keepalived")


def test_another_host_takes_over_the_dag_processor(nodes, only_dag_processor):
    unit = "airflow-dag-processor"
    active = only_dag_processor()
    nodes[active].check_output(f"systemctl kill --signal=KILL {unit}")
    nodes[active].check_output(f"systemctl stop {unit}")
    try:
        successor = only_dag_processor()
    finally:
        nodes[active].check_output(f"systemctl start {unit}")
    assert only_dag_processor() == successor != active
