# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs, and who answers."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _patroni_write as patroni
from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, Unreachable
from ansible_collections.steady.airflow.tests.unit.recordings import Replay, load

NOW = load("patroni/healthy")["GET http://127.0.0.11:8008/config"]["body"]
URLS = ["http://127.0.0.1%d:8008" % number for number in (1, 2, 3)]


@pytest.mark.parametrize("wanted, changed", [
    ({}, {}),
    (NOW, {}),
    ({"ttl": 20}, {}),
    ({"ttl": "20"}, {}),
    ({"ttl": 30}, {"ttl": 30}),
    ({"synchronous_mode": "on"}, {"synchronous_mode": "on"}),
    ({"postgresql": {"use_slots": "true"}}, {}),
    ({"postgresql": {"use_slots": False}}, {"postgresql": {"use_slots": False}}),
    ({"postgresql": {"parameters": {"max_connections": "30", "work_mem": "4MB"}}}, {"postgresql": {"parameters": {"work_mem": "4MB"}}}),
    # what is not there is removed already
    ({"maximum_lag_on_failover": None, "pause": None}, {"maximum_lag_on_failover": None}),
    ({"postgresql": {"parameters": {"shared_buffers": None}}}, {"postgresql": {"parameters": {"shared_buffers": None}}}),
    ({"postgresql": None}, {"postgresql": None}),
    ({"slots": {"audit": {"type": "physical"}}}, {"slots": {"audit": {"type": "physical"}}}),
    ({"slots": {}}, {}),
    ({"ttl": {"odd": 1}}, {"ttl": {"odd": 1}}),
])
def test_only_what_differs_is_changed(wanted, changed):
    assert patroni.difference(wanted, NOW) == changed


def test_a_difference_shows_the_same_keys_on_both_sides():
    changed = {"ttl": 30, "slots": {"audit": {"type": "physical"}}, "postgresql": {"parameters": {"max_connections": 40}}}
    assert patroni.restrict(NOW, changed) == {
        "ttl": 20, "slots": {"audit": {"type": None}}, "postgresql": {"parameters": {"max_connections": 30}}}
    assert patroni.as_text({"b": 1, "a": True}) == '{\n  "a": true,\n  "b": 1\n}\n'


def test_the_first_that_answers_well_is_taken():
    replay = Replay(load("patroni/leader_killed"))
    url, answer = patroni.first_answer(HttpClient(replay, 3).ask_well, URLS, "/config")
    assert (url, answer["ttl"]) == (URLS[1], 20)


def test_when_nobody_answers_the_last_reason_is_told():
    with pytest.raises(Unreachable, match="127.0.0.13:8008/config: Connection refused"):
        patroni.first_answer(HttpClient(Replay({}), 3).ask_well, URLS, "/config")
    with pytest.raises(Unreachable, match="no member was named"):
        patroni.first_answer(None, [], "/config")


def test_members_that_are_away_have_no_status():
    http = HttpClient(Replay(load("patroni/replica_down")), 3)
    names = [one["patroni"]["name"] for one in patroni.statuses(lambda url: http.ask(url)[1], URLS)]
    assert names == ["node1", "node2"]


@pytest.mark.parametrize("status, text", [(412, "leader name does not match"), (503, "Switchover failed")])
def test_a_refused_switchover_tells_patroni_s_words(status, text):
    replay = Replay({"POST %s/switchover" % URLS[0]: {"status": status, "text": text}})
    with pytest.raises(BadAnswer, match="status %d: %s" % (status, text)):
        patroni.switchover(HttpClient(replay, 3), URLS[0], "node1")


def test_a_switchover_names_the_leader_and_leaves_the_choice_to_patroni():
    replay = Replay({"POST %s/switchover" % URLS[0]: {"status": 200, "text": 'Successfully switched over to "node2"'}})
    patroni.switchover(HttpClient(replay, 3), URLS[0], "node1")
    assert replay.requests[0].data == b'{"leader": "node1"}'
