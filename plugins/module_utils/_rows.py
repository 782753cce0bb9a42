# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of each table of a PostgreSQL.

PRIVATE to the collection, and by itself on the host that keeps backups, beside the script that proves them. connect is a function with the
name of a database; it returns a session of psycopg2 to be used by C(with).
"""

from __future__ import annotations

ANY = "postgres"  # a database that is always there
DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1"
TABLES = """SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
            WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""


def ask(connection, statement):
    """Return the first column."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def databases(connect):
    """Return the names of those that have tables of their own."""
    with connect(ANY) as connection:
        return ask(connection, DATABASES)


def count(connect, names):
    """Return ``{"DATABASE SCHEMA.TABLE": number}`` of the databases with these names."""
    rows = {}
    for database in names:
        with connect(database) as connection:
            for table in ask(connection, TABLES):  # names that PostgreSQL quoted itself
                rows["%s %s" % (database, table)] = ask(connection, "SELECT count(*) FROM %s" % table)[0]
    return rows
