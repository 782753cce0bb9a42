# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import measures
from ansible_collections.steady.airflow.plugins.module_utils._drill.work import PULSE, TICK

NOTHING = {"write": [], "api": [], "run": []}


def start(moment, dag=PULSE, phase="start"):
    return {"dag": dag, "phase": phase, "at": moment}


def every(seconds, first, last):
    return [first + seconds * number for number in range(int((last - first) / seconds) + 1)]


def test_the_usual_gap_does_not_feel_an_outage():
    assert measures.usual([0, 1, 2, 3, 100, 101]) == 1
    assert measures.usual([5]) == measures.usual([]) == 0.0


def test_what_was_not_tried_is_not_measured():
    assert measures.series(NOTHING, [], 1.0, []) == {"database": None, "api": None, "scheduling": None}


def test_only_good_answers_and_starts_of_pulses_count():
    entries = {"write": [{"at": 1.0}, {"at": 1.5}], "api": [{"at": 2.0, "ok": True}, {"at": 3.0, "ok": None}, {"at": 3.5, "ok": False}], "run": []}
    lines = [start(1.0), start(1.5, phase="commit"), start(2.0, TICK), start(5.0)]
    assert measures.series(entries, lines, 2.0, []) == {
        "database": {"moments": [1.0, 1.5], "least": 1.5, "overdue": 0.0},
        "api": {"moments": [2.0], "least": 1.0, "overdue": 0.0},
        "scheduling": {"moments": [1.0, 5.0], "least": 6.0, "overdue": 6.0},
    }


@pytest.mark.parametrize("lines, missing", [([start(1.0)], ["node1"]), ([start(1.0), start(None)], []), ([start(1.0, TICK)], [])])
def test_starts_that_may_lack_some_measure_nothing(lines, missing):
    assert measures.series(NOTHING, lines, 1.0, missing)["scheduling"] is None


WRITES = {"moments": [*every(0.1, 0, 10), *every(0.1, 30, 100)], "least": 1.1, "overdue": 0.0}


@pytest.mark.parametrize("injected, whole, limit, found", [
    (10.05, 60, 100, [[10.05, 30]]),
    (5, 60, 100, [[10, 30]]),
    (40, 60, 100, []),
    # it was still away when all was called whole
    (5, 20, 100, [[10, 30]]),
    # it did not come back before the next fault, and nobody looked any longer
    (5, None, 25, [[10, 25]]),
    (5, 15, 20, [[10, 20]]),
    # after the fault
    (2, 4, 100, []),
])
def test_an_outage_is_one_of_its_fault(injected, whole, limit, found):
    assert measures.outages(WRITES, injected, whole, limit) == [[pytest.approx(begin), pytest.approx(end)] for begin, end in found]


def test_scheduling_is_away_from_when_a_start_is_overdue():
    starts = [*every(1.0, 0, 50), *every(1.0, 80, 100)]
    seen = measures.series(NOTHING, [start(moment) for moment in starts], 1.0, [])["scheduling"]
    assert measures.outages(seen, 49.5, 90, 100) == [[52.0, 80.0]]
    late = measures.series(NOTHING, [start(moment) for moment in [*every(1.0, 0, 50), *every(1.0, 52, 100)]], 1.0, [])["scheduling"]
    assert measures.outages(late, 49.5, 90, 100) == []


@pytest.mark.parametrize("told, whole, found", [
    ([[12, 15], [20, 21]], 60, [[12, 15], [20, 21]]),
    ([[5, 15]], 60, [[10, 15]]),
    ([[5, 9]], 60, []),
    ([[12, None]], None, [[12, 100]]),
    ([[12, None]], 60, [[12, 60]]),
])
def test_a_tier_is_away_from_the_injection_on(told, whole, found):
    assert measures.away(told, 10, whole, 100) == found


SEEN = {"database": WRITES, "api": None, "scheduling": None}


def test_the_longest_outage_is_how_long_it_took():
    watched = {"broker": {"away": [[12, 15], [20, 28]]}, "etcd": {"away": []}}
    assert measures.measured(5, 60, watched, None, 100, SEEN) == {
        "recovered": {"database": pytest.approx(20.0), "api": None, "scheduling": None, "broker": 8},
        "gaps": {"database": [[pytest.approx(10), pytest.approx(30)]], "broker": [[12, 15], [20, 28]]},
    }
    assert measures.measured(40, 60, {"broker": {"away": []}}, None, 100, SEEN)["recovered"] == {
        "database": 0.0, "api": None, "scheduling": None, "broker": 0.0}


def test_after_the_driver_stopped_nothing_is_measured():
    found = measures.measured(50, 60, {}, 70, 45, SEEN)
    assert found == {"recovered": {"database": None, "api": None, "scheduling": None, "broker": None}, "gaps": {}}
    assert measures.measured(5, 60, {}, None, 20, SEEN)["gaps"] == {"database": [[pytest.approx(10), 20]]}


def test_the_next_injection_is_the_end_of_what_belongs_to_a_fault():
    faults = [{"injected": 5, "whole": None}, {"injected": 22, "whole": 40}]
    found = list(measures.of_all(faults, [{"watched": {}}, {"watched": {"etcd": {"away": [[23, 24]]}}}], 100, SEEN))
    assert [each["gaps"]["database"] for each in found] == [[[pytest.approx(10), 22]], [[22, pytest.approx(30)]]]
    assert [each["detected"] for each in found] == [None, 23]


def test_a_fault_is_detected_by_the_first_tier_that_is_seen_not_whole():
    watched = {"etcd": {"away": [[4, 6], [20, 21]]}, "airflow": {"away": [[12, None]]}, "postgresql": {"away": []}}
    assert measures.detected(5, watched) == 12
    assert measures.detected(25, watched) is None
