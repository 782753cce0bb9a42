# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restore drill leaves behind, and says, when it fails. That it succeeds is seen on hosts."""
from __future__ import annotations

import json
import os
import shutil
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.plugins.modules.pgbackrest_play import recording
from ansible_collections.steady.airflow.tests.unit.roles.scripts import load_scripts

SIZE = 40_000_000


@pytest.fixture(name="drill")
def script(monkeypatch):
    def connect(host, dbname):
        raise LookupError

    monkeypatch.setitem(sys.modules, "psycopg2", types.SimpleNamespace(Error=LookupError, OperationalError=LookupError, connect=connect))
    return load_scripts(monkeypatch, "server", "beside", "restore_drill")


@pytest.fixture(name="prove")
def a_drill(drill, monkeypatch, tmp_path):
    """Runs it with a pgBackRest that answers so: (what it says at its end, what it leaves)."""
    programs = tmp_path / "bin"
    programs.mkdir()

    def run(info="[]", restore="exit 0", free=2_000_000_000, postgres="exit 1"):
        for path, text in (("pg_checksums", "exit 0"), ("pgbackrest", f"case $* in *info*) echo '{info}';; *) {restore};; esac"), ("postgres", postgres)):
            (programs / path).write_text(f"#!/bin/sh\n{text}\n")
            (programs / path).chmod(0o755)
        monkeypatch.setenv("PATH", str(programs), prepend=":")
        monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=free))
        paths = [f"--directory={tmp_path}/restored", f"--programs={programs}", f"--running={tmp_path}/running.json", f"--result={tmp_path}/result.json"]
        monkeypatch.setattr(sys, "argv", ["restore_drill.py", "--stanza=airflow", "--config=none", "--patience=60", *paths])
        with pytest.raises(SystemExit) as ended:
            drill.main()
        assert not (tmp_path / "restored").exists()
        return ended.value.code, json.loads((tmp_path / "result.json").read_text())

    return run


BACKUP = {"label": "20260301-013000F", "info": {"size": SIZE}, "timestamp": {"stop": 1}}
BACKUPS = json.dumps([{"status": {"code": 0, "message": "ok"}, "archive": [{"max": "000000010000000000000009"}], "backup": [BACKUP]}])
NONE = json.dumps([{"status": {"code": 2, "message": "no valid backups"}, "backup": []}])
ANOTHER_KEY = json.dumps(recording("another_key")["info"])


def test_another_key_is_told_without_what_it_found(prove):
    said, left = prove(ANOTHER_KEY.replace("line 1: ?", "line 1: 9\x01\x12").replace("'", ""))
    assert left["problem"].startswith("the repository cannot be read: [FormatError] unable to load info file /var/lib/pgbackrest/backup/airflow/backup.info")
    assert said.endswith("give back the former backup_repository_password")
    assert "line 1" not in said


def test_without_a_backup_nothing_is_proven(prove):
    said, left = prove(NONE)
    assert said == "the backup is not proven: there is no backup: no valid backups"
    assert (left["proven"], left["problem"]) == (False, "there is no backup: no valid backups")


def test_a_full_disk_is_told_before_anything_is_restored(prove):
    said, left = prove(BACKUPS, free=1000, restore="touch /nowhere/at/all")
    assert "has 0.0 GB free, and needs 1.0 GB" in said
    assert left["backup"] == "20260301-013000F"


def test_what_pgbackrest_says_is_the_reason(prove):
    said, left = prove(BACKUPS, restore="echo 'ERROR: [082]: WAL segment missing'; exit 82")
    assert said == "the backup is not proven: pgbackrest restore failed: ERROR: [082]: WAL segment missing"
    assert left["proven"] is False


def test_one_that_is_told_to_end_leaves_no_older_proof(prove, drill, monkeypatch, tmp_path):
    (tmp_path / "result.json").write_text('{"proven": true}')
    monkeypatch.setattr(drill.Drill, "prove", lambda self, *_running: os.kill(os.getpid(), drill.signal.SIGTERM))
    said, left = prove(BACKUPS)
    assert said == "told to end before anything was proven"
    assert (left["proven"], left["problem"]) == (False, "it was begun, and did not come to its end")


@pytest.mark.parametrize("segment, problem", [
    ("000000020000000000000009", None), ("00000001000000000000000A", None),
    ("000000010000000000000008", "replay ended with 000000010000000000000008, although the archive goes on to 000000010000000000000009: one in between is "
                                 "missing or damaged")])
def test_where_replay_stopped_is_compared_with_what_is_kept(prove, drill, monkeypatch, segment, problem):
    monkeypatch.setattr(drill.Drill, "replay", lambda self, running: self.found.update(newest=5.0) or segment)
    monkeypatch.setattr(drill.Drill, "read", lambda self, connect: {})
    said, left = prove(BACKUPS, postgres="exit 0")
    assert (left["problem"], left["newest"]) == (problem, 5.0)
    assert said == (problem and "the backup is not proven: " + problem)


@pytest.mark.parametrize("archived, problem", [
    (True, "what was restored lacks airflow public.dag_run, which the database has that runs, and its archive was up to date"), (False, None)])
def test_a_table_that_was_archived_and_is_not_there_is_no_proof(prove, drill, monkeypatch, tmp_path, archived, problem):
    monkeypatch.setattr(drill.Drill, "replay", lambda self, running: "000000010000000000000009")
    monkeypatch.setattr(drill.Drill, "read", lambda self, connect: {"airflow public.job": 3})
    (tmp_path / "running.json").write_text(json.dumps({"rows": {"airflow public.dag_run": 120, "airflow public.job": 5}, "archived": archived}))
    _said, left = prove(BACKUPS, postgres="exit 0")
    assert (left["proven"], left["problem"]) == (problem is None, problem)
    assert left["rows"] == {"airflow public.dag_run": [None, 120], "airflow public.job": [3, 5]}


def test_a_postgresql_that_does_not_start_is_no_proof(prove):
    said, _left = prove(BACKUPS)
    assert "the restored PostgreSQL ended" in said
