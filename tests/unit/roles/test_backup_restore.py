# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restore refuses, and that the data that are there stay there until it has come to its end."""
from __future__ import annotations

import json
import shutil
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.psycopg_play import Session
from ansible_collections.steady.airflow.tests.unit.roles.scripts import STAY, TELL, load_scripts

NUMBER = "7713892009293620161"
BACKUP = {"label": "20260301-013000F", "info": {"size": 40_000_000}, "timestamp": {"stop": 1772328612}}
KEPT = {"name": "airflow", "status": {"code": 0, "message": "ok"}, "archive": [{"id": "17-1", "max": "000000010000000000000009"}], "backup": [BACKUP],
        "db": [{"system-id": int(NUMBER)}]}
NEWEST = 1772355600.25
# what came of a failover and of a restore
HISTORY = "1\t0/902A600\tno recovery target specified\n\n2\t0/9114F88\tbefore 2026-03-01 11:00:00.25+00\n\n"
NONE = {"0000000100000000": {"type": "path"}}
RESTORED = {**NONE, "00000002.history": {"type": "file", "time": 1772355600}, "00000003.history": {"type": "file", "time": 1772370000}}


@pytest.fixture(name="database")
def session():
    """Of a PostgreSQL that has replayed this segment."""
    return Session(("000000020000000000000009", NEWEST))


@pytest.fixture(name="restore")
def script(monkeypatch, database):
    monkeypatch.setitem(sys.modules, "psycopg2", types.SimpleNamespace(Error=LookupError, OperationalError=LookupError, connect=lambda **login: database))
    return load_scripts(monkeypatch, "server", "beside", "timelines", "restore")


@pytest.fixture(name="host")
def a_host(monkeypatch, tmp_path):
    """A directory with data in it, and programs of these words: function that replaces them."""
    (tmp_path / "data/global").mkdir(parents=True)
    (tmp_path / "data/global/pg_control").touch()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")

    def have(free=2_000_000_000, histories=None, **programs):
        answers = f"*info*) echo '{json.dumps([KEPT])}';; *repo-ls*) echo '{json.dumps(histories or NONE)}';; *repo-get*) echo '{HISTORY}';;"
        usual = {"pgbackrest": f"case $* in {answers} *) echo $* > {tmp_path}/asked;; esac", "pg_ctl": "exit 3",
                 "pg_controldata": f"echo 'Database system identifier:  {NUMBER}'", "postgres": f"{TELL}; {STAY}"}
        for name, words in {**usual, **programs}.items():
            (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{words}\n")
            (tmp_path / "bin" / name).chmod(0o755)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=free))

    have()
    return have


@pytest.fixture(name="call")
def called(monkeypatch, restore, host, tmp_path):
    """Runs it: (how it ends, what it leaves)."""
    def run(*words):
        paths = [f"--data={tmp_path}/data", f"--former={tmp_path}/data.before-now", f"--programs={tmp_path}/bin", "--stanza=airflow", "--patience=60"]
        monkeypatch.setattr(sys, "argv", ["restore.py", *paths, *words])
        ended = None
        try:
            restore.main()
        except SystemExit as end:
            ended = end.code
        result = tmp_path / "result.json"
        return ended, json.loads(result.read_text()) if result.exists() else None

    return lambda *words: run(*(words or [f"--result={tmp_path}/result.json"]))


def test_the_plan_tells_what_would_be_done(call, capsys):
    assert call("--plan") == (None, None)
    assert json.loads(capsys.readouterr().out) == {"kept": NUMBER, "here": NUMBER}


@pytest.mark.parametrize("programs, words, problem", [
    ({}, ["--to=2026-03-01 01:30:00+00:00"], "2026-03-01 01:30:00+00:00 cannot be restored: the earliest moment is 2026-03-01 01:30:12+00:00"),
    ({}, ["--to=2999-03-01 01:30:00+00:00"], "the latest one is now"),
    ({"free": 1000}, [], "has 0.0 GB free, and needs 1.0 GB"),
    ({"pgbackrest": "echo 'ERROR: [050]: unable to open'; exit 50"}, [], "pgbackrest info failed: ERROR: [050]: unable to open"),
    ({"pgbackrest": """echo '[{"status": {"code": 1, "message": "missing stanza path"}, "backup": []}]'"""}, [], "there is no backup: missing stanza path"),
])
def test_the_plan_refuses_what_cannot_be(call, host, programs, words, problem):
    host(**programs)
    ended, left = call("--plan", *words)
    assert problem in ended
    assert left is None


