# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where bars, goals and ticks lie."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_timeline as timeline

START = 1000.0
PLOT = timeline.WIDTH - timeline.LEFT - timeline.RIGHT
FAULT = {
    "fault": "F03", "number": 1, "injected": START, "detected": START + 10, "healed": START + 40, "whole": START + 100,
    "recovered": {"database": 10.0, "api": None, "scheduling": 0.2, "broker": 5.0},
    "gaps": {"database": [[START + 20, START + 30], [START + 50, START + 51]], "scheduling": []},
    "bound": {"database": 8.0, "redundancy": 30.0},
}


def at(seconds, last=100):
    return timeline.LEFT + seconds / last * PLOT


def lanes(**changes):
    return {lane["name"]: lane for lane in timeline.picture(dict(FAULT, **changes))["lanes"]}


def ends(drawn):
    return [drawn["x"], drawn["x"] + drawn["width"]]


def test_a_bar_of_ten_seconds_lies_where_it_should():
    first, second = lanes()["database"]["bars"]
    assert ends(first) == pytest.approx([at(20), at(30)], abs=0.1)
    assert second["width"] == pytest.approx(PLOT / 100, abs=0.1)


def test_the_fault_lasts_until_its_heal_and_redundancy_is_away_until_all_is_whole():
    assert ends(lanes()["fault"]["bars"][0]) == pytest.approx([at(0), at(40)], abs=0.1)
    assert ends(lanes()["redundancy"]["bars"][0]) == pytest.approx([at(0), at(100)], abs=0.1)


def test_what_does_not_come_back_is_away_until_the_end():
    lane = lanes(whole=None)["redundancy"]
    assert ends(lane["bars"][0]) == pytest.approx([timeline.LEFT, timeline.LEFT + PLOT], abs=0.1)
    assert (lane["value"], lane["over"]) == ("never !", True)


def test_what_is_never_healed_has_no_goal_for_redundancy():
    found = lanes(healed=None, whole=None)
    assert ends(found["fault"]["bars"][0]) == pytest.approx([timeline.LEFT, timeline.LEFT + PLOT], abs=0.1)
    assert found["redundancy"]["goal"] is None


def test_what_has_no_moments_begins_at_the_injection():
    assert ends(lanes()["broker"]["bars"][0]) == pytest.approx([at(0), at(5)], abs=0.1)


def test_what_was_away_too_shortly_or_not_measured_has_no_bar():
    assert [(lanes()[name]["bars"], lanes()[name]["value"]) for name in ("scheduling", "api")] == [([], "0.2 s"), ([], "-")]


def test_a_moment_can_be_seen():
    assert lanes(healed=START)["fault"]["bars"][0]["width"] == timeline.LEAST


def test_the_goal_is_where_the_longest_outage_should_have_ended():
    found = lanes()
    assert found["database"]["goal"] == pytest.approx(at(28), abs=0.1)
    assert found["redundancy"]["goal"] == pytest.approx(at(70), abs=0.1)
    assert [found[name]["over"] for name in ("database", "redundancy", "broker")] == [True, True, False]
    assert lanes(bound={"database": 500.0})["database"]["goal"] is None


def test_an_outage_before_the_injection_is_shown():
    found = timeline.picture(dict(FAULT, gaps={"database": [[START - 25, START + 30]]}))
    assert found["lanes"][1]["bars"][0]["x"] == timeline.LEFT
    assert [tick["label"] for tick in found["ticks"]] == [0, 30, 60, 90]


@pytest.mark.parametrize(("last", "labels"), [
    (0.2, [0, 1]), (6, [0, 1, 2, 3, 4, 5, 6]), (98.4, [0, 20, 40, 60, 80]), (100, [0, 20, 40, 60, 80, 100]), (3000, [0, 600, 1200, 1800, 2400, 3000])])
def test_ticks_are_round_and_few(last, labels):
    ticks = timeline.Scale(0, last).ticks()
    assert [tick["label"] for tick in ticks] == labels
    assert ticks[-1]["x"] == pytest.approx(at(labels[-1], max(last, 1)), abs=0.1)


def test_the_picture_is_told_in_words():
    found = timeline.picture(FAULT)
    assert found["title"] == "F03, number 1"
    assert found["text"].startswith("No write to the database: 10.0 s, No task started: 0.2 s, ")
    assert found["detected"] == pytest.approx(at(10), abs=0.1)
    assert timeline.picture(dict(FAULT, detected=None))["detected"] is None
