# SPDX-License-Identifier: GPL-3.0-or-later
"""What files of the controller tell, with what is said of the hosts."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.wishes import found, ids, judged, subjects

POSTGRESQL = "postgresql+psycopg2://airflow:not-a-real-one@db/airflow"


def test_the_environment_counts_before_the_file_and_variables_are_put_into_both(write):
    [told] = subjects(config=[write("airflow.cfg", "[database]\nsql_alchemy_conn = $DATABASE_URL\n[core]\nexecutor = LocalExecutor\n")],
                      environment=[write("a.env", "DATABASE_URL=%s\nAIRFLOW__CORE__EXECUTOR=CeleryExecutor\n" % POSTGRESQL)])["configuration"]
    assert told.entry("core.executor") == {"value": "CeleryExecutor", "from": "environment"}
    assert told.url("database.sql_alchemy_conn")["hosts"] == "db"


def test_a_variable_that_is_told_nowhere_makes_its_option_unknown(write):
    told = judged(config=write("airflow.cfg", "[database]\nsql_alchemy_conn = ${DATABASE_URL}\n"))
    assert "airflow-database-sqlite" not in {each["id"] for each in told["findings"]}
    assert any("names the variable DATABASE_URL" in each["reason"] for each in told["unknown"])


@pytest.mark.parametrize("text, reason", [
    (b"\xef\xbb\xbf[core]\nexecutor = LocalExecutor\n", "byte order mark"),
    ("[core]\nexecutor = CeleryExecutor\nexecutor = LocalExecutor\n", "line 3 sets executor"),
    ("[core]\nexecutor = LocalExecutor\n[logging]\nlog_format = %(message)s\n", "a percent sign is not doubled in logging.log_format"),
    ("# conexión\n[core]\nexecutor = LocalExecutor\n".encode("latin-1"), "no text in UTF-8"),
])
def test_what_airflow_refuses_is_told_and_the_rest_is_judged_as_it_was_meant(write, text, reason):
    told = found(config=write("airflow.cfg", text))
    assert any(identity == "airflow-config-broken" and reason in evidence for identity, evidence in told)
    assert ("airflow-executor-local", "core.executor is LocalExecutor") in told


def test_a_template_that_nobody_filled_in_is_told_and_what_it_stands_for_is_unknown(write):
    told = found(config=write("airflow.cfg", "[database]\nsql_alchemy_conn = postgresql://<%= @user %>:<%= @password %>@db/airflow\n"
                                             "[core]\nparallelism = {{ parallelism }}\n[logging]\nlog_filename_template = {{ ti.dag_id }}\n"))
    assert {evidence for identity, evidence in told if identity == "airflow-value-template"} == {
        "core.parallelism is one", "database.sql_alchemy_conn is one"}
    assert not {"airflow-config-broken", "airflow-option-value", "airflow-database-password"} & {identity for identity, _evidence in told}


def test_a_secret_that_was_blacked_out_is_unknown(write):
    told = judged(config=write("airflow.cfg", "[core]\nfernet_key = REDACTED-1\n[webserver]\nsecret_key = ******\n"))
    assert not {each["id"] for each in told["findings"]} & {"airflow-fernet-form", "airflow-fernet-unset", "airflow-secret-known"}
    assert any("core.fernet_key" in each["reason"] and "it was blacked out" in each["reason"] for each in told["unknown"])


def test_components_may_differ(write):
    one = dict(environment=[write("all", "AIRFLOW__CORE__PARALLELISM=8\n")], components={
        "scheduler": write("s", "AIRFLOW__CORE__LOAD_EXAMPLES=True\n"), "worker": [write("w", "AIRFLOW__CORE__LOAD_EXAMPLES=False\n")],
        "triggerer": write("t", "AIRFLOW__CORE__LOAD_EXAMPLES=False\n")})
    assert [each.member.rpartition("/")[2] for each in subjects(**one)["configuration"]] == ["all (scheduler)", "all (worker, triggerer)"]
    assert "cluster-option-differs" in ids(**one)


def test_a_variable_without_an_option_is_told(write):
    told = found(environment=[write("a", 'AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS={"master_name": "x"}\nAIRFLOW_UID=50000\n')])
    assert ("airflow-variable-ignored", "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS is not read") in told


@pytest.mark.parametrize("hosts, expected", [
    ({"a": ["postgresql"]}, {"cluster-one-database"}),
    ({"a": ["postgresql"], "b": ["postgresql"]}, set()),
    ({"a": ["rabbitmq"]}, {"cluster-one-broker"}),
    ({"a": ["redis", "redis"]}, {"cluster-one-host"}),
    ({"a": ["scheduler", "scheduler", "worker", "triggerer"]}, {"cluster-one-host", "cluster-one-worker", "cluster-one-triggerer"}),
    ({"a": ["scheduler", "triggerer"], "b": ["scheduler", "triggerer"]}, {"cluster-no-worker"}),
    ({"a": ["worker:one", "worker:one,default"], "b": ["worker:one"]}, {"cluster-queue-alone"}),
    ({"a": ["worker:one"], "b": ["worker:one"]}, {"cluster-queue-nobody"}),
    ({"a": ["worker"], "b": "worker"}, set()),
    ({"a": ["minio"]}, set()),
    ({}, set()),
])
def test_what_is_said_of_hosts_is_judged(write, hosts, expected):
    told = ids(environment=[write("a", "AIRFLOW__CORE__EXECUTOR=CeleryExecutor\n")], hosts=hosts)
    assert {identity for identity in told if identity.startswith("cluster-")} == expected


def test_services_are_judged_by_their_files(write):
    services = {"haproxy": write("haproxy.cfg", "listen database\n bind :5432\n server a a:5432 check\n server b b:5432 check\n"),
                "redis": write("redis.conf", "appendonly no\n"), "rabbitmq": write("rabbitmq.conf", "loopback_users = none\n"),
                "redis_sentinel": write("sentinel.conf", "sentinel monitor airflow 127.0.0.1 6379 2\n"),
                "pgbouncer": write("pgbouncer.ini", "[pgbouncer]\nmax_client_conn = 50\n")}
    told = judged(services=services, environment=[write("a", "AIRFLOW__CORE__EXECUTOR=CeleryExecutor\n")],
                  hosts={"a": ["webserver", "worker"], "b": ["webserver", "worker", "pgbouncer"]})
    assert {"haproxy-database-role", "redis-append-only", "rabbitmq-guest", "sentinel-loopback", "pgbouncer-dead-server", "pgbouncer-clients",
            "pgbouncer-alone"} <= {each["id"] for each in told["findings"]}
    assert {each["member"] for each in told["findings"] if each["id"] == "redis-append-only"} == {services["redis"]}
    assert any(each["id"] == "rabbitmq-partitions" for each in told["findings"] + told["unknown"])


DOORS = ("listen broker\n bind :5671\n server a a:5671 check\n server b b:5671 check\n",
         "vrrp_instance x {\n virtual_ipaddress {\n 192.0.2.1/24\n }\n}\n")


@pytest.mark.parametrize(("hosts", "alone"), [
    ({}, False), ({"a": ["haproxy", "keepalived"], "b": ["haproxy", "keepalived"]}, False), ({"a": ["haproxy", "keepalived"]}, True)])
def test_a_service_counts_on_each_host_that_runs_it(write, hosts, alone):
    services = {kind: write(kind, text) for kind, text in zip(("haproxy", "keepalived"), DOORS)}
    told = ids(services=services, hosts=hosts)
    assert ({"cluster-one-load-balancer", "cluster-vip-alone"} <= told) == alone
    assert bool({"cluster-one-load-balancer", "cluster-vip-alone"} & told) == alone


def test_a_quorum_is_judged_where_it_is_known_who_has_a_sentinel(write):
    services = {"redis_sentinel": write("sentinel.conf", "sentinel monitor airflow 192.0.2.1 6379 2\n")}
    assert "sentinel-quorum" not in ids(services=services)
    assert "sentinel-quorum" in ids(services=services, hosts={"a": ["redis_sentinel"]})


@pytest.mark.parametrize(("number", "expected"), [(5, False), (6, True)])
def test_too_many_schedulers_are_told(write, number, expected):
    told = ids(config=[write("airflow.cfg", "")], hosts={str(host): ["scheduler"] for host in range(number)})
    assert ("cluster-many-schedulers" in told) == expected


@pytest.mark.parametrize(("version", "expected"), [("1.10.15", True), ("2.10.5", False)])
def test_schedulers_that_do_not_know_of_each_other_are_told(write, version, expected):
    told = ids(config=[write("airflow.cfg", "")], version=version, hosts={"a": ["scheduler"], "b": ["scheduler"]})
    assert ("cluster-schedulers-old" in told) == expected


def test_a_component_is_not_told_what_another_reads(write):
    told = judged(environment=[write("all", "AIRFLOW__CORE__EXECUTOR=CeleryExecutor\n")], components={
        "scheduler": write("s", "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK=True\n"), "worker": write("w", "A=1\n")})
    found = {(each["id"], each["member"].rpartition("/")[2]) for each in told["findings"]}
    assert ("airflow-orphan-check", "all (scheduler)") in found
    assert not {each for each in found if each[0] in ("airflow-scheduler-health", "cluster-option-differs") or each == ("airflow-orphan-check", "all (worker)")}


def test_what_a_file_of_compose_does_not_show_is_unknown(write):
    told = judged(compose=write("c.yaml", "services: {s: {image: 'puckel/docker-airflow:1.10.9', command: scheduler, environment: [EXECUTOR=Celery]}}"))
    assert not {"airflow-database-sqlite", "airflow-fernet-unset", "airflow-executor-sequential"} & {each["id"] for each in told["findings"]}
    assert any("variables of their own" in each["reason"] for each in told["unknown"])


@pytest.mark.parametrize(("version", "expected"), [("2.10.5", True), ("2.11.0", False)])
def test_a_celery_that_quorum_queues_refuse_is_told(write, version, expected):
    told = ids(environment=[write("a", "AIRFLOW__CORE__EXECUTOR=CeleryExecutor\nAIRFLOW__CELERY__BROKER_URL=amqp://a:b@mq/v\n")], version=version,
               services={"rabbitmq": write("rabbitmq.conf", "default_queue_type = quorum\n")})
    assert ("cluster-quorum-celery" in told) == expected


def test_a_service_that_nobody_knows_is_refused(write):
    with pytest.raises(BadOption, match="services: nginx is none of rabbitmq, haproxy"):
        subjects(services={"nginx": write("nginx.conf", "")})


def test_one_store_of_logs_is_told(write):
    told = ids(environment=[write("a", "AIRFLOW__LOGGING__REMOTE_LOGGING=True\n")], hosts={"a": ["minio"]})
    assert "cluster-one-log-store" in told


def test_a_word_that_nobody_knows_is_refused():
    with pytest.raises(BadOption, match="hosts: shceduler is none of"):
        subjects(hosts={"a": ["shceduler"]})


@pytest.mark.parametrize("option", ["config", "units"])
def test_a_file_that_is_not_there_is_told(tmp_path, option):
    with pytest.raises(BadOption, match="airflow.x cannot be read: No such file"):
        subjects(**{option: str(tmp_path / "airflow.x") if option == "config" else [str(tmp_path / "airflow.x")]})


def test_who_names_nothing_is_told_what_there_is():
    with pytest.raises(BadOption, match="give config, compose, environment, components, units, services or hosts"):
        subjects()
