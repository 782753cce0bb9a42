# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module units_started as a whole; systemctl answers as recorded on Debian 13, and notes what it is asked for."""
from __future__ import annotations

import os

import pytest

from ansible_collections.steady.airflow.plugins.modules import units_started
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES
from ansible_collections.steady.airflow.tests.unit.stage import result_of

RECORDED = (FIXTURES / "systemd/show.txt").read_text(encoding="utf-8").split("\n\n")[0]
NAMES = ["etcd.service", "patroni.service"]


@pytest.fixture(name="play")
def played(tmp_path, monkeypatch, capsys):
    script = tmp_path / "systemctl"
    script.write_text(
        "#!/bin/sh\n[ \"$1\" = show ] && exec cat %(here)s/shown\necho \"$*\" >>%(here)s/calls\n"
        "[ ! -e %(here)s/broken ] || { echo 'Unit is masked.' >&2; exit 1; }\n" % {"here": tmp_path})
    script.chmod(0o755)
    monkeypatch.setenv("PATH", "%s:%s" % (tmp_path, os.environ["PATH"]))

    def play(*changes, broken=False, **options):
        blocks = []
        for change in changes:
            block = RECORDED
            for before, after in change.items():
                assert before in block
                block = block.replace(before, after)
            blocks.append(block)
        (tmp_path / "shown").write_text("\n\n".join(blocks))
        if broken:
            (tmp_path / "broken").touch()
        found = result_of(units_started.main, capsys, names=NAMES, **options)
        calls = tmp_path / "calls"
        return found, calls.read_text().splitlines() if calls.exists() else []

    return play


STOPPED = {"ActiveState=active": "ActiveState=inactive"}
NOT_ENABLED = {"UnitFileState=enabled": "UnitFileState=disabled"}


def test_all_start_with_one_call(play):
    found, calls = play(dict(STOPPED, **NOT_ENABLED), dict(STOPPED, **NOT_ENABLED))
    assert (found["changed"], found["started"], found["enabled"]) == (True, NAMES, NAMES)
    assert calls == ["enable etcd.service patroni.service", "start --no-block etcd.service patroni.service"]


def test_what_runs_and_is_enabled_stays_alone(play):
    found, calls = play({}, {})
    assert (found["changed"], calls) == (False, [])


def test_each_gets_only_what_it_lacks(play):
    found, calls = play(STOPPED, NOT_ENABLED)
    assert (found["started"], found["enabled"]) == (["etcd.service"], ["patroni.service"])
    assert calls == ["enable patroni.service", "start --no-block etcd.service"]


def test_check_mode_starts_nothing(play):
    found, calls = play(STOPPED, {}, _ansible_check_mode=True)
    assert (found["changed"], calls) == (True, [])


def test_a_unit_that_is_not_there_is_told_before_any_is_started(play):
    found, calls = play({"LoadState=loaded": "LoadState=not-found"}, STOPPED)
    assert (found["msg"], calls) == ("there is no unit etcd.service on this host", [])


def test_what_systemd_says_is_told(play):
    found, _calls = play(STOPPED, {}, broken=True)
    assert found["failed"] and "Unit is masked." in found["msg"]
