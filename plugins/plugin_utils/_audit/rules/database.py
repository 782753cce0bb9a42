# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: how Airflow comes to its metadata database."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

BOOK = Book("airflow")
CONN = "database.sql_alchemy_conn"
ASYNC = "database.sql_alchemy_conn_async"
LIBPQ_ONLY = ("connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
              "application_name", "options", "sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs")
ASYNCPG_TAKES = ("target_session_attrs", "ssl")
HOST_HERE = ("localhost", "127.0.0.1", "::1")
PLAIN = ("", "disable", "allow", "prefer")


def database(configuration):
    """Parts of the URL, or None where it is SQLite, the default too."""
    url = configuration.url(CONN)
    return None if url is None or url["scheme"].startswith("sqlite") else url


def is_postgresql(url):
    return url is not None and url["scheme"].split("+")[0] in ("postgresql", "postgres")


def postgresql(configuration):
    url = database(configuration)
    return url if is_postgresql(url) else None


def driver(url):
    return url["scheme"].partition("+")[2] or "psycopg2"


def hosts(url):
    """All hosts that the driver tries: those before the path, or those in parameters."""
    named = url["query"].get("host", "") or url["hosts"]
    return [each for each in named.split(",") if each]


def has_arguments(configuration):
    """Whether the parameters may be in a structure of the user's own that cannot be seen from here."""
    return bool(configuration.text("database.sql_alchemy_connect_args"))


def parameter(configuration, url, name):
    """A parameter of libpq, or None; Unknown where it may be somewhere else."""
    if name in url["query"]:
        return url["query"][name]
    if has_arguments(configuration):
        raise Unknown("database.sql_alchemy_connect_args of %s names code that is not read here" % configuration.member)
    return None


@BOOK.rule(
    "airflow-database-sqlite", "error", "A database of one host",
    why="SQLite is a file. Only processes of one host reach it, one of them writes at a time, and it is gone with the host.",
    remedy="use PostgreSQL with replication, and move the data there")
def sqlite(configuration):
    url = configuration.url(CONN)
    if url is None:
        yield "%s is not set, and SQLite is the default" % CONN
    elif url["scheme"].startswith("sqlite"):
        yield "%s is %s" % (CONN, url["scheme"])


@BOOK.rule(
    "airflow-database-unsupported", "error", "A database that Airflow does not work with",
    why="Airflow works with PostgreSQL and MySQL, and from 2.2 to 2.8 with Microsoft's.", remedy="use PostgreSQL with replication")
def unsupported(configuration):
    url = database(configuration)
    works = ("postgresql", "postgres", "mysql", *(["mssql"] if (2, 2) <= configuration.version < (2, 9) else []))
    if url and url["scheme"].split("+")[0] not in works:
        yield "%s is %s" % (CONN, url["scheme"])


@BOOK.rule(
    "airflow-database-scheme", "error", "postgres:// is no scheme",
    why="SQLAlchemy has refused it since 1.4, so no component starts.", remedy="write postgresql+psycopg2:// or, with psycopg 3, postgresql+psycopg://",
    since="2.3")
def scheme(configuration):
    url = database(configuration)
    if url and url["scheme"].split("+")[0] == "postgres":
        yield "%s begins with %s" % (CONN, url["scheme"])


@BOOK.rule(
    "airflow-database-mysql", "warning", "MySQL under several schedulers",
    why="Schedulers and triggerers meet deadlocks on task_instance there, which cost tasks a try.", remedy="use PostgreSQL for several schedulers",
    see=("https://github.com/apache/airflow/issues/65818",))
def mysql(configuration):
    url = database(configuration)
    if url and url["scheme"].split("+")[0] == "mysql":
        yield "%s is %s" % (CONN, url["scheme"])


@BOOK.rule(
    "airflow-database-driver", "note", "No driver is named",
    why="Which driver a bare postgresql:// means depends on SQLAlchemy's version, and an upgrade may change it.",
    remedy="write postgresql+psycopg2:// or postgresql+psycopg://")
def unnamed_driver(configuration):
    url = postgresql(configuration)
    if url and url["scheme"] == "postgresql":
        yield "%s begins with %s" % (CONN, url["scheme"])


@BOOK.rule(
    "airflow-database-first-host", "error", "Any of several hosts, a standby too",
    why="Without target_session_attrs the driver takes the first host that answers. After a failover that may be a standby, which refuses to write.",
    remedy="add target_session_attrs=read-write to the URL")
def first_host(configuration):
    url = postgresql(configuration)
    if url and len(hosts(url)) > 1 and parameter(configuration, url, "target_session_attrs") not in ("read-write", "primary"):
        yield "%s names %d hosts and no target_session_attrs" % (CONN, len(hosts(url)))


@BOOK.rule(
    "airflow-database-host-list", "error", "A list of hosts that the URL cannot hold",
    why="SQLAlchemy cannot parse host1:5432,host2:5432 before the path.",
    remedy="write postgresql+psycopg://user:password@/airflow?host=host1:5432&host=host2:5432&target_session_attrs=read-write")
