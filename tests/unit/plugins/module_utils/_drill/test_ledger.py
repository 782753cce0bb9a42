# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lines are read and get moments; torn, broken and unplaceable ones are told."""

from __future__ import annotations

import json

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import ledger

LINE = {"t": 5 * 10**9, "boot": "b1", "node": "node1", "pid": 7, "phase": "start",
        "dag": "d", "run": "r", "task": "t", "map": -1, "try": 1, "ti": "i1"}
GOOD = json.dumps(LINE)


def test_whole_lines_are_read_with_or_without_a_last_line_feed():
    assert ledger.read({"node1": GOOD + "\n" + GOOD}) == {"lines": [LINE, LINE], "torn": 0, "broken": []}
    assert ledger.read({"node1": GOOD + "\n", "node2": ""}) == {"lines": [LINE], "torn": 0, "broken": []}


@pytest.mark.parametrize("tail", [GOOD[:40], "{", "\0\0\0"])
def test_a_line_torn_at_the_end_of_its_file_is_counted_and_skipped(tail):
    assert ledger.read({"node1": GOOD + "\n" + tail, "node2": GOOD}) == {"lines": [LINE, LINE], "torn": 1, "broken": []}


def test_a_line_torn_at_the_end_of_a_boot_is_one_too():
    again = json.dumps(dict(LINE, boot="b2"))
    assert ledger.read({"node1": "\n".join([GOOD, GOOD[:40], again, again])})["torn"] == 1
    assert ledger.read({"node1": "\n".join([GOOD[:40], GOOD])})["torn"] == 1
    assert ledger.read({"node1": "\n".join([GOOD, again, GOOD[:40], again])}) == {
        "lines": [LINE, dict(LINE, boot="b2"), dict(LINE, boot="b2")], "torn": 0, "broken": [("node1", 3, "is no JSON")]}


@pytest.mark.parametrize("bad, wrong", [
    (GOOD[:40], "is no JSON"),
    (GOOD[:40] + GOOD, "is no JSON"),  # so a host begins each line with a line feed, too
    ("[]", "is no JSON object"),
    (json.dumps({key: value for key, value in LINE.items() if key not in ("ti", "pid")}), "has no good pid, ti"),
    (json.dumps(dict(LINE, t="5")), "has no good t"),
    (json.dumps(dict(LINE, phase="end")), "has the unknown phase end"),
])
def test_any_other_bad_line_is_told_with_its_file_and_number(bad, wrong):
    assert ledger.read({"node1": GOOD, "node2": "%s\n%s\n%s\n" % (GOOD, bad, GOOD)})["broken"] == [("node2", 2, wrong)]
    assert ledger.read({"node2": bad + "\n"})["broken"] == [("node2", 1, wrong)]


def test_a_bad_last_line_that_is_json_was_not_torn():
    assert ledger.read({"node1": "{}"})["torn"] == 0


def test_lines_are_put_on_the_clock_of_their_node_and_boot():
    lines = [dict(LINE, t=1), dict(LINE, boot="b2", t=10**9), dict(LINE, node="node2")]
    placed = ledger.place(lines, {"node1": {"b1": 1000.0, "b2": 2000.0}, "node2": {"b1": 500.0}})
    assert [(line["node"], line["boot"], line["at"]) for line in placed] == [
        ("node2", "b1", 505.0), ("node1", "b1", 1000.000000001), ("node1", "b2", 2001.0)]


@pytest.mark.parametrize("clocks", [{}, {"node1": {}}, {"node1": {"b2": 0.0}}, {"node2": {"b1": 0.0}}])
def test_the_moment_of_an_unknown_boot_is_never_guessed(clocks):
    assert [line["at"] for line in ledger.place([LINE], clocks)] == [None]
