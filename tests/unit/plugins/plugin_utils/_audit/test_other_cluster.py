# SPDX-License-Identifier: GPL-3.0-or-later
"""The same of a cluster with Redis, Sentinel and PgBouncer."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.cluster import Cluster
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.hosts import line, other, without

ASYNCPG = "[database]\nsql_alchemy_conn_async = postgresql+asyncpg://a:b@192.0.2.10:5432/airflow"


def verdict(hosts):
    return judge(RULES, Cluster(hosts, {}).subjects())


def lines(kind, **changed):
    """Of one host; what begins with the name, in which - is written _, is this line."""
    return [line(kind, name.replace("_", "-"), text) for name, text in changed.items()]


def everywhere(kind, old, new):
    def change(hosts):
        for one in hosts.values():
            one["texts"][kind]["text"] = one["texts"][kind]["text"].replace(old, new)

    return change


def with_asyncpg(hosts):
    for one in hosts.values():
        one["airflow"][0]["options"].update(airflow_config.options(ASYNCPG, {}, "salt"))


CHANGES = [
    ("redis-eviction", lines("redis", maxmemory_policy="maxmemory-policy allkeys-lru")),
    ("redis-memory", [line("redis", "maxmemory 2gb")]),
    ("redis-volatile", lines("redis", appendonly="", save='save ""')),
    ("redis-append-only", lines("redis", appendonly="appendonly no")),
    ("redis-fsync", lines("redis", appendfsync="appendfsync no")),
    ("redis-cut-off", lines("redis", min_replicas_to_write="")),
    ("redis-open", lines("redis", protected_mode="protected-mode no", aclfile="")),
    ("redis-plain", lines("redis", tls_port="", port="port 6379")),
    ("redis-dead-clients", lines("redis", tcp_keepalive="tcp-keepalive 0")),
    ("sentinel-few", [lambda hosts: without(hosts, "redis_sentinel", keep=2)]),
    ("sentinel-quorum", [line("redis_sentinel", "sentinel monitor", "sentinel monitor airflow 192.0.2.12 6379 1")]),
    ("sentinel-quorum", [line("redis_sentinel", "sentinel monitor", "sentinel monitor airflow 192.0.2.12 6379 4")]),
    ("sentinel-loopback", [line("redis_sentinel", "sentinel monitor", "sentinel monitor airflow 127.0.0.1 6379 2")]),
    ("sentinel-slow", [line("redis_sentinel", "sentinel down-after-milliseconds")]),
    ("sentinel-unknown-master", [everywhere("redis_sentinel", " airflow ", " mymaster ")]),
    ("pgbouncer-alone", [lambda hosts: without(hosts, "pgbouncer")]),
    ("pgbouncer-statement", [line("pgbouncer", r"\* = host", "* = host=192.0.2.10 pool_mode=statement")]),
    ("pgbouncer-prepared", [line("pgbouncer", "max_prepared_statements"), with_asyncpg]),
    ("pgbouncer-dead-server", [line("pgbouncer", "tcp_user_timeout")]),
    ("pgbouncer-retry", [line("pgbouncer", "server_login_retry")]),
    ("pgbouncer-clients", [everywhere("pgbouncer", "1000", "20")]),
    ("pgbouncer-open", [line("pgbouncer", "auth_type", "auth_type = trust")]),
    ("pgbouncer-plain", [line("pgbouncer", "client_tls_sslmode")]),
]


def test_nothing_is_found_where_all_is_well():
    assert verdict(other())["findings"] == []
    assert verdict(other())["unknown"] == []


@pytest.mark.parametrize(("expected", "changes"), CHANGES, ids=[f"{number}-{change[0]}" for number, change in enumerate(CHANGES)])
def test_a_change_for_the_worse_is_found_and_nothing_else(expected, changes):
    hosts = other()
    for change in changes:
        change(hosts)
    assert {each["id"] for each in verdict(hosts)["findings"]} == {expected}


def test_every_rule_has_a_change_that_it_finds():
    assert {expected for expected, _changes in CHANGES} == {rule.id for rule in RULES if rule.tier in ("redis", "pgbouncer")}


@pytest.mark.parametrize("kind", ["redis", "redis_sentinel", "pgbouncer"])
def test_what_could_not_be_read_is_unknown(kind):
    hosts = other()
    for one in hosts.values():
        one["texts"][kind].update(text="", problem="it cannot be read: Permission denied")
    judged = verdict(hosts)
    assert judged["findings"] == []
    assert any("Permission denied" in each["reason"] for each in judged["unknown"])


def test_another_file_of_redis_may_say_what_this_one_does_not():
    hosts = other()
    hosts["node2"]["texts"]["redis"]["text"] = "include /etc/redis/ours.conf\nbind 127.0.0.1\n"
    judged = verdict(hosts)
    assert judged["findings"] == []
    assert {"redis-append-only", "redis-memory"} <= {each["id"] for each in judged["unknown"]}
