# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a drill, for each kind of fault."""

from __future__ import annotations

import math

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_statistics as statistics
from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_words as words
from ansible_collections.steady.airflow.tests.unit.drill_results import fault, result


def measure(found, kind, name):
    [chosen] = [each for each in statistics.kinds(found["faults"]) if each["fault"] == kind]
    return next(each for each in chosen["measures"] if each["name"] == name)


@pytest.mark.parametrize(("values", "expected"), [
    ([3.0], 3.0), ([2.0, 1.0, 3.0], 3.0), (range(1, 20), 19), (range(1, 21), 19), (range(1, 101), 95)])
def test_the_percentile_is_one_of_the_values(values, expected):
    assert statistics.percentile(values, 95) == expected


def test_kinds_are_in_order_and_so_are_their_faults():
    found = statistics.kinds(result()["faults"])
    assert [(kind["fault"], [each["number"] for each in kind["faults"]]) for kind in found] == [
        ("F03", [1, 2, 3]), ("F19", [1, 2, 3]), ("F29", [1, 2, 3])]


def test_a_recovery_is_compared_with_goal_and_prediction():
    assert measure(result(), "F03", "database") == {
        "name": "database", "label": "No write to the database", "median": 24.1, "p95": 28.3, "maximum": 28.3,
        "goals": [27.0], "predictions": [26.5], "over": 1,
        "times": [{"number": 1, "seconds": 24.1, "over": False}, {"number": 2, "seconds": 28.3, "over": True},
                  {"number": 3, "seconds": 22.9, "over": False}],
    }


def test_the_way_back_to_redundancy_counts_from_the_heal():
    assert measure(result(), "F19", "redundancy")["median"] == pytest.approx(22.5)


def test_redundancy_that_does_not_come_back_is_the_longest():
    found = result()
    fault(found, "F19", 1)["whole"] = None
    whole = measure(found, "F19", "redundancy")
    assert (whole["maximum"], whole["over"], words.seconds(whole["maximum"])) == (math.inf, 1, "never")


def test_what_was_measured_sometimes_has_gaps_in_its_times():
    found = result()
    fault(found, "F19", 2)["recovered"]["broker"] = None
    assert [time["seconds"] for time in measure(found, "F19", "broker")["times"]] == [3.1, None, 4.4]
    assert measure(found, "F19", "broker")["median"] == 3.75


def test_what_was_never_measured_has_no_row():
    assert [each["name"] for each in statistics.kinds(result()["faults"])[0]["measures"]] == ["database", "api", "scheduling", "redundancy"]


def test_numbers_are_written_for_people():
    assert [words.seconds(value) for value in (None, 0, 24.06, 1234)] == ["-", "0.0 s", "24.1 s", "1,234.0 s"]
    assert [words.counted(number, "run") for number in (0, 1, 1834)] == ["0 runs", "1 run", "1,834 runs"]
    assert [words.duration(value) for value in (20, 1620, 7290)] == ["0 min", "27 min", "2 h 2 min"]
    assert words.moment(1795392000.0) == "2026-11-23 00:00:00 UTC"
