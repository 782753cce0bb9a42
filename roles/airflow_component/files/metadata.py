# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow's metadata database, reached with the settings in airflow.cfg but without importing Airflow."""

import configparser
import importlib
import os

# The newest job of each kind on a host.
HEARTBEATS = """SELECT job_type, id, latest_heartbeat FROM job
                WHERE id IN (SELECT max(id) FROM job WHERE hostname = %s AND job_type IN (%s) GROUP BY job_type)"""


class Unanswered(Exception):
    """The database does not answer, or refuses."""


def url():
    """The database as SQLAlchemy wants it."""
    config = configparser.ConfigParser()
    config.read(os.environ["AIRFLOW_CONFIG"])
    return config["database"]["sql_alchemy_conn"]


def connect(name):
    """A session, which is called so, with PostgreSQL or MySQL."""
    address = url()
    kind = "mysql" if address.startswith("mysql") else "postgresql"
    return importlib.import_module(f"metadata_{kind}").connect(address, name)


class Session:
    """Of a driver, and the statements in which its database is different."""

    writable, write, lock = "", "", ""

    def __init__(self, connection, errors):
        self.connection, self.errors = connection, errors

    def __enter__(self):
        return self

    def __exit__(self, *_reason):
        self.connection.close()

    close = __exit__

    def ask(self, question, values=()):
        """Its rows."""
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(question, values or None)
                return cursor.fetchall()
        except self.errors as error:
            raise Unanswered(str(error)) from error

    def is_writable(self):
        return bool(self.ask(self.writable)[0][0])

    def take(self, name):
        """Whether the lock of this name is this session's now, until the session ends."""
        return bool(self.ask(self.lock, self.key(name))[0][0])

    def heartbeats(self, host, jobs):
        """{type of job: (number, newest heartbeat)} of this host, when a write was confirmed."""
        self.ask(self.write)
        places = ", ".join(["%s"] * len(jobs))
        return {job: (number, beat) for job, number, beat in self.ask(HEARTBEATS.replace("(%s)", f"({places})"), (host, *jobs))} if host else {}
