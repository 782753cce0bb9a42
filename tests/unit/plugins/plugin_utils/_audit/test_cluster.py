# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about services and about all hosts together: silent on a cluster that is fine, and each finds what it is about."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.cluster import Cluster
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.hosts import (
    PACKAGES,
    agreed,
    cluster,
    database,
    everywhere,
    host,
    installed,
    line,
    only,
    option,
    queues,
    seen,
    served,
    service,
    setting,
    told,
    twice,
    without,
)


ELSEWHERE = ("configuration", "container")  # judged in test_catalogue.py and test_containers.py
TIERS = ("redis", "pgbouncer", "certificates")  # in test_other_cluster.py and test_certificates.py
TOLD = {"cluster-one-database", "cluster-one-broker", "cluster-one-log-store", "cluster-schedulers-old", "cluster-many-schedulers",
        "service-scheduler-kill", "service-unrecognised"}  # where no host was asked; test_written.py has them


def stopped(kind):
    """On all hosts but one."""
    def change(hosts):
        for one in list(hosts.values())[1:]:
            for each in one["services"]:
                each["settings"].update({"ActiveState": "inactive"} if each["kind"] == kind else {})

    return change


def verdict(hosts, silent=()):
    return judge(RULES, Cluster(hosts, dict(silent)).subjects())


def found(hosts):
    return {each["id"] for each in verdict(hosts)["findings"]}


