# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: how long Airflow waits for its database, and how often it tries."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.database import CONN, HOST_HERE, database, parameter, postgresql

BOOK = Book("airflow")


def elsewhere(configuration):
    """A URL of PostgreSQL on another host; none loses its power alone that is on this one."""
    url = postgresql(configuration)
    return url if url and url["host"] not in HOST_HERE else None


def number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


@BOOK.rule(
    "airflow-database-connect-timeout", "warning", "Connecting may take minutes",
    why="A host that lost its power does not refuse. Without a timeout each new connection waits for the kernel, about two minutes.",
    remedy="add connect_timeout=3 to the URL")
def connect_timeout(configuration):
    url = elsewhere(configuration)
    if url and not number(parameter(configuration, url, "connect_timeout")):
        yield "%s has no connect_timeout" % CONN


@BOOK.rule(
    "airflow-database-dead-peer", "error", "A dead database is not noticed",
    why="What was sent to a host that lost its power is repeated for about 15 minutes. Scheduler, triggerer and dag-processor hang meanwhile, "
        "without an error: no exit was seen in 4 minutes, and one after 24 to 30 s with the remedy.",
    remedy="add tcp_user_timeout=10000 to the URL, and keepalives_idle=5, keepalives_interval=2, keepalives_count=3")
def dead_peer(configuration):
    url = elsewhere(configuration)
    if not url:
        return
    timeout = number(parameter(configuration, url, "tcp_user_timeout"))
    if not timeout:
        yield "%s has no tcp_user_timeout" % CONN
    elif timeout > 60000:
        yield "tcp_user_timeout of %s is %g s" % (CONN, timeout / 1000)


@BOOK.rule(
    "airflow-database-keepalives", "warning", "A silent database is asked for a sign of life after two hours",
    why="Who waits for an answer sends nothing, so tcp_user_timeout does not begin. Only keepalives notice that nobody is there.",
    remedy="add keepalives_idle=5, keepalives_interval=2 and keepalives_count=3 to the URL")
def keepalives(configuration):
    url = elsewhere(configuration)
    if not url:
        return
    idle = number(parameter(configuration, url, "keepalives_idle"))
    if parameter(configuration, url, "keepalives") == "0":
        yield "%s switches keepalives off" % CONN
    elif not idle or idle > 60:
        yield "keepalives_idle of %s is %s" % (CONN, "not set" if not idle else "%g s" % idle)


@BOOK.rule(
    "airflow-database-pre-ping", "error", "Connections are not tried before use",
    why="After a failover all pooled connections are dead. Without the ping each of them costs somebody an error.",
    remedy="set database.sql_alchemy_pool_pre_ping to True")
def pre_ping(configuration):
    if database(configuration) and configuration.flag("database.sql_alchemy_pool_pre_ping") is False:
        yield "database.sql_alchemy_pool_pre_ping is off"


@BOOK.rule(
    "airflow-database-pool", "warning", "A connection for each query",
    why="Without a pool each query opens a connection and closes it, which PostgreSQL pays with a process.",
    remedy="set database.sql_alchemy_pool_enabled to True, unless PgBouncer stands between")
def pool(configuration):
    if database(configuration) and configuration.flag("database.sql_alchemy_pool_enabled") is False:
        yield "database.sql_alchemy_pool_enabled is off"


@BOOK.rule(
    "airflow-database-retries", "warning", "No second try of a transaction",
    why="The scheduler repeats some transactions that met a lost connection or a deadlock. With one try it exits at the first.",
    remedy="set database.max_db_retries to 3 or more", since="2.0")
def retries(configuration):
    tries = configuration.number("database.max_db_retries")
    if tries is not None and tries < 3:
        yield "database.max_db_retries is %g" % tries
