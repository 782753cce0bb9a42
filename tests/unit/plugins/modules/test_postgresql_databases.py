# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module postgresql_databases as a whole, with a session that answers what PostgreSQL 17 did and notes what it is told."""
from __future__ import annotations

import json

import pytest
from psycopg2 import OperationalError

from ansible_collections.steady.airflow.plugins.module_utils import _postgresql
from ansible_collections.steady.airflow.plugins.modules import postgresql_databases
from ansible_collections.steady.airflow.tests.unit.psycopg_play import Session
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES
from ansible_collections.steady.airflow.tests.unit.stage import result_of

PASSWORDS = {"airflow": "first password", "airflow_2": "second password"}


@pytest.fixture(name="session")
def connected(monkeypatch):
    def connect(*cases):
        session = Session(*(json.loads((FIXTURES / "postgresql" / (case + ".json")).read_text(encoding="utf-8"))["seen"] for case in cases))
        monkeypatch.setattr(_postgresql, "look", lambda cursor: session.fetchone())
        monkeypatch.setattr(postgresql_databases.psycopg2, "connect", lambda **login: session)
        monkeypatch.setattr(postgresql_databases.psycopg2.extensions, "encrypt_password", lambda text, user, scope, method: "%s of %s" % (method, user))
        # how the driver quotes a name, without a session
        monkeypatch.setattr(postgresql_databases.psycopg2.sql.Identifier, "as_string", lambda self, context: '"%s"' % self.string)
        return session
    return connect


def run(capsys, user, **more):
    database = {"name": "airflow", "owner": "airflow", "user": user, "password": PASSWORDS[user],
                "settings": {"idle_in_transaction_session_timeout": "60s"}}
    return result_of(postgresql_databases.main, capsys, databases=[database], **more)


def test_nothing_is_done_where_all_is_as_wanted(session, capsys):
    told = session("first").told
    result = run(capsys, "airflow")
    assert (result["changed"], result["steps"], result["former"], told) == (False, [], {}, [])


def test_a_second_account_is_let_in_while_the_first_is_used(session, capsys):
    told = session("first", "first").told
    result = run(capsys, "airflow_2")
    assert result["changed"] and "give airflow_2 its password" in result["steps"]
    assert told[0][0].startswith("SELECT pg_advisory_lock")
    assert ('CREATE ROLE "airflow_2" NOLOGIN', []) in told and ('GRANT "airflow" TO "airflow_2"', []) in told
    assert ('ALTER ROLE "airflow_2" LOGIN PASSWORD %s', ["scram-sha-256 of airflow_2"]) in told
    assert PASSWORDS["airflow_2"] not in str(told) + str(result["steps"])


def test_what_another_run_did_meanwhile_is_not_done_again(session, capsys):
    told = session("first", "both").told
    result = run(capsys, "airflow_2")
    assert (result["changed"], result["former"]) == (False, {"airflow": ["127.0.0.1"]})
    assert len(told) == 1


def test_the_first_account_is_locked_out_when_nobody_uses_it(session, capsys):
    unused = session("both", "both")
    for seen in unused.answers:
        seen["roles"]["airflow"]["used_from"] = []
    result = run(capsys, "airflow_2")
    assert (result["steps"], result["former"]) == (["lock out airflow"], {})
    assert unused.told[-1] == ('ALTER ROLE "airflow" NOLOGIN PASSWORD NULL', [])


def test_check_mode_tells_and_does_nothing(session, capsys):
    told = session("first").told
    assert run(capsys, "airflow_2", _ansible_check_mode=True)["changed"]
    assert not told


def test_an_account_of_the_cluster_gets_its_password(session, capsys):
    session("first", "first")
    result = run(capsys, "airflow", accounts=[{"name": "rewind", "password": "another one"}])
    assert result["steps"] == ["give rewind its password"]


def test_an_account_must_be_named_like_the_owner(capsys):
    database = {"name": "airflow", "owner": "airflow", "user": "celery", "password": "unused"}
    result = result_of(postgresql_databases.main, capsys, databases=[database])
    assert result["msg"] == "The account celery of database airflow must be airflow, or begin with airflow_."


def test_a_database_that_does_not_answer_is_told(monkeypatch, capsys):
    def refuse(**login):
        raise OperationalError('connection to server on socket "/nowhere/.s.PGSQL.5432" failed')

    monkeypatch.setattr(postgresql_databases.psycopg2, "connect", refuse)
    result = run(capsys, "airflow", socket="/nowhere")
    assert result["msg"].startswith("PostgreSQL at /nowhere refused: connection to server on socket")