def host_list(configuration):
    url = postgresql(configuration)
    if url and "," in url["hosts"]:
        yield "%s has %s before the path" % (CONN, url["hosts"])


@BOOK.rule(
    "airflow-database-async-derived", "warning", "The asynchronous connection does not work",
    why="Airflow derives it from the other URL with the driver asyncpg, which does not know libpq's parameters and fails in PgBouncer's "
        "transaction mode. Few routes use it, such as waiting for a run, so nobody notices until one is called.",
    remedy="set database.sql_alchemy_conn_async to the same URL with postgresql+psycopg_async:// or postgresql+psycopg://", since="3.1")
def async_derived(configuration):
    url = postgresql(configuration)
    if url and not configuration.url(ASYNC) and driver(url) != "psycopg_async":
        foreign = [name for name in LIBPQ_ONLY if name in url["query"] and name not in ASYNCPG_TAKES]
        if foreign:
            yield "%s is not set, and %s has %s" % (ASYNC, CONN, ", ".join(foreign))


@BOOK.rule(
    "airflow-database-async-parameters", "error", "The asynchronous URL has parameters that its driver refuses",
    why="asyncpg takes other names than libpq, and ends with a TypeError at each connection.",
    remedy="use psycopg in database.sql_alchemy_conn_async, too", since="3.1")
def async_parameters(configuration):
    url = configuration.url(ASYNC)
    foreign = [name for name in LIBPQ_ONLY if url and name in url["query"] and name not in ASYNCPG_TAKES]
    if foreign and driver(url) == "asyncpg":
        yield "%s uses asyncpg and has %s" % (ASYNC, ", ".join(foreign))


@BOOK.rule(
    "airflow-database-async-elsewhere", "error", "Two databases",
    why="Both URLs must lead to the same database. What one connection writes, the other one would not see.",
    remedy="let both differ in nothing but the driver", since="3.1")
def async_elsewhere(configuration):
    both = [configuration.url(name) for name in (CONN, ASYNC)]
    if all(both) and len({(tuple(hosts(url)), url["port"], url["path"]) for url in both}) > 1:
        yield "%s and %s name different hosts or databases" % (CONN, ASYNC)


@BOOK.rule(
    "airflow-database-here", "note", "The database of the same host",
    why="localhost is another host on each host. That is right for a proxy or pooler that runs on each of them, and wrong for a database.",
    remedy="name the VIP or all members, unless a proxy or pooler listens there")
def here(configuration):
    url = database(configuration)
    if url and url["host"] in HOST_HERE:
        yield "%s leads to %s" % (CONN, url["host"])


@BOOK.rule(
    "airflow-database-plain", "warning", "The database's password and data travel in the clear",
    why="Who sees the traffic sees Airflow's password and all that it stores. prefer takes what it gets.",
    remedy="add sslmode=verify-full and sslrootcert to the URL")
def plain(configuration):
    url = postgresql(configuration)
    if url and url["host"] not in HOST_HERE and not url["query"].get("host", "").startswith("/"):
        mode = parameter(configuration, url, "sslmode") or ""
        if mode in PLAIN:
            yield "sslmode of %s is %s" % (CONN, mode or "not set")


@BOOK.rule(
    "airflow-database-administrator", "warning", "Airflow is the database's administrator",
    why="An error in Airflow, or whoever reads its URL, may do anything to all databases of the server.",
    remedy="give Airflow a user of its own that owns its database and nothing else")
def administrator(configuration):
    url = database(configuration)
    if url and url["user"] in ("postgres", "root"):
        yield "%s uses the user %s" % (CONN, url["user"])


@BOOK.rule(
    "airflow-database-password", "warning", "A database password that everybody knows",
    why="Guides have it. Who reaches the database is its owner.", remedy="give the user a random password")
def password_known(configuration):
    url = database(configuration)
    if url and url["password"]["known"]:
        yield "%s has the password of guides for the user %s" % (CONN, url["user"])


@BOOK.rule(
    "airflow-database-mysql-driver", "note", "Another driver than MySQL's own",
    why="Airflow is tested with mysqlclient (mysqldb).", remedy="write mysql+mysqldb://")
def mysql_driver(configuration):
    url = database(configuration)
    if url and url["scheme"].startswith("mysql+") and url["scheme"] not in ("mysql+mysqldb", "mysql+aiomysql"):
        yield "%s begins with %s" % (CONN, url["scheme"])


@BOOK.rule(
    "airflow-database-migrations", "warning", "The schema's version is not looked at",
    why="A component of another version than the database's schema starts all the same, and fails later or writes what others do not expect.",
    remedy="set database.check_migrations to True", since="2.6")
def migrations(configuration):
    if configuration.flag("database.check_migrations") is False:
        yield "database.check_migrations is off"
