# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which components hang: the watchdog's judgement, over looks that are written down here."""
from __future__ import annotations

import importlib.util
import sys

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

PATIENCE, START, INTERVAL = 90, 60, 5


@pytest.fixture(name="hung", scope="module")
def judgement():
    spec = importlib.util.spec_from_file_location("hung", ROOT / "roles/airflow_component/files/hung.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["hung"] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    yield module
    del sys.modules["hung"]


@pytest.fixture(name="kills")
def looks(hung):
    """[(time, unit)] of the kills, when the looks see this: see(time) gives {unit: (processes, sign)}, or None without a database."""
    limits = hung.Limits(PATIENCE, START)

    def watch(see, until, times=None):
        memory, found = hung.NOTHING, []
        watch.so_far = found
        for now in times or range(0, until, INTERVAL):
            seen = see(now)
            sights = None if seen is None else {unit: hung.Sight(*sight) for unit, sight in seen.items()}
            memory = hung.remember(memory, now, sights, limits)
            sick = hung.hung(memory, sights, limits)
            memory = hung.killed(memory, sick)
            found += [(now, unit) for unit in sick]
        return found

    return watch


def beats(until=float("inf"), process=1):
    """A component that gives signs until then."""
    return lambda now: {"unit": ((process,), min(now, until))}


def test_a_component_that_works_is_left_alone(kills):
    assert kills(beats(), until=10000) == []


def test_one_that_falls_silent_is_killed_when_the_patience_is_over(kills):
    assert kills(beats(until=300), until=400) == [(395, "unit")]


def test_only_the_silent_one_is_killed(kills):
    assert kills(lambda now: {"works": ((1,), now), "hangs": ((2,), min(now, 300))}, until=400) == [(395, "hangs")]


def test_a_new_process_may_take_its_time_for_the_first_sign(kills):
    assert kills(lambda now: {"unit": ((1,), "of the last process")}, until=300) == [(START + PATIENCE + INTERVAL, "unit")]


def test_no_sign_at_all_is_silence(kills):
    assert kills(lambda now: {"unit": ((1,), None)}, until=300) == [(START + PATIENCE + INTERVAL, "unit")]


def test_a_restarted_one_begins_anew(kills):
    assert kills(lambda now: {"unit": ((1 if now < 340 else 2,), min(now, 300))}, until=340 + START + PATIENCE) == []


def test_one_that_does_not_answer_now_and_then_is_left_alone(kills):
    assert kills(lambda now: {"unit": ((1,), now if now % 80 == 0 else None)}, until=10000) == []


def test_what_is_not_at_work_is_not_judged(kills):
    """A dag-processor stands by for hours, and then gets the lock."""
    def see(now):
        return {"unit": ((1,), "old")} if now > 7200 else {}

    assert kills(see, until=7200 + START + PATIENCE) == []


def test_a_kill_is_not_repeated_within_the_patience_even_if_the_process_stays(kills):
    times = [now for now, _unit in kills(beats(until=300), until=2000)]
    assert times[0] == 395
    assert all(later - earlier > PATIENCE for earlier, later in zip(times, times[1:]))


def test_kills_that_do_not_help_become_rare(kills):
    """Such as of one whose start takes 400 s: it gets there in the end."""
    def see(now):
        start = max([0, *(when for when, _unit in kills.so_far)])
        return {"unit": ((start,), now if now - start > 400 else "of the last process")}

    assert [now for now, _unit in kills(see, until=5000)] == [155, 405]


def test_without_a_database_nobody_is_killed_and_silence_begins_anew_after_it(kills):
    def see(now):
        return None if 350 <= now < 1000 else {"unit": ((1,), min(now, 300))}

    assert kills(see, until=1100) == [(995 + PATIENCE + INTERVAL, "unit")]


def busy(until, part, since=0):
    """One that wants a processor for this part of the time, and gives no sign from the one moment to the other."""
    return lambda now: {"unit": ((1,), now if now < since or now > until else "silent", now * part)}


@pytest.mark.parametrize("since", [0, 300])
def test_one_that_wants_a_processor_is_slow_and_not_hung(kills, since):
    assert kills(busy(since + 550, 0.25, since), until=since + 640) == []


@pytest.mark.parametrize("since, killed", [(0, START + PATIENCE + INTERVAL), (300, 395)])
def test_one_that_wants_none_is_hung(kills, since, killed):
    assert kills(busy(since + 550, 0.15, since), until=since + 250) == [(killed, "unit")]


def test_one_that_computes_for_ever_is_hung_in_the_end(kills):
    assert kills(busy(5000, 1), until=800) == [(600 + PATIENCE, "unit")]


def test_one_that_says_that_it_is_busy_has_the_same_time(kills):
    assert kills(lambda now: {"unit": ((1,), "silent", 0, True)}, until=800) == [(600 + PATIENCE, "unit")]


def test_one_look_without_a_database_is_enough(kills):
    assert kills(lambda now: None if now % 85 == 0 else {"unit": ((1,), "silent")}, until=5000) == []


@pytest.mark.parametrize("pause", [31, 36000])
def test_a_host_that_slept_kills_nobody_when_it_wakes(kills, pause):
    wakes = 380 + pause
    times = [*range(0, 381, INTERVAL), *range(wakes, wakes + PATIENCE + 1, INTERVAL)]
    assert kills(beats(until=300), until=None, times=times) == []


def test_looks_that_took_long_are_looks(kills):
    """The api-server's answer is waited for."""
    assert kills(beats(until=300), until=None, times=range(0, 500, 15)) == [(405, "unit")]