CHANGES = [
    ("service-no-unit", service(unit="")),
    ("service-failed", setting("worker", ActiveState="failed")),
    ("service-stopped", setting("triggerer", ActiveState="inactive")),
    ("service-not-enabled", setting("etcd", UnitFileState="disabled")),
    ("service-no-restart", setting("scheduler", Restart="no")),
    ("service-member-no-restart", setting("patroni", Restart="no")),
    ("service-start-limit", setting("triggerer", StartLimitInterval=10.0)),
    ("service-restart-slow", setting("api_server", RestartPause=60.0)),
    ("service-worker-kill", setting("worker", KillMode="control-group")),
    ("service-worker-stop", setting("worker", TimeoutStop=90.0)),
    ("service-daemon", setting("triggerer", Daemon=True, Type="simple")),
    ("service-ends", setting("scheduler", Runs=5, Restart="on-failure")),
    ("service-standalone", lambda hosts: hosts["node2"]["services"].append(
        dict(copy.deepcopy(hosts["node2"]["services"][0]), kind="standalone"))),
    ("cluster-secret-differs", option("core.fernet_key", "another-one-of-44-characters-000000000000000")),
    ("cluster-secret-differs", option("api.secret_key", "another-one-of-32-characters-000")),
    ("cluster-version-differs", installed(version="3.3.1")),
    ("airflow-unreachable", installed(reach={"database": [{"address": "192.0.2.10:5432", "seconds": None, "problem": "timed out"}]})),
    ("airflow-unwell", installed(health={"problem": "", "statuses": {"metadatabase": "healthy", "scheduler": "unhealthy", "triggerer": None}})),
    ("airflow-member-unreachable", installed(reach={"broker": [{"address": "a:5671", "seconds": 0.001, "problem": ""},
                                                               {"address": "b:5671", "seconds": None, "problem": "Connection refused"}]})),
    ("airflow-database-far", installed(reach={"database": [{"address": "192.0.2.10:5432", "seconds": 0.03, "problem": ""}]})),
    ("cluster-quorum-celery", everywhere(packages=dict(PACKAGES, celery="5.4.0"))),
    ("cluster-queue-classic", lambda hosts: hosts["node3"]["rabbitmq"].update(queues=queues("classic"))),
    ("cluster-dags-differ", installed(dags={"folder": "/dags", "files": 2, "digest": "b"})),
    ("cluster-packages-differ", installed(packages=dict(PACKAGES, celery="5.6.2"))),
    ("cluster-option-differs", option("core.parallelism", "16")),
    ("cluster-one-scheduler", lambda hosts: without(hosts, "scheduler")),
    ("cluster-one-api", lambda hosts: without(hosts, "api_server")),
    ("cluster-one-worker", lambda hosts: without(hosts, "worker")),
    ("cluster-one-triggerer", lambda hosts: without(hosts, "triggerer")),
    ("cluster-one-dag-processor", lambda hosts: without(hosts, "dag_processor")),
    ("cluster-no-dag-processor", lambda hosts: without(hosts, "dag_processor", keep=0)),
    ("cluster-no-triggerer", lambda hosts: without(hosts, "triggerer", keep=0)),
    ("cluster-no-worker", lambda hosts: without(hosts, "worker", keep=0)),
    ("cluster-one-host", lambda hosts: twice(hosts, "worker")),
    ("cluster-queue-alone", served("default,reports")),
    ("cluster-queue-nobody", served("reports", "node1", "node2", "node3")),
    ("cluster-mariadb", lambda hosts: hosts["node2"]["services"].append(dict(hosts["node2"]["services"][0], kind="mariadb"))),
    ("airflow-variable-ignored", installed(ignored=["AIRFLOW__CORE"])),
    ("cluster-clocks", lambda hosts: hosts["node2"].update(time=1020.0)),
    ("host-clock", lambda hosts: hosts["node2"].update(clock_synchronised=False)),
    ("airflow-config-readable", installed(mode="0644")),
    ("postgresql-durability", database(fsync="off")),
    ("postgresql-durability", database(synchronous_commit="off")),
    ("postgresql-alone", seen(standbys=[])),
    ("postgresql-no-failover", seen(patroni=None)),
    ("patroni-asynchronous", agreed(synchronous_mode="off")),
    ("patroni-asynchronous", agreed(synchronous_mode=None)),
    ("patroni-ttl", agreed(loop_wait=10)),
    ("patroni-start-timeout", agreed(primary_start_timeout=None)),
    ("patroni-failsafe", agreed(failsafe_mode=None)),
    ("patroni-paused", agreed(pause=True)),
    ("postgresql-idle-transaction", seen(roles={"airflow": []})),
    ("postgresql-dead-clients", database(tcp_keepalives_idle="0")),
    ("postgresql-dead-clients", database(tcp_keepalives_idle="7200")),
    ("postgresql-isolation", database(default_transaction_isolation="serializable")),
    ("postgresql-wal-level", database(wal_level="minimal")),
    ("postgresql-slots", seen(slots=[{"name": "gone", "active": False}])),
    ("postgresql-autovacuum", database(autovacuum="off")),
    ("postgresql-plain", database(ssl="off")),
    ("postgresql-md5", database(password_encryption="md5")),
    ("postgresql-old", database(server_version_num="130020")),
    ("postgresql-checksums", database(data_checksums="off")),
    ("postgresql-idle-session", seen(idle=90.5)),
    ("postgresql-blocked", seen(blocked=61.0)),
    ("postgresql-large", seen(bytes={"airflow": 60_000_000_000})),
    ("postgresql-no-archive", database(archive_mode="off")),
    ("postgresql-connections", database(max_connections="100")),
    ("postgresql-connections", setting("worker", Processes=150)),
    ("postgresql-connections", setting("api_server", Processes=12)),
    ("postgresql-connections-used", seen(sessions=280)),
    ("etcd-members", told("etcd", ETCD_INITIAL_CLUSTER="node1=https://192.0.2.11:2380")),
    ("etcd-even", told("etcd", ETCD_INITIAL_CLUSTER="a=https://a,b=https://b,c=https://c,d=https://d")),
    ("etcd-election", told("etcd", ETCD_HEARTBEAT_INTERVAL="500")),
    ("etcd-compaction", told("etcd", ETCD_AUTO_COMPACTION_RETENTION=None)),
    ("etcd-plain", told("etcd", ETCD_LISTEN_CLIENT_URLS="http://0.0.0.0:2379")),
    ("etcd-no-client-certificate", told("etcd", ETCD_CLIENT_CERT_AUTH=None)),
    ("etcd-temporary", told("etcd", ETCD_DATA_DIR="/tmp/etcd")),
    ("rabbitmq-members", lambda hosts: without(hosts, "rabbitmq", keep=2)),
    ("rabbitmq-partitions", lambda hosts: hosts["node2"]["rabbitmq"].update(feature_flags=[])),
    ("rabbitmq-consumer-timeout", told("rabbitmq", consumer_timeout=None)),
    ("rabbitmq-consumer-timeout", told("rabbitmq", consumer_timeout="1800000")),
    ("rabbitmq-disk-limit", told("rabbitmq", disk_free_limit__absolute="100MB")),
    ("rabbitmq-plain", told("rabbitmq", listeners__tcp=None)),
    ("rabbitmq-plain", told("rabbitmq", listeners__tcp=None, listeners__tcp__default="5672")),
    ("rabbitmq-guest", told("rabbitmq", loopback_users="none")),
    ("rabbitmq-queue-type", told("rabbitmq", default_queue_type=None)),
    ("rabbitmq-management-plain", told("rabbitmq", management__tcp__ip=None)),
    ("haproxy-database-role", line("haproxy", "option httpchk OPTIONS /primary", "option pgsql-check")),
    ("haproxy-database-sessions", line("haproxy", "default-server inter", "default-server inter 1s fall 2")),
    ("haproxy-database-start", line("haproxy", "tcp-request content reject")),
    ("haproxy-unchecked", line("haproxy", "server node3 192.0.2.13:5671", "server node3 192.0.2.13:5671")),
    ("haproxy-one-server", line("haproxy", "server node[12] 192.0.2.1.:5671")),
    ("haproxy-check-slow", line("haproxy", "default-server inter", "default-server inter 10s fall 3 on-marked-down shutdown-sessions")),
    ("haproxy-session-timeout", line("haproxy", "timeout server 86400s", "timeout server 30s")),
    ("haproxy-session-timeout", line("haproxy", "timeout client 86400s", "timeout client 1m")),
    ("haproxy-airflow-body", line("haproxy", "http-check expect string")),
    ("haproxy-statistics-open", line("haproxy", "bind 127.0.0.1:8404", "bind :8404")),
    ("keepalived-blind", line("keepalived", "track_script", "other_block {")),
    ("keepalived-preempt", line("keepalived", "nopreempt")),
    ("keepalived-preempt", line("keepalived", "state", "state MASTER")),
    ("keepalived-slow", line("keepalived", "advert_int", "advert_int 5")),
    ("cluster-vip-parted", line("keepalived", "virtual_router_id", "virtual_router_id 52")),
    ("cluster-vip-alone", only("keepalived")),
    ("cluster-one-load-balancer", only("haproxy")),
    ("airflow-celery-broken", everywhere(packages=dict(PACKAGES, celery="5.7.0", apache_airflow_providers_celery="3.26.0"))),
    ("airflow-config-broken", installed(problem="airflow.cfg is broken: line 3", broken=True, options={})),
]


