# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill's driver does is tested with it; here is what the tools ask of it."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.steady.airflow.plugins.module_utils._drill import driver
from traffic import ApiDoor, Told, Traffic

RUNS = "/api/v2/dags/example/dagRuns"


@pytest.mark.parametrize("answers, accepted, others", [
    ([(200, {})], 1, 0), ([(503, {}), (200, {})], 1, 0), ([(503, {}), (409, {})], 1, 0), ([(404, {})], 0, 1)])
def test_a_run_is_wanted_until_somebody_answers(server, airflow, monkeypatch, answers, accepted, others):
    monkeypatch.setattr(driver, "AGAIN", 0.01)
    server.answers["POST", RUNS] = answers
    traffic, told = Traffic(airflow, "example", 60, "test"), threading.Event()
    monkeypatch.setattr(traffic.record, "add", lambda *words, **answer: (Told.add(traffic.record, *words, **answer), told.set()))
    traffic.start()
    assert told.wait(20)
    traffic.stop()
    assert (len(traffic.accepted), len(traffic.others)) == (accepted, others)
    asked = [body for method, path, body, _token in server.asked if (method, path) == ("POST", RUNS)]
    assert {body["dag_run_id"] for body in asked} == {*traffic.accepted, *traffic.others}


@pytest.mark.parametrize("moments, gap", [
    ([1, 2, 3, 4, 5, 6], 1),
    ([0, 1, 4, 5, 6], 3),
    ([6, 4, 5, 1, 0], 3),  # requests overlap, so they may end out of order
    ([0, 9], 9),  # nothing succeeded within: what counts is the whole time between
    ([0, 1, 2, 3], 2.5),  # nothing after: up to the end
    ([], 4),
])
def test_the_longest_gap_reaches_over_the_edges(moments, gap):
    door = ApiDoor("127.0.0.1", 8080, None)
    door.record.entries = [{"at": moment, "ok": True} for moment in moments] + [{"at": 2.5, "ok": None}]
    assert door.longest_gap(1.5, 5.5) == gap
