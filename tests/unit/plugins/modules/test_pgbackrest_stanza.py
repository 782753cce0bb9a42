# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import functools
import json

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils._wait import until
from ansible_collections.steady.airflow.plugins.modules import pgbackrest_stanza
from ansible_collections.steady.airflow.tests.unit.plugins.modules.pgbackrest_play import LOCKED, call, play, recording

OURS = "7713892009293620161"


@pytest.mark.parametrize("case, check_mode, changed, backups, created", [
    ("no_stanza", False, True, 0, True), ("no_stanza", True, True, 0, False), ("two_backups", False, False, 2, False)])
def test_a_place_is_made_where_it_is_missing(monkeypatch, capsys, case, check_mode, changed, backups, created):
    calls = play(monkeypatch, recording(case))
    told = call(pgbackrest_stanza, capsys, system_identifier=OURS, _ansible_check_mode=check_mode)
    assert (told["changed"], told["backups"]) == (changed, backups)
    assert (["stanza-create"] in calls) is created


def test_backups_of_another_cluster_are_left_alone(monkeypatch, capsys):
    calls = play(monkeypatch, recording("two_backups"))
    told = call(pgbackrest_stanza, capsys, system_identifier="1")
    assert told["failed"]
    assert told["msg"].startswith("the repository holds backups of another cluster: its number is %s, and that of the one that runs is 1" % OURS)
    assert calls == [["info"]]


@pytest.mark.parametrize("found", ["?", "9\x01\udcab+\x12\x7f"])
def test_another_key_is_told_as_what_it_may_be(monkeypatch, capsys, found):
    """What it found stands in the answer, as the bytes that they are."""
    answer = json.dumps(recording("another_key")["info"]).replace("line 1: ?", "line 1: " + found)
    monkeypatch.setattr(AnsibleModule, "run_command", lambda self, arguments, **options: (0, answer, ""))
    told = call(pgbackrest_stanza, capsys, system_identifier=OURS)
    assert told["failed"]
    assert "give back the former backup_repository_password" in told["msg"]


def test_a_store_that_refuses_is_told_with_what_it_said(monkeypatch, capsys):
    play(monkeypatch, recording("store_refuses"))
    told = call(pgbackrest_stanza, capsys, system_identifier=OURS)
    assert "HTTP request failed with 403 (Forbidden). See that key, secret, bucket and region" in told["msg"]


@pytest.mark.parametrize("refusals, failed", [(2, False), (20, True)])
def test_a_leader_that_is_busy_is_waited_for(monkeypatch, capsys, refusals, failed):
    moments = [0.0]
    patience = functools.partial(until, clock=lambda: moments[0], sleep=lambda seconds: moments.append(moments.pop() + seconds))
    monkeypatch.setattr(pgbackrest_stanza, "until", patience)
    play(monkeypatch, recording("no_stanza"), [LOCKED] * refusals)
    told = call(pgbackrest_stanza, capsys, system_identifier=OURS, wait=5)
    assert bool(told.get("failed")) is failed
    assert ("unable to acquire lock" in told.get("msg", "")) is failed
