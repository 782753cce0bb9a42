# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service of Airflow is told, without the secrets in it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.options import table

SECRET = "s3cr3t-of-somebody"


def options(text="", **environment):
    return airflow_config.options(text, environment, "salt")


def test_a_file_is_read():
    assert options("[core]\nexecutor = CeleryExecutor\n") == {"core.executor": {"value": "CeleryExecutor", "from": "file"}}


def test_a_percent_sign_is_written_twice():
    assert options("[logging]\nlog_format = %%(message)s")["logging.log_format"]["value"] == "%(message)s"


def test_the_environment_counts_before_the_file():
    found = options("[core]\nexecutor = LocalExecutor", AIRFLOW__CORE__EXECUTOR="CeleryExecutor", AIRFLOW_HOME="/srv", PATH="/bin")
    assert found == {"core.executor": {"value": "CeleryExecutor", "from": "environment"}}


@pytest.mark.parametrize(("text", "environment", "source"), [
    ("[core]\nfernet_key_cmd = cat /run/key", {}, "command"),
    ("[core]\nfernet_key_secret = fernet", {}, "secrets backend"),
    ("[core]\nfernet_key_secret = fernet\nfernet_key_cmd = cat /run/key", {}, "command"),
    ("[core]\nfernet_key = plain\nfernet_key_cmd = cat /run/key", {}, "file"),
    ("[core]\nfernet_key = plain", {"AIRFLOW__CORE__FERNET_KEY_CMD": "cat /run/key"}, "command"),
    ("[core]\nfernet_key_cmd = cat /run/key", {"AIRFLOW__CORE__FERNET_KEY": "plain"}, "environment"),
])
def test_a_value_may_come_from_elsewhere(text, environment, source):
    entry = options(text, **environment)["core.fernet_key"]
    assert entry["from"] == source
    assert ("unknown" in entry) == (source in ("command", "secrets backend"))


def test_what_only_looks_like_a_command_is_an_option():
    assert "core.executor_cmd" in options("[core]\nexecutor_cmd = x")


@pytest.mark.parametrize("name", sorted(airflow_config.SECRET) + ["smtp.smtp_password", "my_plugin.api_token", "my_plugin.key"])
def test_no_secret_is_told(name):
    section, option = name.split(".")
    value = "amqp://airflow:%s@192.0.2.1/x?password=%s;redis://:%s@192.0.2.2" % (SECRET, SECRET, SECRET)
    assert SECRET not in json.dumps(options("[%s]\n%s = %s" % (section, option, value.replace("%", "%%"))))


@pytest.mark.parametrize("value", [
    json.dumps({"sentinel_kwargs": {"password": SECRET}, "deep": [{"access_token": SECRET}]}),
    "https://robot:%s@git.example.com/dags.git" % SECRET,
    json.dumps([{"name": "main", "kwargs": {"repo_url": "https://robot:%s@git.example.com/dags.git" % SECRET}}]),
])
def test_no_secret_within_a_value_is_told(value):
    found = options("[celery]\nextra_celery_config = %s" % value)["celery.extra_celery_config"]["value"]
    assert SECRET not in found
    assert "git.example.com" in found or "sentinel_kwargs" in found


def test_all_that_airflow_calls_secret_is_secret_here():
    assert set(table()["secret"]) <= airflow_config.SECRET


def told_as(name):
    section, option = name.split(".", maxsplit=1)
    return set(options("[%s]\n%s = x" % (section, option))[name])


def test_an_option_is_told_in_the_same_way_by_all_of_its_names():
    renamed = {(old, new) for old, changes in table()["aliases"].items() for _since, *news in changes for new in news}
    assert [(old, new) for old, new in sorted(renamed) if told_as(old) != told_as(new)] == []


def test_the_same_secret_has_the_same_digest_with_the_same_salt_only():
    entries = [airflow_config.options("[core]\nfernet_key = %s" % key, {}, salt)["core.fernet_key"]["secret"]
               for key, salt in (("one", "a"), ("one", "a"), ("two", "a"), ("one", "b"))]
    assert entries[0] == entries[1]
    assert len({entry["digest"] for entry in entries}) == 3


def test_the_parts_of_a_url_are_told():
    [url] = options("[database]\nsql_alchemy_conn = postgresql+psycopg://me:x@/af?host=a:5432&host=b:5432&sslkey=/k&password=x")[
        "database.sql_alchemy_conn"]["urls"]
    assert {name: url[name] for name in ("scheme", "user", "hosts", "port", "path", "query")} == {
        "scheme": "postgresql+psycopg", "user": "me", "hosts": "", "port": None, "path": "af",
        "query": {"host": "a:5432,b:5432", "sslkey": "/k", "password": "(hidden)"}}


def test_several_brokers_are_told():
    urls = options("[celery]\nbroker_url = sentinel://a:1;sentinel://b:2")["celery.broker_url"]["urls"]
    assert [(url["host"], url["port"]) for url in urls] == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(("text", "message"), [
    ("fernet_key = " + SECRET, "line 1 stands before the first"),
    ("[core]\n%s" % SECRET, "line 2 is neither"),
    ("[core]\na = 1\na = " + SECRET, "line 3 sets a in .core. again"),
    ("[core]\n[api]\n[core]", "line 3 begins the section .core. again"),
])
def test_a_broken_file_is_told_by_its_line_and_not_by_what_stands_there(text, message):
    with pytest.raises(airflow_config.Unreadable, match=message) as caught:
        options(text)
    assert SECRET not in str(caught.value)
