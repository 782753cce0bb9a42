# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module postgresql_rows_info, with sessions that answer what PostgreSQL 17 does."""
from __future__ import annotations

from psycopg2 import OperationalError

from ansible_collections.steady.airflow.plugins.modules import postgresql_rows_info
from ansible_collections.steady.airflow.tests.unit.psycopg_play import Session
from ansible_collections.steady.airflow.tests.unit.stage import result_of


def test_each_table_of_each_database_is_counted(monkeypatch, capsys):
    sessions = iter([Session([("airflow",), ("postgres",)]), Session([("public.dag_run",), ('public."With Blanks"',)], [(120,)], [(0,)]), Session([])])
    logins = []

    def connect(**login):
        logins.append(login)
        return next(sessions)

    monkeypatch.setattr(postgresql_rows_info.psycopg2, "connect", connect)
    told = result_of(postgresql_rows_info.main, capsys)
    assert told["rows"] == {"airflow public.dag_run": 120, 'airflow public."With Blanks"': 0}
    assert [login["dbname"] for login in logins] == ["postgres", "airflow", "postgres"]
    assert all("default_transaction_read_only=on" in login["options"] for login in logins)


def test_a_postgresql_that_does_not_answer_is_told(monkeypatch, capsys):
    def connect(**_login):
        raise OperationalError("connection to server failed: No such file or directory\n")

    monkeypatch.setattr(postgresql_rows_info.psycopg2, "connect", connect)
    told = result_of(postgresql_rows_info.main, capsys)
    assert told["msg"] == "PostgreSQL cannot be asked at /var/run/postgresql: connection to server failed: No such file or directory"
