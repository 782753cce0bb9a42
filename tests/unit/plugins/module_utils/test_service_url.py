# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._service_url import compose, parse, told

DATABASE = {"kind": "postgresql", "host": "db.example.org", "port": 5432, "address": "db.example.org:5432", "user": "airflow", "password": "p@ss/w%rd",
            "name": "airflow", "options": {"sslmode": "verify-ca"}, "tls": True}
DATABASE_URL = "postgresql://airflow:p%40ss%2Fw%25rd@db.example.org/airflow?sslmode=verify-ca"


def test_all_parts_of_a_url_are_told():
    assert parse(DATABASE_URL, "database") == DATABASE
    assert parse("", "database") == parse(None, "broker") == {}


@pytest.mark.parametrize("url, role, kind, address, name, tls", [
    ("postgres://a:b@db:6543/x", "database", "postgresql", "db:6543", "x", True),
    ("postgresql+psycopg2://a:b@db/x", "database", "postgresql", "db:5432", "x", True),
    ("mysql://a:b@[2001:db8::1]/x", "database", "mysql", "[2001:db8::1]:3306", "x", True),
    ("amqps://a:b@mq/%2Fairflow", "broker", "rabbitmq", "mq:5671", "/airflow", True),
    ("amqp://a:b@mq", "broker", "rabbitmq", "mq:5672", "/", False),
    ("rediss://:b@cache", "broker", "redis", "cache:6379", "0", True),
    ("redis://:b@cache/3", "broker", "redis", "cache:6379", "3", False),
])
def test_each_scheme_has_its_usual_port_and_name(url, role, kind, address, name, tls):
    found = parse(url, role)
    assert (found["kind"], found["address"], found["name"], found["tls"]) == (kind, address, name, tls)


@pytest.mark.parametrize("url, role, problem", [
    ("db.example.org", "database", "begins with no scheme; these can be used: postgresql://, postgres://, mysql://"),
    ("sqlite:////tmp/x", "database", "begins with sqlite://"),
    ("postgresql://a:b@db/x", "broker", "begins with postgresql://; these can be used: amqps://"),
    ("postgresql://airflow:secret@/x", "database", "names no host"),
    ("postgresql://db/x", "database", "names no password"),
    ("postgresql://a:b@db", "database", "names no database"),
    ("postgresql://a@db", "database", "names no password and no database"),
    ("postgresql://a:b@db:port/x", "database", "has a port or an address that cannot be read"),
    ("rediss://:b@cache/name", "broker", "Redis has numbers"),
])
def test_what_cannot_be_used_is_told_without_the_secret(url, role, problem):
    found = told(url, role)["problem"]
    assert problem in found
    assert "secret" not in found


def test_a_url_is_composed_with_options_of_which_those_of_the_user_win():
    assert compose(DATABASE, "postgresql+psycopg", {"connect_timeout": 3, "sslmode": "verify-full", "sslrootcert": "/etc/ca.crt"}) == (
        "postgresql+psycopg://airflow:p%40ss%2Fw%25rd@db.example.org:5432/airflow?connect_timeout=3&sslmode=verify-ca&sslrootcert=/etc/ca.crt")
    assert compose({"host": "2001:db8::1", "port": 5671, "user": "a", "password": "b", "name": "/"}, "amqp") == "amqp://a:b@[2001:db8::1]:5671/%2F"
