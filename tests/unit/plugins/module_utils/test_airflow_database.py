# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a database needs, and by which commands it gets it."""
from __future__ import annotations

import json

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _airflow_database as database
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

RECORDED = json.loads((FIXTURES / "airflow_database/seen.json").read_text(encoding="utf-8"))
HEADS, MIGRATED = RECORDED["heads"], RECORDED["migrated"]
WISH = {"admin_username": "admin", "admin_email": "admin@example.org"}


@pytest.mark.parametrize("seen, steps", [
    ({"heads": {}, "admin": "absent"}, ["migrate", "create admin"]),
    (dict(MIGRATED, admin="absent"), ["create admin"]),
    (MIGRATED, ["reset password"]),
    (dict(MIGRATED, admin="as wanted"), []),
    # of an earlier version, and with an empty table as a killed migration leaves it
    ({"heads": {"alembic_version": "29ce7909c52b", "alembic_version_fab": "02ca36b0235b"}, "admin": "as wanted"}, ["migrate"]),
    ({"heads": {"alembic_version": "d2f4e1b3c5a7", "alembic_version_fab": None}, "admin": "absent"}, ["migrate", "create admin"]),
    ({"heads": {"alembic_version": "d2f4e1b3c5a7"}, "admin": "as wanted"}, ["migrate"]),
])
def test_a_database_needs_what_it_lacks(seen, steps):
    assert database.needs(HEADS, seen) == steps


@pytest.mark.parametrize("step, words", [
    ("migrate", ["db", "migrate"]),
    ("reset password", ["users", "reset-password", "--username", "admin"]),
    ("create admin", ["users", "create", "--role", "Admin", "--username", "admin", "--email", "admin@example.org",
                      "--firstname", "Airflow", "--lastname", "Admin"]),
])
def test_no_password_stands_on_a_command_line(step, words):
    assert database.command(step, dict(WISH, admin_password="hidden")) == words


@pytest.mark.parametrize("url, told", [
    ("postgresql+psycopg://a:b%%2F@db:5432/x?connect_timeout=3&sslmode=verify-full",
     "postgresql+psycopg://a:b%2F@db:5432/x?connect_timeout=3&sslmode=verify-full&options=-c%20idle_in_transaction_session_timeout%3D0"),
    ("postgresql+psycopg://a:b@db:5432/x?options=-c%%20idle_in_transaction_session_timeout%%3D60s",
     "postgresql+psycopg://a:b@db:5432/x?options=-c%20idle_in_transaction_session_timeout%3D0"),
    ("postgresql+psycopg://a:b@pooler:5432/x?options=", "postgresql+psycopg://a:b@pooler:5432/x?options="),
    ("mysql+pymysql://a:b@db:3306/x?init_command=SET&read_timeout=60&ssl_ca=/ca.crt", "mysql+pymysql://a:b@db:3306/x?ssl_ca=/ca.crt"),
    ("mysql+pymysql://a:b@db:3306/x", "mysql+pymysql://a:b@db:3306/x"),
])
def test_a_migration_may_take_as_long_as_it_wants(tmp_path, url, told):
    (tmp_path / "airflow.cfg").write_text("[database]\nsql_alchemy_conn = %s\n" % url)
    assert database.patient(str(tmp_path / "airflow.cfg")) == told


def test_settings_without_a_database_are_told(tmp_path):
    with pytest.raises(SteadyError, match="airflow.cfg names no database"):
        database.patient(str(tmp_path / "airflow.cfg"))


def test_the_question_is_a_whole_program():
    compile(database.LOOK, "LOOK", "exec")