@pytest.mark.parametrize("moment, timeline, problem", [
    ("10:59:59", "latest", None),
    ("12:59:59", "latest", "2026-03-01 12:59:59+00:00 lies on a way that a restore left at 2026-03-01 11:00:00.25+00: timeline 2"),
    ("12:59:59", "2", None), ("14:00:00", "latest", None)])
def test_a_moment_that_an_earlier_restore_left_is_reached_by_its_timeline(call, host, moment, timeline, problem):
    """That restore ended, on the third timeline, at 13:00:00 UTC."""
    host(histories=RESTORED)
    ended, _left = call("--plan", f"--to=2026-03-01 {moment}+00:00", f"--timeline={timeline}")
    assert (problem in ended) if problem else (ended is None)


def test_a_timeline_alone_leads_nowhere(call, capsys):
    assert call("--plan", "--timeline=2")[0] == 2
    assert "leads to a moment, and none is given" in capsys.readouterr().err


def test_a_swap_that_fails_is_undone(call, restore, tmp_path, monkeypatch):
    rename = restore.os.rename

    def fail(source, target):
        if str(source).endswith(".restored"):
            raise OSError("No space left on device")
        rename(source, target)

    monkeypatch.setattr(restore.os, "rename", fail)
    ended, left = call()
    assert ended == "No space left on device"
    assert (left["restored"], left["former"]) == (False, None)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("data")] == ["data"]


def test_a_moment_needs_its_offset(call, capsys):
    assert call("--plan", "--to=2026-03-01 12:00:00")[0] == 2
    assert "lacks its offset from UTC" in capsys.readouterr().err


def test_what_was_restored_takes_the_place_of_the_data(call, tmp_path, database):
    (tmp_path / "data/old").touch()
    ended, left = call("--to=2026-03-01 12:00:00+01:00", f"--result={tmp_path}/result.json")
    assert ended is None
    assert (left["restored"], left["problem"], left["newest"]) == (True, None, NEWEST)
    assert (tmp_path / left["former"] / "old").exists()
    assert not (tmp_path / "data/old").exists()
    assert "--type=time --target=2026-03-01 11:00:00.000000+00 --target-action=promote restore" in (tmp_path / "asked").read_text()
    assert [words for words, _values in database.told if "ALTER" in words]  # the next start is none that restores
    assert left["bytes"] == 40_000_000


def refuse(**_login):
    raise LookupError("the database system is starting up")


@pytest.mark.parametrize("programs, segment, problem", [
    ({"pg_ctl": "exit 0"}, None, "a PostgreSQL runs over"),
    ({"postgres": "echo 'FATAL:  recovery ended before configured recovery target was reached'; echo bye; exit 1"}, None,
     "the restored PostgreSQL ended: FATAL:  recovery ended before configured recovery target was reached"),
    ({}, "000000020000000000000008", "one in between is missing or damaged"),
])
def test_the_data_stay_where_it_fails(call, host, database, tmp_path, monkeypatch, programs, segment, problem):
    host(**programs)
    if segment:
        database.answers = [(segment, NEWEST)]
    elif "postgres" in programs:
        monkeypatch.setattr(sys.modules["psycopg2"], "connect", refuse)
    ended, left = call()
    assert problem in ended
    assert (left["restored"], left["former"]) == (False, None)
    assert problem in left["problem"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("data")) == ["data"]


def test_it_is_asked_when_it_says_that_it_is_open(call, host, database, monkeypatch):
    """At its first word it lets nobody in yet."""
    host(postgres=f"{TELL}; {TELL}; {STAY}")
    asked = []

    def connect(**login):
        asked.append(login)
        return database if len(asked) > 1 else refuse()

    monkeypatch.setattr(sys.modules["psycopg2"], "connect", connect)
    assert call()[0] is None


def test_one_that_never_opens_is_waited_for_no_longer_than_said(call, host, tmp_path):
    host(postgres=STAY)
    ended, left = call(f"--result={tmp_path}/result.json", "--patience=0.1")
    assert ended == left["problem"] == "the archive was not replayed within 0 s"
