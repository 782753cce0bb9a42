# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import types

import pytest

from ansible_collections.steady.airflow.plugins.modules import pgbackrest_info
from ansible_collections.steady.airflow.tests.unit.plugins.modules.pgbackrest_play import call, play, recording

CAME = 1796030796  # the newest of all that was recorded
HOUR = 3600


@pytest.fixture(name="kept")
def what_is_kept(monkeypatch, capsys):
    def ask(answers, later=0, **arguments):
        play(monkeypatch, answers)
        monkeypatch.setattr(pgbackrest_info, "time", types.SimpleNamespace(time=lambda: CAME + later))
        return call(pgbackrest_info, capsys, **arguments)

    return ask


def test_what_is_kept_is_told(kept):
    told = kept(recording("two_backups"), later=HOUR / 10)
    assert (told["healthy"], told["problems"], told["changed"]) == (True, [], False)
    assert [(one["label"], one["type"]) for one in told["backups"]] == [("20261130-092633F", "full"), ("20261130-092633F_20261130-092634I", "incr")]
    assert {name: told["backups"][1][name] for name in ("start", "stop", "error", "size", "stored")} == {
        "start": 1796030794, "stop": CAME, "error": False, "size": 31175875, "stored": 408}
    assert told["archive"] == {"first": "000000010000000000000007", "last": "00000001000000000000000B", "came": CAME, "behind": 360}
    assert (told["age"], told["running"], told["encrypted"]) == (0.1, False, True)


@pytest.mark.parametrize("later, arguments, problems", [
    (700, {}, ["the newest write-ahead log, 00000001000000000000000B, came 700 s ago: the archive falls behind"]),
    (700, {"furthest_behind": 800}, []),
    (27 * HOUR, {"furthest_behind": 1e9}, ["the newest backup, 20261130-092633F_20261130-092634I, is 27 h old"]),
    (27 * HOUR, {"furthest_behind": 1e9, "oldest": 48}, []),
])
def test_what_is_too_old_is_a_problem(kept, later, arguments, problems):
    told = kept(recording("two_backups"), later, **arguments)
    assert (told["problems"], told["healthy"]) == (problems, not problems)


@pytest.mark.parametrize("case, problem", [
    ("no_stanza", "the repository has no place for airflow yet (missing stanza path)"),
    ("another_key", "the repository cannot be read: [FormatError] unable to load info file '/var/lib/pgbackrest/backup/airflow/backup.info' or "
                    "'/var/lib/pgbackrest/backup/airflow/backup.info.copy'"),
])
def test_where_nothing_can_be_kept_that_is_the_only_problem(kept, case, problem):
    told = kept(recording(case))
    assert told["problems"] == [problem]
    assert (told["age"], told["archive"]["came"]) == (None, None)


def test_damaged_pages_are_a_problem(kept):
    answers = recording("two_backups")
    answers["info"][0]["backup"][-1]["error"] = True
    assert "checksums are wrong" in kept(answers)["problems"][0]


def test_before_the_first_backup_it_says_whether_one_is_being_made(kept):
    answers = recording("two_backups")
    answers["info"][0].update(backup=[], status={"code": 2, "message": "no valid backups", "lock": {"backup": {"held": True}}})
    told = kept(answers)
    assert (told["problems"], told["running"]) == (["there is no backup yet, one is being made"], True)
