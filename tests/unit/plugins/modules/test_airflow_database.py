# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module airflow_database as a whole, with programs that keep Airflow's database in a file."""
from __future__ import annotations

import json
import os
import sys

import pytest

from ansible_collections.steady.airflow.plugins.modules import airflow_database
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES
from ansible_collections.steady.airflow.tests.unit.stage import result_of

RECORDED = json.loads((FIXTURES / "airflow_database/seen.json").read_text(encoding="utf-8"))
EMPTY = {"heads": {}, "admin": "absent"}
WHOLE = dict(RECORDED["migrated"], admin="as wanted")
PASSWORD = "long enough for an admin"
URL = "mysql+pymysql://a:b%40@db:3306/x?ssl_ca=/ca.crt"

# In place of the environment's Python: holds the lock, or answers what the database holds, or that there is none.
LOOK = """#!/bin/sh
case "$2" in *pg_advisory_lock*)
  [ ! -e %(here)s/no_lock ] || { echo "psycopg.OperationalError: terminated" >&2; exit 1; }
  [ ! -e %(here)s/waited ] || cp %(here)s/waited %(here)s/database
  read -r where; echo "$where" >%(here)s/locked; echo held; cat >/dev/null; exit ;;
esac
cat >%(here)s/question
cat %(here)s/database || { echo "psycopg.OperationalError: connection refused" >&2; exit 1; }
"""
# In place of Airflow's commands: each notes how it was called, and has its effect on the database.
AIRFLOW = """#!%(python)s
import json, os, sys
step = " ".join(sys.argv[1:3])
seen = json.load(open("%(here)s/database"))
call = {"step": step, "words": sys.argv[1:], "input": sys.stdin.read(), "home": os.environ["AIRFLOW_HOME"],
        "url": os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]}
print(json.dumps(call), file=open("%(here)s/calls", "a"))
if os.path.exists("%(here)s/broken"):
    sys.exit("cannot import name 'x'")
if step == "db migrate":
    seen["heads"] = %(heads)r
    if os.path.exists("%(here)s/race"):
        seen["admin"] = "as wanted"  # a run on another host made it meanwhile
elif not os.path.exists("%(here)s/lies"):
    seen["admin"] = "as wanted"
json.dump(seen, open("%(here)s/database", "w"))
"""
RUNUSER = """#!/bin/sh
[ "$1 $2 $3" = "--user airflow --" ] || exit 9
shift 3
exec "$@"
"""


@pytest.fixture(name="here")
def programs(tmp_path, monkeypatch):
    names = {"here": tmp_path, "python": sys.executable, "heads": RECORDED["heads"]}
    (tmp_path / "bin").mkdir()
    for name, text in (("python", LOOK), ("airflow", AIRFLOW), ("runuser", RUNUSER)):
        (tmp_path / "bin" / name).write_text(text % names if name != "runuser" else text)
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "airflow.cfg").write_text("[database]\nsql_alchemy_conn = mysql+pymysql://a:b%%40@db/x?init_command=SET&ssl_ca=/ca.crt\n")
    (tmp_path / "heads.json").write_text(json.dumps(RECORDED["heads"]))
    monkeypatch.setenv("PATH", "%s:%s" % (tmp_path / "bin", os.environ["PATH"]))
    return tmp_path


def prepare(here, capsys, database, **more):
    if database:
        (here / "database").write_text(json.dumps(database))
    return result_of(airflow_database.main, capsys, **dict({
        "venv": str(here), "heads": str(here / "heads.json"), "home": str(here), "config": str(here / "airflow.cfg"),
        "admin_password": PASSWORD, "admin_email": "admin@example.org"}, **more))


def calls(here):
    path = here / "calls"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_an_empty_database_is_migrated_and_gets_its_admin(here, capsys):
    result = prepare(here, capsys, EMPTY)
    assert (result["changed"], result["steps"]) == (True, ["migrate", "create admin"])
    assert [call["step"] for call in calls(here)] == ["db migrate", "users create"]
    assert json.loads((here / "database").read_text()) == WHOLE


def test_a_whole_database_is_left_alone(here, capsys):
    result = prepare(here, capsys, WHOLE)
    assert (result["changed"], result["steps"], calls(here)) == (False, [], [])
    assert not (here / "locked").exists()


def test_the_password_travels_by_input_only(here, capsys):
    result = prepare(here, capsys, RECORDED["migrated"])
    call = calls(here)[0]
    assert (result["steps"], call["input"].splitlines()[:2]) == (["reset password"], [PASSWORD, PASSWORD])
    assert PASSWORD not in " ".join(call["words"]) and PASSWORD not in json.dumps(result)
    assert (call["home"], call["url"]) == (str(here), URL)
    assert json.loads((here / "question").read_text()) == {
        "url": URL, "tables": ["alembic_version", "alembic_version_fab"], "username": "admin", "password": PASSWORD}


def test_check_mode_only_looks(here, capsys):
    result = prepare(here, capsys, EMPTY, _ansible_check_mode=True)
    assert (result["changed"], result["steps"], calls(here)) == (True, ["migrate", "create admin"], [])


def test_what_a_racing_run_did_meanwhile_is_not_done_again(here, capsys):
    (here / "race").touch()
    assert prepare(here, capsys, EMPTY)["steps"] == ["migrate"]


def test_what_another_run_did_while_this_one_waited_is_not_done_again(here, capsys):
    (here / "waited").write_text(json.dumps(WHOLE))
    result = prepare(here, capsys, EMPTY)
    assert (result["changed"], result["steps"], calls(here)) == (False, [], [])
    assert json.loads((here / "locked").read_text()) == {"url": URL}


def test_a_database_that_goes_away_before_the_lock_is_told(here, capsys):
    (here / "no_lock").touch()
    result = prepare(here, capsys, EMPTY)
    assert result["failed"] and "psycopg.OperationalError: terminated. Is there a leader" in result["msg"]


def test_a_step_without_effect_is_not_repeated_for_ever(here, capsys):
    (here / "lies").touch()
    result = prepare(here, capsys, EMPTY)
    assert result["msg"] == "Airflow said that it did create admin, but the database does not show it."
    assert len(calls(here)) == 2


def test_a_step_that_fails_shows_airflow_s_words(here, capsys):
    (here / "broken").touch()
    result = prepare(here, capsys, EMPTY)
    assert (result["msg"], result["rc"]) == ("Airflow could not migrate", 1)
    assert "cannot import name" in result["stderr"]


def test_no_database_is_told_with_a_remedy(here, capsys):
    result = prepare(here, capsys, None)
    assert result["failed"] and "connection refused. Is there a leader (patronictl list)" in result["msg"]


def test_without_an_environment_it_says_what_to_do(here, capsys):
    (here / "heads.json").unlink()
    assert prepare(here, capsys, EMPTY)["msg"].endswith("Install Airflow first.")
