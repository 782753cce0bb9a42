# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about services and about all hosts together: silent on a cluster that is fine, and each finds what it is about."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.cluster import Cluster
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.cluster_changes import CHANGES, stopped
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.hosts import (
    cluster,
    host,
    without,
)


ELSEWHERE = ("configuration", "container")  # judged in test_catalogue.py and test_containers.py
TIERS = ("redis", "pgbouncer", "certificates")  # in test_other_cluster.py and test_certificates.py
TOLD = {"cluster-one-database", "cluster-one-broker", "cluster-one-log-store", "cluster-schedulers-old", "cluster-many-schedulers",
        "service-scheduler-kill", "service-unrecognised"}  # where no host was asked; test_written.py has them


def verdict(hosts, silent=()):
    return judge(RULES, Cluster(hosts, dict(silent)).subjects())


def found(hosts):
    return {each["id"] for each in verdict(hosts)["findings"]}


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
