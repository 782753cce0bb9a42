# SPDX-License-Identifier: GPL-3.0-or-later
"""Stages: what the terminal shows, what the log keeps."""

from __future__ import annotations

import io
import sys

import pytest
import stages


@pytest.fixture
def terminal():
    return io.StringIO()


@pytest.fixture
def two(tmp_path, terminal):
    return stages.Stages(2, tmp_path / "log", terminal)


def printing(*lines):
    return [sys.executable, "-c", "for line in %r: print(line)" % (lines,)]


def test_plays_are_shown_and_everything_is_logged(two, terminal):
    lines = two.run("Deploy", lambda stage: stage.command(printing("PLAY [Deploy etcd] ***", "TASK [etcd : Install] ***", "ok: [node1]")))
    assert lines[-1] == "ok: [node1]"
    assert "[1/2] Deploy" in terminal.getvalue() and "Deploy etcd" in terminal.getvalue()
    assert "ok: [node1]" not in terminal.getvalue()
    assert "ok: [node1]" in two.log_path.read_text()
    assert two.times[0][0] == "Deploy"


def test_a_play_that_takes_host_by_host_is_shown_once(two, terminal):
    two.run("Deploy", lambda stage: stage.command(printing("PLAY [Restart] ***", "ok: [node1]", "PLAY [Restart] ***", "PLAY [Deploy] ***")))
    assert terminal.getvalue().count("Restart") == 1


def test_a_command_that_fails_shows_its_end(two):
    with pytest.raises(stages.StageFailed, match="the reason\n\n.* ended with 1"):
        two.command([sys.executable, "-c", "print('the reason'); raise SystemExit(1)"])


def test_what_went_wrong_is_told_with_the_log_and_is_exit_code_1(two, terminal):
    def work(stage):
        raise KeyError("the reason")

    assert two.main(lambda stage: 0) == 0
    assert "reason" not in terminal.getvalue()
    assert two.main(work, KeyError) == 1
    assert f"the reason'\nFull log: {two.log_path}" in terminal.getvalue()
    with pytest.raises(KeyError):
        two.main(work)


def test_durations_read_well():
    assert [stages.duration(seconds) for seconds in (0.4, 59, 75)] == ["0 s", "59 s", "1 min 15 s"]


def test_columns_are_as_wide_as_their_widest_cell():
    assert stages.table(("Tier", "Members"), [("etcd", 3), ("PostgreSQL", 3)]) == ["Tier        Members", "etcd        3", "PostgreSQL  3"]
