# SPDX-License-Identifier: GPL-3.0-or-later
"""What Airflow needs is asked whether it answers, over real sockets."""

from __future__ import annotations

import socket

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config, reach


@pytest.fixture(name="port")
def port_that_answers():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(name="nobody")
def port_that_nobody_has():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def look(text):
    return reach.look(airflow_config.options(text, {}, "salt"))


def test_who_answers_is_told_with_the_time_and_who_does_not_with_the_reason(port, nobody):
    told = look("[database]\nsql_alchemy_conn = postgresql+psycopg://a:b@127.0.0.1:%d,127.0.0.1:%d/airflow\n"
                "[core]\nexecution_api_server_url = http://127.0.0.1:%d/execution/\n" % (port, nobody, port))
    [one, other] = told["database"]
    assert one["address"] == "127.0.0.1:%d" % port and 0 < one["seconds"] < 1 and not one["problem"]
    assert other == {"address": "127.0.0.1:%d" % nobody, "seconds": None, "problem": "Connection refused"}
    assert [each["problem"] for each in told["API"]] == [""]


@pytest.mark.parametrize(("line", "addresses"), [
    ("[database]\nsql_alchemy_conn = mysql://a:b@db/airflow", [("db", 3306)]),
    ("[database]\nsql_alchemy_conn = sqlite:////airflow.db", []),
    ("[celery]\nbroker_url = sentinel://:p@a:1;sentinel://:p@b", [("a", 1), ("b", 26379)]),
    ("[celery]\nbroker_url = amqps://a:b@[2001:db8::1]/airflow", [("2001:db8::1", 5671)]),
    ("[celery]\nbroker_url = sqs://", []),
    ("[api]\nbase_url = https://airflow.example.org/", [("airflow.example.org", 443)]),
    ("[api]\nbase_url = https://airflow.example.org:many/", []),
    ("[core]\nexecutor = LocalExecutor", []),
])
def test_addresses_are_those_that_options_name(monkeypatch, line, addresses):
    monkeypatch.setattr(reach, "_asked", lambda *address: address)
    assert [address for told in look(line).values() for address in told] == addresses


def test_a_name_that_nobody_knows_is_told():
    [told] = look("[celery]\nbroker_url = redis://nobody.invalid/0")["broker"]
    assert told["seconds"] is None and told["problem"]