def test_nothing_is_found_where_all_is_well():
    assert verdict(cluster())["findings"] == []
    assert verdict(cluster())["unknown"] == []


@pytest.mark.parametrize(("expected", "change"), CHANGES, ids=[f"{number}-{change[0]}" for number, change in enumerate(CHANGES)])
def test_a_change_for_the_worse_is_found_and_nothing_else(expected, change):
    hosts = cluster()
    change(hosts)
    assert found(hosts) == {expected}


def test_every_rule_has_a_change_that_it_finds():
    assert {expected for expected, _change in CHANGES} | TOLD == {rule.id for rule in RULES if rule.subject not in ELSEWHERE and rule.tier not in TIERS}


def test_who_is_stopped_counts_as_nobody():
    hosts = cluster()
    stopped("scheduler")(hosts)
    assert found(hosts) == {"cluster-one-scheduler", "service-stopped"}


def test_queues_that_nobody_may_look_at_are_unknown():
    hosts = cluster()
    hosts["node3"]["rabbitmq"]["queues"] = None
    assert [each["reason"] for each in verdict(hosts)["unknown"]] == ["the queues of RabbitMQ of node3 were not seen"]


def test_a_host_may_differ_in_what_is_its_own():
    hosts = cluster()
    hosts["node2"] = host(leads=True, **{"api.host": "192.0.2.12", "celery.worker_concurrency": "8"})
    assert found(hosts) == set()


