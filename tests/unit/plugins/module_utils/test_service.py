# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a unit needs, judged on what systemctl of Debian 13 printed (fixtures/systemd/show.txt)."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _service
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

NAMES = ("etcd", "patroni", "haproxy", "masked", "unknown", "airflow")
STARTED = 1795344495.196755  # etcd's process
CHANGED = 1795344831.604077  # its unit, five minutes later


@pytest.fixture(name="units")
def recorded_units():
    shown = _service.parse_show((FIXTURES / "systemd/show.txt").read_text(encoding="utf-8"))
    return dict(zip(NAMES, shown))


def test_every_unit_is_found_in_its_place(units):
    assert len(units) == len(NAMES)
    assert all(set(shown) == set(_service.PROPERTIES) for shown in units.values())
    assert (units["masked"]["LoadState"], units["unknown"]["LoadState"]) == ("masked", "not-found")


def test_nothing_shown_is_no_unit():
    assert _service.parse_show("\n") == []


def test_what_systemd_has_not_read_yet_is_seen(units):
    units = list(units.values())
    assert not _service.knows_old_files([], units)
    assert not _service.knows_old_files(["/etc/default/etcd"], units)
    assert _service.knows_old_files(["/etc/systemd/system/etcd.service.d/steady.conf"], units)
    assert _service.knows_old_files([], units + [{"NeedDaemonReload": "yes"}])


def test_times_are_exact_to_the_microsecond(units):
    assert _service.parse_time(units["etcd"]["ExecMainStartTimestamp"]) == pytest.approx(STARTED, abs=1e-6)
    assert _service.parse_time(units["etcd"]["StateChangeTimestamp"]) == pytest.approx(CHANGED, abs=1e-6)


@pytest.mark.parametrize("weekday", ["Sun", "So", "dim."])
def test_times_are_read_in_any_language(weekday):
    assert _service.parse_time(weekday + " 2026-11-29 05:11:58.250000 UTC") == 1795929118.25


@pytest.mark.parametrize("text", ["", None, "n/a"])
def test_what_never_started_has_no_time(text):
    assert _service.parse_time(text) == 0.0


@pytest.mark.parametrize("restart, reload, need", [
    (0.0, 0.0, ""),
    (STARTED - 1, CHANGED - 1, ""),
    (STARTED + 0.001, 0.0, "restart"),
    (float("inf"), 0.0, "restart"),
    (0.0, CHANGED + 0.001, "reload"),
    # changed after the start, but the unit was reloaded since
    (0.0, STARTED + 1, ""),
    (STARTED + 1, CHANGED + 1, "restart"),
])
def test_a_running_unit_needs_what_is_newer_than_it(units, restart, reload, need):
    assert _service.pending(units["etcd"], restart, reload) == need


@pytest.mark.parametrize(("result", "reload", "need"), [("exit-code", STARTED, "reload"), ("success", STARTED, ""), ("exit-code", 0.0, "")])
def test_a_reload_that_failed_is_still_needed(units, result, reload, need):
    assert _service.pending(dict(units["etcd"], ReloadResult=result), 0.0, reload) == need


@pytest.mark.parametrize("name", ["masked", "unknown"])
def test_what_does_not_run_is_to_be_started(units, name):
    assert _service.pending(units[name], float("inf"), float("inf")) == "start"


@pytest.mark.parametrize("state, need", [
    ("failed", "start"), ("deactivating", "start"), ("activating", ""), ("reloading", ""), ("active", "")])
def test_every_state_has_its_need(units, state, need):
    assert _service.pending(dict(units["etcd"], ActiveState=state), 0.0, 0.0) == need


@pytest.mark.parametrize("restart, reload", [(STARTED + 1, 0.0), (0.0, CHANGED + 1)])
def test_a_unit_that_begins_with_old_files_begins_in_vain(units, restart, reload):
    shown = dict(units["etcd"], ActiveState="activating")
    assert _service.pending(shown, restart, reload) == "start"
    assert _service.begins_in_vain(shown, "start")
    assert not _service.begins_in_vain(shown, "")
    assert not _service.begins_in_vain(dict(shown, ActiveState="inactive"), "start")


@pytest.mark.parametrize("state, need", [("disabled", "start"), ("", "start"), ("static", ""), ("enabled-runtime", "")])
def test_a_running_unit_that_a_reboot_would_not_start_is_started_again(units, state, need):
    assert _service.pending(dict(units["etcd"], UnitFileState=state), 0.0, 0.0) == need
