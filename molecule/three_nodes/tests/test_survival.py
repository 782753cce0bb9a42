# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes die or hang, and nobody repairs anything."""

from __future__ import annotations

import concurrent.futures
import re

import psycopg2
import pytest

RESTARTED_SECONDS = 60
NOTICED_SECONDS = 15  # two looks, and the wait for the database
FAILED_OVER_SECONDS = 60
TAKEN_OVER_SECONDS = 30
MOVED_SECONDS = 30
FORGOTTEN_SECONDS = 30  # the VIP has moved, an answer after 5 s, and 10 s in which nobody acknowledges it
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
    eventually(lambda: main_pid(node, unit) not in (0, before) and socket.is_listening, RESTARTED_SECONDS)


def test_the_watchdog_lets_an_api_server_that_answers_live(host):
    assert "airflow-api-server.service hangs" not in host.check_output("journalctl --unit airflow-watchdog")


def test_a_scheduler_that_hangs_is_killed_and_started_again(some_node, eventually):
    node = some_node
    unit = "airflow-scheduler"
    watchdog = node.service("airflow-watchdog").systemd_properties["ExecStart"]
    patience, start = (int(re.search(rf"--{option} (\d+)", watchdog)[1]) for option in ("patience", "start"))
    before = main_pid(node, unit)
    node.check_output(f"kill -STOP {before}")
    try:
        # one that was started just now has more time
        eventually(lambda: main_pid(node, unit) not in (0, before), start + patience + NOTICED_SECONDS)
    finally:
        node.run(f"kill -CONT {before}")
    assert f"{unit}.service hangs" in node.check_output("journalctl --unit airflow-watchdog --lines 5")
    eventually(lambda: node.run("python3 -c %s", ASK_SCHEDULER).succeeded, RESTARTED_SECONDS)


@pytest.fixture(name="holders")
def holders_of_the_vip(nodes, vip):
    return lambda: [name for name, node in nodes.items() if f" {vip}/" in node.check_output("ip -o -4 addr")]


def test_the_vip_leaves_a_host_whose_haproxy_does_not_answer(nodes, holders, eventually):
    [holder] = eventually(lambda: len(holders()) == 1 and holders(), MOVED_SECONDS)
    nodes[holder].check_output("systemctl kill --signal=STOP haproxy")
    try:
        eventually(lambda: len(holders()) == 1 and holders() != [holder], MOVED_SECONDS)
    finally:
        nodes[holder].check_output("systemctl kill --signal=CONT haproxy")


def test_the_database_forgets_a_client_whose_load_balancer_lost_the_vip(nodes, holders, connect, eventually):
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

    [holder] = eventually(lambda: len(holders()) == 1 and holders(), MOVED_SECONDS)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        client = pool.submit(asks)
        eventually(is_known, MOVED_SECONDS)
        nodes[holder].check_output("systemctl stop keepalived")
        try:
            with pytest.raises(psycopg2.OperationalError):
                client.result()
            eventually(lambda: is_known() is False, FORGOTTEN_SECONDS)
        finally:
            nodes[holder].check_output("systemctl start keepalived")


def test_postgresql_survives_the_death_of_its_leader(nodes, patroni, connect, example, eventually):
    leader = next(member["name"] for member in patroni() if member["role"] == "leader")
    postmaster = nodes[leader].check_output("head -1 /var/lib/postgresql/17/patroni/postmaster.pid")
    nodes[leader].check_output(f"kill -KILL {postmaster}")
    eventually(lambda: can_write(connect), FAILED_OVER_SECONDS)
    assert example()[0] == "success"
    eventually(lambda: is_whole(patroni(), len(nodes)), 2 * FAILED_OVER_SECONDS)


def can_write(connect):
    try:
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE written AS SELECT 1")
            return True
    except psycopg2.Error:
        return False


def is_whole(members, count):
    return sorted(member["state"] for member in members) == ["running"] + ["streaming"] * (count - 1)


def test_another_host_takes_over_the_dag_processor(nodes, active_dag_processors, eventually):
    unit = "airflow-dag-processor"
    [active] = active_dag_processors()
    nodes[active].check_output(f"systemctl kill --signal=KILL {unit}")
    nodes[active].check_output(f"systemctl stop {unit}")
    try:
        successor = eventually(lambda: [name for name in active_dag_processors() if name != active], TAKEN_OVER_SECONDS)
    finally:
        nodes[active].check_output(f"systemctl start {unit}")
    assert active_dag_processors() == successor
