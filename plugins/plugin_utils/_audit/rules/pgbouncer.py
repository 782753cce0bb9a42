# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: PgBouncer between Airflow and its database."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.alone import alone, count
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.connections import demand

BOOK = Book("pgbouncer")
CONFIG = "https://www.pgbouncer.org/config.html"
LONGEST_RETRY = 5  # s


@BOOK.rule(
    "pgbouncer-alone", "error", "One PgBouncer", why="Nobody reaches the database while its host is away.",
    remedy="run one on each host that runs Airflow, or on two behind a load balancer")
def is_alone(cluster):
    yield from alone(cluster, ["pgbouncer"], "PgBouncer")


@BOOK.rule(
    "pgbouncer-statement", "error", "Transactions are refused",
    why="With pool_mode statement each statement may go to another session. Airflow works in transactions, whose locks are what keeps schedulers apart.",
    remedy="set pool_mode = transaction, or session", see=(CONFIG,))
def statement(pgbouncer):
    for name, mode in pgbouncer.modes().items():
        if mode == "statement":
            yield "pool_mode%s is statement" % (" of " + name if name else "")


@BOOK.rule(
    "pgbouncer-prepared", "error", "Prepared statements are lost",
    why="With pool_mode transaction the next transaction may have another session, which does not know what the driver asyncpg has prepared. PgBouncer "
        "keeps track of that from 1.21 on, if max_prepared_statements says so.",
    remedy="set database.sql_alchemy_conn_async with postgresql+psycopg_async://, or max_prepared_statements = 200",
    see=(CONFIG, "https://github.com/apache/airflow/issues/67800"))
def prepared(cluster):
    if not any(uses_asyncpg(configuration) for configuration in cluster.configurations):
        return
    for pgbouncer in cluster.all_of("pgbouncer"):
        if "transaction" in pgbouncer.modes().values() and not pgbouncer.number("max_prepared_statements", 0):
            yield pgbouncer.member, "pool_mode is transaction, and max_prepared_statements 0"


def uses_asyncpg(configuration):
    """Airflow makes the second URL of the first one unless it is told."""
    if configuration.version < (3, 0):
        return False
    told = configuration.url("database.sql_alchemy_conn_async")
    if told:
        return "asyncpg" in told["scheme"] and "prepared_statement_cache_size" not in told["query"]
    url = configuration.url("database.sql_alchemy_conn")
    return bool(url) and url["scheme"].startswith("postgresql")


@BOOK.rule(
    "pgbouncer-dead-server", "error", "Connections to a dead leader stay",
    why="A leader that loses power says nothing. PgBouncer waits for it until the kernel gives up, after a quarter of an hour or two hours, and hands "
        "such connections out.",
    remedy="set tcp_user_timeout = 15000, tcp_keepidle = 30, tcp_keepintvl = 5 and tcp_keepcnt = 3", see=(CONFIG,))
def dead_server(pgbouncer):
    if not pgbouncer.number("tcp_user_timeout", 0) and not pgbouncer.number("query_timeout", 0):
        yield "tcp_user_timeout is 0"


@BOOK.rule(
    "pgbouncer-retry", "note", "A pause after each failed login",
    why="While the database fails over each attempt fails, and for so long after one PgBouncer tries no other.", remedy="set server_login_retry = 2",
    see=(CONFIG,))
def retry(pgbouncer):
    if pgbouncer.number("server_login_retry", 15) > LONGEST_RETRY:
        yield "server_login_retry is %g s" % pgbouncer.number("server_login_retry", 15)


@BOOK.rule(
    "pgbouncer-clients", "warning", "PgBouncer turns clients away",
    why="Each process of Airflow has a pool of its own. Who finds no place is refused, and after a failover all come at once.",
    remedy="set max_client_conn to more than all pools together", see=(CONFIG,))
def clients(cluster):
    pooled = cluster.all_of("pgbouncer")
    if pooled:
        most = demand(cluster)
        each = sum(pgbouncer.number("max_client_conn", 100) for pgbouncer in pooled) / len(pooled)
        limit = each * max(len(pooled), count(cluster, "pgbouncer"))
        if most > limit:
            yield "Airflow may open %d connections, and max_client_conn allows %d" % (most, limit)


@BOOK.rule(
    "pgbouncer-open", "error", "A database for everybody",
    why="PgBouncer takes whoever comes for whom he says he is, and logs in with the password that it has.", remedy="set auth_type = scram-sha-256",
    see=(CONFIG,))
def is_open(pgbouncer):
    if pgbouncer.text("auth_type", "md5") in ("any", "trust") and not pgbouncer.is_local:
        yield "auth_type is %s" % pgbouncer.text("auth_type")


@BOOK.rule(
    "pgbouncer-plain", "warning", "PgBouncer without TLS", why="Passwords and data travel in the clear.",
    remedy="set client_tls_sslmode = require, with client_tls_cert_file and client_tls_key_file, and server_tls_sslmode = verify-full", see=(CONFIG,))
def plain(pgbouncer):
    if pgbouncer.text("client_tls_sslmode", "disable") == "disable" and not pgbouncer.is_local:
        yield "client_tls_sslmode is disable"