def test_who_is_told_the_default_does_not_differ_from_who_is_told_nothing():
    hosts = cluster()
    hosts["node2"] = host(leads=True, **{"core.parallelism": "32"})
    assert found(hosts) == set()


def test_two_configurations_on_a_host_are_told_apart():
    hosts = cluster()
    hosts["node2"]["airflow"].append(dict(host(**{"core.parallelism": "0"})["airflow"][0], components=["scheduler"]))
    assert ("airflow-parallelism-none", "node2 (scheduler)") in {(each["id"], each["member"]) for each in verdict(hosts)["findings"]}


def test_nothing_is_said_to_be_alone_while_a_host_is_silent():
    hosts = cluster()
    without(hosts, "scheduler")
    judged = verdict(hosts, {"node4": "no route to host"})
    assert "cluster-one-scheduler" not in {each["id"] for each in judged["findings"]}
    assert "cluster-one-scheduler" in {each["id"] for each in judged["unknown"]}


def test_hosts_without_airflow_are_no_reason_for_a_finding():
    assert found({"database1": dict(host(), airflow=[], services=[], texts={}, postgresql=None, etcd=None, rabbitmq=None)}) == set()


def test_what_could_not_be_read_is_unknown():
    hosts = cluster()
    hosts["node1"]["texts"]["haproxy"].update(text="", problem="haproxy.cfg cannot be read: Permission denied")
    judged = verdict(hosts)
    assert judged["findings"] == []
    assert {each["id"] for each in judged["unknown"]} >= {"haproxy-database-role", "cluster-one-load-balancer"}


def test_a_database_that_does_not_answer_is_unknown():
    hosts = cluster()
    hosts["node2"]["postgresql"] = {"problem": "PostgreSQL does not answer"}
    judged = verdict(hosts)
    assert judged["findings"] == []
    assert {each["member"] for each in judged["unknown"] if each["id"] == "postgresql-durability"} == {"node2"}


def of_version(hosts, version):
    for one in hosts.values():
        one["airflow"][0]["version"] = version
    return hosts


def test_an_airflow_is_not_told_to_have_what_it_cannot():
    for version, expected in (("1.10.15", False), ("2.2.0", True), ("3.3.2", True)):
        hosts = of_version(cluster(), version)
        without(hosts, "triggerer", keep=0)
        assert ("cluster-no-triggerer" in found(hosts)) == expected


def test_an_airflow_whose_schedulers_do_not_know_of_each_other_is_told_to_be_upgraded_first():
    for version, expected in (("1.10.15", True), ("2.0.0", False)):
        hosts = of_version(cluster(), version)
        without(hosts, "scheduler")
        [evidence] = [each["evidence"] for each in verdict(hosts)["findings"] if each["id"] == "cluster-one-scheduler"]
        assert ("upgrade first" in evidence) == expected


@pytest.mark.parametrize(("version", "expected"), [("2.10.5", ["webserver.secret_key"]), ("3.3.2", ["api.secret_key"])])
def test_a_secret_that_differs_is_told_by_the_name_that_it_has_there(version, expected):
    hosts = {name: host(**{"webserver.secret_key": name, "api.secret_key": name}) for name in ("node1", "node2")}
    told_of = [each["evidence"].split()[0] for each in verdict(of_version(hosts, version))["findings"] if each["id"] == "cluster-secret-differs"]
    assert told_of == expected
