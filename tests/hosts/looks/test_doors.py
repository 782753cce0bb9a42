# SPDX-License-Identifier: GPL-3.0-or-later
"""The doors on the VIP, each tried by what comes through it, and who holds the VIP."""

from __future__ import annotations

import broker
from airflow_api import host_port

READ_METRICS = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:8404/metrics').read().decode())"


def test_exactly_one_host_holds_the_vip(nodes, vip):
    holders = [name for name, node in nodes.items() if f" {vip}/" in node.check_output("ip -o addr")]
    assert len(holders) == 1


def test_the_api_answers_and_reaches_its_database(fetch, vip):
    health = fetch(f"https://{host_port(vip, 8080)}/api/v2/monitor/health")
    assert {name: part["status"] for name, part in health.items()} == {
        name: "healthy" for name in ("metadatabase", "scheduler", "triggerer", "dag_processor")}


def test_the_database_can_be_written(connect):
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE door AS SELECT 1")
        cursor.execute("SELECT pg_is_in_recovery()")
        assert cursor.fetchone() == (False,)


def test_statistics_and_metrics_are_for_operators_only(host):
    listening = {line.split()[3] for line in host.check_output("ss -Hltn").splitlines()}
    assert {address for address in listening if address.endswith(":8404")} == {"127.0.0.1:8404"}
    assert "haproxy_process_" in host.check_output("python3 -c %s", READ_METRICS)


def test_every_door_is_open_on_each_host_whoever_holds_the_vip(host, vip):
    for port in (8080, 5432, *broker.DOORS):
        assert host.socket(f"tcp://{vip}:{port}").is_listening


def test_the_vip_stays_where_it_is_until_its_holder_dies(host):
    settings = host.check_output("cat /etc/keepalived/keepalived.conf")
    assert "state BACKUP" in settings
    assert "nopreempt" in settings
    assert "track_script" in settings
    assert "unicast_peer" in settings


def test_sessions_to_a_dead_leader_are_cut_and_its_absence_is_told_at_once(host):
    settings = host.check_output("cat /etc/haproxy/haproxy.cfg")
    assert "on-marked-down shutdown-sessions" in settings
    assert "tcp-request connection reject if { nbsrv(leader) eq 0 } { nbsrv(silent_leader) eq 0 }" in settings
