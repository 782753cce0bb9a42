# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow by a database and a broker that somebody else runs, all on node3."""

from __future__ import annotations

import re

import pytest

SECRET = "a%2Fb%25c%40d-2026"
HOST = "services.example.org"
MYSQL = f"mysql://airflow:{SECRET}@{HOST}/airflow"
REDIS = f"rediss://:{SECRET}@{HOST}/0"


@pytest.fixture(name="site")
def deployed(playbook):
    """(status, what it said in one line)"""
    def run(*options, **urls):
        status, text = playbook("site", *(word for name, url in urls.items() for word in ("-e", f"airflow_{name}_url={url}")), *options)
        return status, " ".join(text.split())

    return run


@pytest.fixture(name="stop")
def airflow_stands_still(nodes):
    """Who goes to another database does not do it host by host."""
    def run():
        for name in ("node1", "node2"):
            nodes[name].check_output("systemctl stop 'airflow-*'")

    return run


@pytest.fixture(name="others", scope="session")
def what_others_run(nodes):
    return nodes["node3"]


@pytest.fixture(name="ask")
def asked_as_its_owner(others):
    return lambda statement: others.check_output("runuser -u postgres -- psql --dbname=airflow -c %s", statement)


def test_dags_run(example):
    assert example()[0] == "success"


def test_no_host_has_a_database_or_a_broker_of_its_own(nodes):
    for name in ("node1", "node2"):
        for package in ("postgresql-17", "patroni", "etcd-server", "rabbitmq-server"):
            assert not nodes[name].package(package).is_installed
    assert "postgresql" not in nodes["node1"].file("/etc/haproxy/haproxy.cfg").content_string


def test_sessions_are_encrypted_and_verified(ask, others, option):
    assert "f" not in ask("SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'airflow'").split()[2:]
    assert "sslmode=verify-full" in option("database", "sql_alchemy_conn")
    connections = others.check_output("rabbitmqctl --quiet list_connections ssl user").splitlines()[1:]
    assert connections and all(line.split() == ["true", "airflow"] for line in connections)


def test_sessions_of_a_dead_host_are_ended_with_their_locks(nodes):
    question = ("import configparser, sqlalchemy; config = configparser.ConfigParser(); config.read('/etc/airflow/airflow.cfg'); "
                "print(*sqlalchemy.create_engine(config['database']['sql_alchemy_conn']).connect().execute(sqlalchemy.text("
                "'SELECT current_setting($$idle_in_transaction_session_timeout$$), current_setting($$tcp_keepalives_idle$$)')).one())")
    assert nodes["node1"].check_output("/opt/airflow/current/bin/python -c %s", question) == "1min 5"


def test_what_others_run_may_be_away_for_a_while(example, others, airflow, ended):
    run = airflow.trigger("steady_example")
    for service in ("postgresql@17-main", "rabbitmq-server"):
        others.check_output(f"systemctl restart {service}")
    assert ended(run) == "success"
    assert example()[0] == "success"


@pytest.mark.parametrize("database, told", [
    (f"postgresql://airflow:{SECRET}@nowhere.example.org/airflow", "[host-service-unreachable] node1: cannot open a connection to nowhere.example.org:5432"),
    (f"postgresql://airflow:{SECRET}@{HOST}:5999/airflow", "services.example.org:5999 (airflow_database_url): [Errno 111] Connection refused"),
    (f"sqlite:///{SECRET}", "[inventory-service-url] airflow_database_url: begins with sqlite://"),
    (f"postgresql://airflow@{HOST}/airflow", "names no password"),
    (f"postgresql://airflow:wrong-{SECRET}@{HOST}/airflow", "password authentication failed for user"),
    (f"postgresql://airflow:{SECRET}@{HOST}/nothing", 'database "nothing" does not exist'),
])
def test_a_database_that_cannot_be_used_is_told_and_nothing_changes(site, nodes, database, told):
    before = nodes["node1"].check_output("sha256sum /etc/airflow/airflow.cfg")
    status, text = site(database=database)
    assert status != 0
    assert told in text
    assert "a/b%c@d-2026" not in text and SECRET not in text
    assert nodes["node1"].check_output("sha256sum /etc/airflow/airflow.cfg") == before


@pytest.mark.parametrize("statement, undo, told", [
    ("ALTER ROLE airflow SET default_transaction_isolation = 'serializable'", "ALTER ROLE airflow RESET ALL", "[service-isolation]"),
    ("ALTER ROLE airflow SET default_transaction_read_only = on", "ALTER ROLE airflow RESET ALL", "[service-read-only]"),
    ("ALTER DATABASE airflow OWNER TO postgres", "ALTER DATABASE airflow OWNER TO airflow", "[service-rights]"),
])
def test_a_database_that_airflow_cannot_work_with_is_told(site, ask, statement, undo, told):
    ask(statement)
    try:
        status, text = site("--tags", "airflow")
    finally:
        ask(undo)
    assert status != 0
    assert f"{told} airflow_database_url" in text


def test_a_broker_that_cannot_be_used_is_told(site, others):
    status, text = site("--tags", "airflow", broker=f"amqps://airflow:wrong-{SECRET}@{HOST}/tasks")
    assert status != 0
    assert "[service-refuses] airflow_broker_url" in text
    others.check_output("rabbitmqctl set_permissions --vhost tasks airflow '^$' .\\* .\\*")
    try:
        status, text = site("--tags", "airflow")
    finally:
        others.check_output("rabbitmqctl set_permissions --vhost tasks airflow .\\* .\\* .\\*")
    assert status != 0
    assert "[service-rights] airflow_broker_url: lets this account declare no queue" in text


def test_hosts_and_a_url_for_the_same_job_are_told(site, tmp_path):
    (tmp_path / "hosts.yml").write_text("rabbitmq: {hosts: {node1: {}, node2: {}}}", encoding="utf-8")
    status, text = site("-i", str(tmp_path))
    assert status != 0
    assert "[inventory-service-both] airflow_broker_url" in text


def test_a_mysql_and_a_redis_take_their_places(site, example, others, airflow, ended, stop):
    stop()
    status, text = site(database=MYSQL, broker=REDIS)
    assert status == 0, text[-3000:]
    assert example()[0] == "success"
    assert "_kombu.binding" in others.check_output("REDISCLI_AUTH=a/b%c@d-2026 redis-cli --tls --insecure keys '*'")
    run = airflow.trigger("steady_example")
    for service in ("mysql", "redis-server"):
        others.check_output(f"systemctl restart {service}")
    assert ended(run) == "success"
    status, text = site(database=MYSQL, broker=REDIS)
    assert status == 0 and len(re.findall(r"changed=0 ", text)) == len(re.findall("changed=", text)), text[-3000:]
    stop()
    assert site()[0] == 0
    assert example()[0] == "success"


@pytest.mark.parametrize("statement, undo, told", [
    ("REVOKE CREATE ON airflow.* FROM airflow", "GRANT ALL ON airflow.* TO airflow", "[service-rights]"),
    ("SET GLOBAL read_only = ON", "SET GLOBAL read_only = OFF", "[service-read-only]"),
    ("ALTER DATABASE airflow CHARACTER SET latin1", "ALTER DATABASE airflow CHARACTER SET utf8mb4", "[service-encoding]"),
])
def test_a_mysql_that_airflow_cannot_work_with_is_told(site, others, statement, undo, told):
    others.check_output("mysql --execute %s", statement)
    try:
        status, text = site("--tags", "airflow", database=MYSQL)
    finally:
        others.check_output("mysql --execute %s", undo)
    assert status != 0
    assert f"{told} airflow_database_url" in text
