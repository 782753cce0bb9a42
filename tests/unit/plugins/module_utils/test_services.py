# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of services of others, by libraries that answer what Debian's PostgreSQL 17, RabbitMQ 4.0 and Redis 8.0 did."""

from __future__ import annotations

import types

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _services

NAMES = {"postgresql": "PostgreSQL 17.6 (Debian 17.6-0+deb13u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit",
         "mysql": "9.7.4-2 (Debian)"}
POSTGRESQL = {"writable": True, "isolation": "read committed", "encoding": "UTF8", "encrypted": True, "timestamps": True}
MYSQL = {"writable": 1, "isolation": "repeatable read", "encoding": "utf8mb4", "timestamps": 1, "encrypted": 1}


class SQLAlchemyError(Exception):
    pass


class Connection:
    """refused: {part of a statement: what the database says of it}."""

    def __init__(self, name, row, refused):
        self.name, self.row, self.refused, self.left = name, row, refused, []

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        """As a connection."""

    def execute(self, statement):
        self.left.append(statement)
        for part, words in self.refused.items():
            if part in statement:
                raise SQLAlchemyError(words)
        return types.SimpleNamespace(scalar=lambda: self.name, mappings=lambda: types.SimpleNamespace(one=lambda: self.row))

    def rollback(self):
        self.left = []


def sqlalchemy(row, dialect="postgresql", problem=None, name=None, **refused):
    connection = Connection(name or NAMES[dialect], row, refused)

    def connect():
        if problem:
            raise problem if isinstance(problem, Exception) else SQLAlchemyError(problem)
        return connection

    engine = types.SimpleNamespace(connect=connect, dialect=types.SimpleNamespace(name=dialect))
    return types.SimpleNamespace(create_engine=lambda url, poolclass: engine, text=str, pool=types.SimpleNamespace(NullPool=None),
                                 exc=types.SimpleNamespace(SQLAlchemyError=SQLAlchemyError), connection=connection)


@pytest.mark.parametrize("row, dialect, product, version", [(POSTGRESQL, "postgresql", "PostgreSQL", "17.6"), (MYSQL, "mysql", "MySQL", "9.7.4")])
def test_a_database_is_told_and_nothing_is_left_in_it(row, dialect, product, version):
    library = sqlalchemy(row, dialect)
    seen = _services.database(library, "url")
    assert seen == {**row, "product": product, "version": version, "create": "", "skip_locked": "", "writable": True, "encrypted": True, "timestamps": True}
    assert library.connection.left == []


def test_a_mariadb_is_told_and_asked_no_more():
    library = sqlalchemy(None, "mysql", name="10.11.6-MariaDB Debian 12")
    assert _services.database(library, "url") == {"product": "MariaDB", "version": "10.11.6"}


def test_an_option_that_the_driver_does_not_know_is_told():
    library = sqlalchemy(None, problem=TypeError("connect() got an unexpected keyword argument 'foo'"))
    assert _services.database(library, "url") == {"problem": "connect() got an unexpected keyword argument 'foo'"}


@pytest.mark.parametrize("text, told", [
    ("8.0.32-24 Percona Server (GPL), Release 24", ("MySQL", "8.0.32")),
    ("11.8.2-MariaDB-1 from Debian", ("MariaDB", "11.8.2")),
    ("CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)", ("CockroachDB", "24.1.0")),
    ("PostgreSQL 11.2-YB-2.25.0.0-b0 on x86_64", ("YugabyteDB", "11.2")),
    ("8.4.6 MySQL Community Server - GPL", ("MySQL", "8.4.6")),
])
def test_databases_are_told_apart_by_what_they_call_themselves(text, told):
    assert _services.product(text, told[0] if told[0] == "MySQL" else "PostgreSQL") == told


def test_what_may_not_be_done_is_told_in_one_line():
    words = "permission denied for schema public\nLINE 1: CREATE TABLE"
    assert _services.database(sqlalchemy(POSTGRESQL, CREATE=words), "url")["create"] == "permission denied for schema public"
    seen = _services.database(sqlalchemy(MYSQL, "mysql", SKIP="You have an error in your SQL syntax"), "url")
    assert (seen["create"], seen["skip_locked"]) == ("", "You have an error in your SQL syntax")


def test_a_database_that_does_not_answer_is_told_without_how_it_was_asked():
    library = sqlalchemy(POSTGRESQL, problem='password authentication failed for user "airflow"\nconnection string: postgresql://airflow:secret@db')
    assert _services.database(library, "url") == {"problem": 'password authentication failed for user "airflow"'}


class Refusal(Exception):
    pass


def kombu(channel, ssl, properties=None, problem=None):
    def connect():
        if problem:
            raise problem

    connection = types.SimpleNamespace(
        connect=connect, connection=types.SimpleNamespace(server_properties=properties), ssl=ssl, channel=lambda: channel, collected=[],
        connection_errors=(OSError,), channel_errors=(Refusal,))
    connection.collect = lambda: connection.collected.append(True)
    return types.SimpleNamespace(Connection=lambda url, ssl, connect_timeout, transport_options: connection, made=connection)


REFUSAL = "Queue.declare: (403) ACCESS_REFUSED - configure access to queue refused for user 'airflow'"


def refuse(*_name, **_how):
    raise Refusal(REFUSAL)


@pytest.mark.parametrize("declare, told", [(lambda *_name, **_how: None, ""), (refuse, REFUSAL)])
def test_a_rabbitmq_is_told(declare, told):
    library = kombu(types.SimpleNamespace(queue_declare=declare), {"ca_certs": "x"}, {"product": "RabbitMQ", "version": "4.0.5"})
    assert _services.broker(library, "amqp://x", {"ca_certs": "x"}, 5) == {"product": "RabbitMQ", "version": "4.0.5", "encrypted": True, "declare": told}
    assert library.made.collected


@pytest.mark.parametrize("info, product, version", [
    ({"redis_version": "8.0.2", "role": "master", "cluster_enabled": 0, "maxmemory_policy": "noeviction"}, "Redis", "8.0.2"),
    ({"server_name": "valkey", "redis_version": "7.2.4", "valkey_version": "8.1.1", "role": "master", "cluster_enabled": 0,
      "maxmemory_policy": "noeviction"}, "Valkey", "8.1.1"),
])
def test_a_redis_is_told(info, product, version):
    library = kombu(types.SimpleNamespace(client=types.SimpleNamespace(info=lambda: info)), False)
    assert _services.broker(library, "redis://x", None, 5) == {
        "product": product, "version": version, "encrypted": False, "role": "master", "clustered": False, "eviction": "noeviction"}


def test_a_broker_that_does_not_answer_is_told():
    library = kombu(None, False, problem=ConnectionRefusedError(111, "Connection refused"))
    assert _services.broker(library, "amqp://x", None, 5) == {"problem": "[Errno 111] Connection refused"}
    assert library.made.collected
