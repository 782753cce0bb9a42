# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate as a whole: stages that are quick stand for those of the project."""

from __future__ import annotations

import subprocess
import sys

import gate
import pytest


def python(code):
    return [sys.executable, "-c", code]


@pytest.fixture(name="checkout")
def small_checkout(tmp_path, monkeypatch):
    """A git repository with one commit, in which the gate runs."""
    for command in (["init", "-q"], ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / ".git/info/exclude").write_text("/.gate/\n")
    monkeypatch.setattr(gate, "ROOT", tmp_path)
    monkeypatch.setattr(gate, "LOGS", tmp_path / ".gate")
    monkeypatch.setattr(gate, "SUPPORT", tmp_path / ".gate/support")
    monkeypatch.setattr(gate, "PASSED", tmp_path / ".git/cache/passed")
    monkeypatch.setattr(gate, "FILES", (("unit", python("print('=== 4 passed in 0.10s ===')")),))
    monkeypatch.setattr(gate, "STACK", (("hosts", python("print('INFO [three_nodes > verify] Executing')"), gate.STAGES),))
    monkeypatch.setattr(gate, "HOSTS", ())
    monkeypatch.setattr(gate, "DESTROY", python(""))
    monkeypatch.setattr(gate, "COLLECT", python("import pathlib, sys; pathlib.Path(sys.argv[1], 'summary.txt').write_text('node2 etcd.service failed')"))
    return tmp_path


def test_what_passed_is_a_table_and_the_commit_is_remembered(checkout, capsys):
    assert gate.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "4 passed, 0 failed"  # devenv, unit, hosts, verify
    assert "4 passed" in lines
    assert [line.split()[0] for line in lines if line.endswith("  passed")] == ["devenv", "unit", "hosts", "verify"]
    assert gate.PASSED.read_text() == gate.git("rev-parse", "HEAD") + "\n"


def test_a_tree_with_changes_is_not_remembered(checkout):
    (checkout / "new").write_text("")
    assert gate.main() == 0
    assert not gate.PASSED.exists()


def test_a_failure_is_told_last_with_its_reason_and_where_its_log_is(checkout, capsys, monkeypatch):
    monkeypatch.setattr(gate, "FILES", (("unit", python("print('FAILED tests/unit/test_a.py::test_a'); raise SystemExit(1)")),))
    assert gate.main() == 1
    out = capsys.readouterr().out
    assert "unit failed. Its log: .gate/unit.log\n  FAILED tests/unit/test_a.py::test_a\n" in out
    assert out.endswith("3 passed, 1 failed\n")
    assert not gate.PASSED.exists()


def test_failed_hosts_are_asked_before_they_go(checkout, capsys, monkeypatch):
    code = "print('INFO [three_nodes > converge] Executing', 'fatal: [node2]: FAILED!', sep=chr(10), flush=True); raise SystemExit(2)"
    monkeypatch.setattr(gate, "STACK", (("hosts", python(code), gate.STAGES),))
    assert gate.main() == 1
    told = capsys.readouterr().out.splitlines()[-60:]
    assert "converge failed. Its log: .gate/hosts.log" in told
    assert "  fatal: [node2]: FAILED!" in told
    assert "  node2 etcd.service failed" in told
    assert not gate.SUPPORT.joinpath("nothing").exists()
