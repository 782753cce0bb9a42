# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watch over backups tells, of answers that were recorded from pgBackRest 2.55."""
from __future__ import annotations

import json
import signal
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.plugins.modules.pgbackrest_play import recording
from ansible_collections.steady.airflow.tests.unit.roles.scripts import load_scripts

PROOF = {"proven": True, "problem": None, "began": 1000.5, "backup": "20261130-092633F_20261130-092634I", "rows": {"airflow public.dag": 3},
         "seconds": {"restore": 1.5, "replay": 2.0, "read": 9.0}}


class Enough(Exception):
    """The test has seen what it waited for."""


@pytest.fixture(name="watch")
def script(monkeypatch, tmp_path):
    """Looks once: (what it left as JSON, its metrics, its words)."""
    monkeypatch.setitem(sys.modules, "psycopg2", types.SimpleNamespace(Error=LookupError, OperationalError=LookupError))
    load_scripts(monkeypatch, "metrics", role="airflow_component")
    module = load_scripts(monkeypatch, "server", "beside", "watch")
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))

    def rest(signals, seconds):
        assert (signals, seconds) == ({signal.SIGUSR1}, 60)
        raise Enough

    def run(pgbackrest_says, proof=None, now=None):
        (tmp_path / "bin/pgbackrest").write_text("#!/bin/sh\n%s\n" % pgbackrest_says)
        (tmp_path / "bin/pgbackrest").chmod(0o755)
        if proof:
            (tmp_path / "proof.json").write_text(json.dumps(proof))
        said = []
        monkeypatch.setattr(module.metrics, "status", said.append)
        monkeypatch.setattr(module, "time", types.SimpleNamespace(time=lambda: now))
        monkeypatch.setattr(module.signal, "sigtimedwait", rest)
        monkeypatch.setattr(module.signal, "pthread_sigmask", lambda *_how: None)
        monkeypatch.setattr(sys, "argv", ["watch.py", "--stanza=airflow", "--oldest=26", "--furthest-behind=600", "--proof=%s" % (tmp_path / "proof.json")])
        with pytest.raises(Enough):
            module.main()
        return json.loads((tmp_path / "backups.json").read_text()), (tmp_path / "airflow_backup.prom").read_text(), said[0]

    return run


@pytest.fixture(name="whole")
def what_a_whole_repository_says():
    """(words of a program that answers so, when that was)"""
    recorded = recording("two_backups")
    segments = recorded["repo-ls"]
    answers = "case $* in *repo-ls*) echo '%s';; *) echo '%s';; esac" % (json.dumps(segments), json.dumps(recorded["info"]))
    return answers, max(one["time"] for one in segments.values() if "time" in one) + 30


def test_all_that_is_known_is_told(watch, whole):
    left, metrics, words = watch(whole[0], PROOF, whole[1])
    known = {name: value for name, value in PROOF.items() if name != "rows"}
    assert (left["healthy"], left["problems"], left["proof"], left["time"]) == (True, [], known, whole[1])
    assert "airflow_backup_healthy 1\n" in metrics and "airflow_backup_proven 1\n" in metrics
    assert "airflow_backup_restore_seconds 3.5\n" in metrics
    assert "airflow_backup_newest_timestamp_seconds %d\n" % left["backups"][-1]["stop"] in metrics
    assert words == "%d backups, the newest one %s; 20261130-092633F_20261130-092634I is proven" % (len(left["backups"]), left["backups"][-1]["label"])


def test_what_nobody_proved_or_could_prove_is_told(watch, whole):
    assert watch(*whole[:1], None, whole[1])[2].endswith("nothing of it was ever restored")
    left, metrics, words = watch(whole[0], {"began": 5.0, "proven": False, "problem": "pgbackrest restore failed"}, whole[1])
    assert words.endswith("not proven: pgbackrest restore failed")
    assert "airflow_backup_proven 0\n" in metrics and "restore_seconds" not in metrics
    assert left["healthy"]


def test_a_repository_that_does_not_answer_is_told(watch, capsys):
    left, metrics, words = watch("echo 'ERROR: [125]: remote process terminated' >&2; exit 125", now=5.0)
    assert left["problems"] == ["pgbackrest info failed: ERROR: [125]: remote process terminated"]
    assert "airflow_backup_healthy 0\n" in metrics and "newest" not in metrics
    assert words.startswith("pgbackrest info failed: ERROR")
    assert capsys.readouterr().err == "pgbackrest info failed: ERROR: [125]: remote process terminated\n"


def test_an_old_backup_is_told(watch, whole):
    left, _metrics, words = watch(whole[0], PROOF, whole[1] + 200 * 3600)
    assert not left["healthy"] and "h old" in words


def test_a_proof_of_a_backup_that_is_gone_is_none(watch, whole):
    assert watch(whole[0], {**PROOF, "backup": "20250101-000000F"}, whole[1])[0]["proof"] is None


@pytest.mark.parametrize("began, known", [(10, "before"), (100000, "not proven: it was begun")])
def test_while_a_drill_runs_the_last_one_counts(watch, whole, monkeypatch, tmp_path, began, known):
    watch(whole[0], PROOF, whole[1])
    module = sys.modules["watch"]
    (tmp_path / "proof.json").write_text(json.dumps({"running": True, "proven": False, "problem": "it was begun", "began": whole[1] - began}))
    told = module.proof(tmp_path / "proof.json", {"backups": []}, {"proof": "before"})
    assert told == known if began == 10 else "not proven: " + told["problem"] == known
