# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Airflow's database has, and what it lacks.

PRIVATE to the collection. ``LOOK`` is run by the Python of Airflow's own environment, which has SQLAlchemy and the drivers; importing
Airflow itself would cost seconds. It reads JSON and answers JSON, so no secret is on a command line.
"""

from __future__ import annotations

import configparser
import contextlib
import json
import subprocess

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption, SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._service_url import compose, parse

HURRY = ("init_command", "read_timeout", "write_timeout")  # options of MySQL's drivers that end who waits, or says nothing

CONNECT = r"""
import json, sys
import sqlalchemy

wish = json.loads(sys.stdin.readline())
engine = sqlalchemy.create_engine(wish["url"], poolclass=sqlalchemy.pool.NullPool)

# the last line would be the address of an explanation
def sessions(work):
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            work(connection)
    except sqlalchemy.exc.DBAPIError as error:
        sys.exit(str(error.orig))
"""

LOOK = CONNECT + r"""
from werkzeug.security import check_password_hash

def look(connection):
    seen = {"heads": {}, "admin": "absent"}
    exists = sqlalchemy.inspect(connection).has_table
    for table in wish["tables"]:
        if exists(table):
            row = connection.execute(sqlalchemy.select(sqlalchemy.column("version_num")).select_from(sqlalchemy.table(table))).first()
            seen["heads"][table] = row and row[0]
    if exists("ab_user"):
        row = connection.execute(sqlalchemy.text("SELECT password FROM ab_user WHERE username = :name"), {"name": wish["username"]}).first()
        if row:
            seen["admin"] = "as wanted" if check_password_hash(row[0], wish["password"]) else "other password"
    print(json.dumps(seen))

sessions(look)
"""

# The lock is this session's: it is given back when the input ends, and also when the run or its host dies. The number is
# far from those that Airflow uses.
HOLD = CONNECT + r"""
LOCKS = {"postgresql": "SELECT pg_advisory_lock(%d)", "mysql": "SELECT GET_LOCK(concat('steady.airflow run ', left(sha2(database(), 256), 16)), -1)"}

def hold(connection):
    connection.execute(sqlalchemy.text(LOCKS[engine.dialect.name]))
    print("held", flush=True)
    sys.stdin.read()

sessions(hold)
""" % 0x57EAD0001


def patient(config):
    """Return the URL of Airflow's database, for sessions that may be silent, and wait, for as long as they want, as a migration does.

    config: path of airflow.cfg.
    Raise SteadyError when it names no database.
    """
    told = configparser.ConfigParser()
    try:
        told.read(config)
        url = told["database"]["sql_alchemy_conn"]
        service = parse(url, "database")
    except (configparser.Error, KeyError, BadOption) as error:
        raise SteadyError("%s names no database (%s)" % (config, type(error).__name__)) from error
    options = {name: value for name, value in service["options"].items() if name not in HURRY}
    if service["kind"] == "postgresql" and options.get("options", "unsaid"):  # some poolers take none
        options["options"] = "-c idle_in_transaction_session_timeout=0"
    return compose({**service, "options": options}, url.partition("://")[0])


@contextlib.contextmanager
def alone(python, url):
    """Within it, no other run prepares this database; wait for the one that does.

    python: the environment's Python.
    url: that of the database.
    Raise SteadyError with the last words when the database does not answer.
    """
    # unbuffered, so that nothing is left to write to one that has died already and left its last words
    with subprocess.Popen([python, "-c", HOLD], bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as holder:  # fmt: skip
        with contextlib.suppress(BrokenPipeError):
            holder.stdin.write(json.dumps({"url": url}).encode() + b"\n")
        if holder.stdout.readline().strip() != b"held":
            raise SteadyError(last_words(holder.stderr.read().decode(errors="replace")))
        yield


def last_words(text):
    """Return the last line of what a program complained about."""
    return text.strip().splitlines()[-1] if text.strip() else "no reason given"


def needs(heads, seen):
    """Return what is to be done, of ``migrate``, ``create admin`` and ``reset password``, in this order.

    heads: ``{version table: wanted head}``.
    seen: the answer of ``LOOK``.
    """
    steps = []
    if any(seen["heads"].get(table) != head for table, head in heads.items()):
        steps.append("migrate")
    if seen["admin"] == "absent":
        steps.append("create admin")
    elif seen["admin"] == "other password":
        steps.append("reset password")
    return steps


def command(step, wish):
    """Return the arguments of Airflow's own command for a step. Passwords are asked for, and come from its input."""
    if step == "migrate":
        return ["db", "migrate"]
    if step == "reset password":
        return ["users", "reset-password", "--username", wish["admin_username"]]
    return [
        "users", "create", "--role", "Admin", "--username", wish["admin_username"], "--email", wish["admin_email"],
        "--firstname", "Airflow", "--lastname", "Admin",
    ]  # fmt: skip
