# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL under Patroni: one leader, standbys that stream and confirm, nothing of Debian's own beside it."""

from __future__ import annotations

from airflow_api import host_port
import psycopg2
import pytest

EXPECTED = {"data_checksums": "on", "password_encryption": "scram-sha-256", "wal_log_hints": "on", "synchronous_commit": "on"}


def test_debian_started_no_cluster_of_its_own(host):
    assert host.run("systemctl is-enabled postgresql.service").stdout.strip() == "masked"
    assert not host.service("postgresql").is_running
    assert host.check_output("pg_lsclusters --no-header") == ""


def test_one_leads_and_the_others_stream_as_quorum_standbys(patroni, nodes):
    members = patroni()
    assert sorted(member["name"] for member in members) == sorted(nodes)
    assert sorted(member["role"] for member in members) == ["leader"] + ["quorum_standby"] * (len(nodes) - 1)
    assert sorted(member["state"] for member in members) == ["running"] + ["streaming"] * (len(nodes) - 1)


def test_the_agreed_settings_are_those_of_a_cluster_that_loses_no_commit(fetch, addresses):
    agreed = fetch(f"https://{host_port(next(iter(addresses.values())), 8008)}/config")
    assert agreed["synchronous_mode"] == "quorum"
    assert agreed["failsafe_mode"] is True
    assert agreed["postgresql"]["use_pg_rewind"] is True
    assert agreed["postgresql"]["use_slots"] is True
    assert agreed["loop_wait"] + 2 * agreed["retry_timeout"] <= agreed["ttl"]


@pytest.mark.parametrize(("name", "value"), EXPECTED.items())
def test_setting(setting, name, value):
    assert setting(name) == value


def test_commits_wait_for_any_one_standby(setting):
    assert setting("synchronous_standby_names").startswith("ANY 1 (")


def test_passwords_are_kept_and_asked_as_scram_only(host):
    rules = host.check_output("cat /var/lib/postgresql/17/patroni/pg_hba.conf")
    ways = {(line.split()[0], line.split()[4]) for line in rules.splitlines() if line.startswith("host")}
    assert ways == {("hostssl", "scram-sha-256")}


def test_a_wrong_password_is_refused(vip):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(host=vip, dbname="airflow", user="airflow", password="wrong", connect_timeout=3)


def test_no_session_can_hold_locks_while_it_does_nothing(setting):
    assert setting("idle_in_transaction_session_timeout") == "1min"
