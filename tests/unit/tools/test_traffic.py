# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill's driver does is tested with it; here is what the tools ask of it."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.steady.airflow.plugins.module_utils._drill import driver
from traffic import ApiDoor, Told, Traffic

RUNS = "/api/v2/dags/example/dagRuns"


@pytest.mark.parametrize("answers, accepted, refused", [
    ([(200, {})], 1, 0), ([(503, {}), (200, {})], 1, 0), ([(503, {}), (409, {})], 1, 0), ([(404, {})], 0, 1)])
def test_a_run_is_wanted_until_somebody_answers(server, airflow, monkeypatch, answers, accepted, refused):
    monkeypatch.setattr(driver, "AGAIN", 0.01)
    server.answers["POST", RUNS] = answers
    traffic, told = Traffic(airflow, "example", 60, "test"), threading.Event()
    monkeypatch.setattr(traffic.record, "add", lambda *words, **answer: (Told.add(traffic.record, *words, **answer), told.set()))
    traffic.start()
    assert told.wait(20)
    traffic.stop()
    assert (len(traffic.accepted), len(traffic.refused)) == (accepted, refused)
    asked = [body for method, path, body, _token in server.asked if (method, path) == ("POST", RUNS)]
    assert {body["dag_run_id"] for body in asked} == {*traffic.accepted, *traffic.refused}


def test_the_longest_gap_is_one_of_answers_that_were_well():
    door = ApiDoor("127.0.0.1", 8080, None)
    door.record.entries = [{"at": at, "ok": ok} for at, ok in ((1, True), (2, True), (4, None), (6, True), (9, True))]
    assert door.longest_gap(1, 7) == 4
    assert door.longest_gap(6.5, 12) == 3
