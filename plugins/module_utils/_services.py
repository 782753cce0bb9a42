# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a database and a broker are, as Airflow's own drivers see them.

PRIVATE to the collection. The libraries are handed in: only the Python of Airflow's environment has them.
"""

from __future__ import annotations

import re
import uuid

# Of the table and the queue that are made to see whether they can be; both are gone at once. All hosts ask at the same time.
PROBE = "steady_airflow_probe_%s" % uuid.uuid4().hex

POSTGRESQL = """
SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off' AS writable,
       current_setting('default_transaction_isolation') AS isolation, pg_encoding_to_char(encoding) AS encoding,
       coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted, true AS timestamps
FROM pg_database WHERE datname = current_database()
"""
NAMES = {"postgresql": "SELECT version()", "mysql": "SELECT concat(@@version, ' ', @@version_comment)"}
MYSQL = """
SELECT NOT (@@read_only OR @@innodb_read_only) AS writable,
       replace(lower(@@transaction_isolation), '-', ' ') AS isolation, @@character_set_database AS encoding,
       @@explicit_defaults_for_timestamp AS timestamps,
       (SELECT variable_value <> '' FROM performance_schema.session_status WHERE variable_name = 'Ssl_version') AS encrypted
"""

# What a driver says of an option that it does not know, or that is absent itself.
UNUSABLE = (OSError, TypeError, ValueError, ImportError)
OTHERS = {"MariaDB": "MariaDB", "CockroachDB": "CockroachDB", "YugabyteDB": "-YB-"}


def said(error):
    """Its first line: drivers go on with how they were asked, which is secret."""
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def product(text, usual):
    """(product, version) of what a database calls itself; it may be another one that speaks the same protocol."""
    number = re.search(r"\d+(\.\d+)+|\d+", text)
    return next((name for name, mark in OTHERS.items() if mark in text), usual), number.group(0) if number else ""


def attempt(connection, sqlalchemy, *statements):
    """Why these cannot be done, or an empty text. Whatever they did is taken back."""
    try:
        for statement in statements:
            connection.execute(sqlalchemy.text(statement))
        return ""
    except sqlalchemy.exc.SQLAlchemyError as error:
        return said(error)
    finally:
        connection.rollback()


def database(sqlalchemy, url):
    """Return what the module airflow_services_info says of a database."""
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)
        with engine.connect() as connection:
            is_mysql = engine.dialect.name == "mysql"
            name, version = product(connection.execute(sqlalchemy.text(NAMES[engine.dialect.name])).scalar(), "MySQL" if is_mysql else "PostgreSQL")
            if name in OTHERS:  # it need not know what the others know
                return {"product": name, "version": version}
            seen = dict(connection.execute(sqlalchemy.text(MYSQL if is_mysql else POSTGRESQL)).mappings().one(), product=name, version=version)
            connection.rollback()
            made = "CREATE TABLE %s (n int)" % PROBE
            if is_mysql:
                seen["create"] = attempt(connection, sqlalchemy, made, "DROP TABLE %s" % PROBE)
                seen["skip_locked"] = attempt(connection, sqlalchemy, "SELECT 1 FROM dual FOR UPDATE SKIP LOCKED")
            else:
                seen["create"] = attempt(connection, sqlalchemy, made)
                seen["skip_locked"] = "" if seen["create"] else attempt(connection, sqlalchemy, made, "SELECT n FROM %s FOR UPDATE SKIP LOCKED" % PROBE)
            return {name: bool(value) if name in ("writable", "encrypted", "timestamps") else value for name, value in seen.items()}
    except (sqlalchemy.exc.SQLAlchemyError, *UNUSABLE) as error:
        return {"problem": said(error)}


def broker(kombu, url, ssl, timeout):
    """Return what the module airflow_services_info says of a broker."""
    patience = {} if url.startswith("amqp") else {"socket_timeout": timeout, "socket_connect_timeout": timeout}
    connection = kombu.Connection(url, ssl=ssl or False, connect_timeout=timeout, transport_options=patience)
    try:
        connection.connect()
        return rabbitmq(connection) if url.startswith("amqp") else redis(connection)
    except (*connection.connection_errors, *connection.channel_errors, *UNUSABLE) as error:
        return {"problem": said(error)}
    finally:
        connection.collect()  # without taking leave, which would wait for an answer


def rabbitmq(connection):
    told = connection.connection.server_properties
    seen = {"product": told.get("product", ""), "version": told.get("version", ""), "encrypted": bool(connection.ssl), "declare": ""}
    try:
        connection.channel().queue_declare(PROBE, exclusive=True, auto_delete=True)
    except connection.channel_errors as error:
        seen["declare"] = said(error)
    return seen


def redis(connection):
    told = connection.channel().client.info()
    return {
        "product": told.get("server_name", "redis").capitalize(),
        "version": told.get("valkey_version") or told.get("redis_version", ""),
        "encrypted": bool(connection.ssl),
        "role": told.get("role", ""),
        "clustered": bool(told.get("cluster_enabled")),
        "eviction": told.get("maxmemory_policy", ""),
    }
