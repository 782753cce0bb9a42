# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all observers share: members, asking at once, waiting. Time is handed in."""
from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption, Unreachable
from ansible_collections.steady.airflow.plugins.module_utils._observe.report import cluster_report, excuse, member_report
from ansible_collections.steady.airflow.plugins.module_utils._observer import (
    Observer,
    ask_each,
    checked_members,
    failure_message,
    look_until_healthy,
)

NODE1 = {"name": "node1", "address": "192.0.2.11"}
NODE2 = {"name": "node2", "address": "192.0.2.12"}


class Clock:
    """A clock that only moves when somebody sleeps or looks."""

    def __init__(self):
        self.now = 100.0
        self.slept = []

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def looks(*healthy):
    """A look that reports these one after the other, the last one for ever."""
    left = list(healthy)
    return lambda: {"healthy": left.pop(0) if len(left) > 1 else left[0]}


def test_a_healthy_cluster_is_not_waited_for():
    clock = Clock()
    assert look_until_healthy(looks(True), 60, clock.time, clock.sleep) == {"healthy": True}
    assert clock.slept == []


def test_without_waiting_there_is_one_look():
    clock = Clock()
    assert look_until_healthy(looks(False, True), 0, clock.time, clock.sleep) == {"healthy": False}
    assert clock.slept == []


def test_it_looks_once_a_second_until_healthy():
    clock = Clock()
    assert look_until_healthy(looks(False, False, True), 60, clock.time, clock.sleep) == {"healthy": True}
    assert clock.slept == [1, 1]


def test_it_gives_up_when_the_time_is_over():
    clock = Clock()
    assert look_until_healthy(looks(False), 5, clock.time, clock.sleep) == {"healthy": False}
    assert clock.now == 105.0


def test_the_time_a_look_takes_counts():
    clock = Clock()

    def slow():
        clock.now += 4
        return {"healthy": False}

    look_until_healthy(slow, 5, clock.time, clock.sleep)
    assert clock.slept == [1]


def test_dead_members_cost_their_time_only_once():
    everybody_asked = threading.Barrier(2, timeout=5)

    def ask(member):
        everybody_asked.wait()
        if member == NODE2:
            raise Unreachable("no answer")
        return {"told": member["address"]}

    assert ask_each([NODE1, NODE2], ask, 5) == {"node1": {"told": "192.0.2.11"}, "node2": {"error": "no answer"}}


def test_a_member_that_hangs_is_left_behind():
    release = threading.Event()
    begin = time.monotonic()
    assert ask_each([NODE1], lambda member: release.wait(10), 0.1) == {"node1": {"error": "no answer within 0.1 s"}}
    assert time.monotonic() - begin < 5
    release.set()


def test_members_keep_name_and_address_only():
    assert checked_members([dict(NODE1, zone="a")]) == [NODE1]
    assert checked_members([], "schedulers", may_be_empty=True) == []


@pytest.mark.parametrize("members, message", [
    ([], "schedulers is empty"),
    ([NODE1, {"name": "node2", "address": ""}], r"schedulers\[1\] has no address"),
    ([{"name": 5, "address": "192.0.2.11"}], r"schedulers\[0\] has no name"),
    ([NODE1, NODE1], "schedulers names node1 twice"),
])
def test_members_that_make_no_sense_are_named(members, message):
    with pytest.raises(BadOption, match=message):
        checked_members(members, "schedulers")


class Client:
    """A client that tells where it was sent."""

    REQUESTS = 1

    @staticmethod
    def ask(http, url):
        return {"url": url, "timeout": http.timeout}


def params(**more):
    return dict({
        "members": [NODE1], "port": 2379, "timeout": 3.0, "wait": 0,
        "use_tls": False, "ca_path": None, "client_cert": None, "client_key": None,
    }, **more)


def test_members_are_asked_where_the_options_say():
    assert Observer(params()).ask(Client) == {"node1": {"url": "http://192.0.2.11:2379", "timeout": 3.0}}
    asked = Observer(params(use_tls=True)).ask(Client, [NODE2])
    assert asked["node2"]["url"] == "https://192.0.2.12:2379"
    asked = Observer(params(use_tls=True)).ask(Client, [NODE2], port=8974, use_tls=False)
    assert asked["node2"]["url"] == "http://192.0.2.12:8974"


def test_the_opener_is_handed_in():
    opener = object()
    assert Observer(params(), opener=opener).http.opener is opener


def report():
    return cluster_report(
        [member_report(NODE1, True, []), member_report(NODE2, False, ["does not answer", "is away"])], ["no standby"], "node1"
    )


def test_a_report_joins_the_problems_of_members_and_cluster():
    assert report()["problems"] == ["node2: does not answer; is away", "no standby"]
    assert report()["reachable"] and not report()["healthy"]


def test_problems_of_the_cluster_are_never_excused():
    assert excuse(report(), ["node1"])["problems"] == ["no standby"]
    assert excuse(report(), None) == report()


def test_a_failure_names_tier_members_problems_and_remedy():
    assert failure_message("etcd", report(), 60, "start it") == (
        "etcd is not healthy after waiting 60 s. Members: node1 (192.0.2.11), node2 (192.0.2.12). "
        "Problems: node2: does not answer; is away; no standby. Remedy: start it"
    )


def test_a_scheduler_of_a_host_that_is_away_is_excused():
    seen = dict(report(), schedulers=[{"name": "node9"}], problems=["node9: scheduler does not answer", "no standby"])
    assert excuse(seen, ["node1"])["problems"] == ["no standby"]
