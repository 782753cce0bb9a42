# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import campaign, seen
from ansible_collections.steady.airflow.tests.unit.drill_looks import NODES, TIERS, UNREACHABLE, look, looks

GATEWAY = [{"name": "node9", "address": "192.0.2.19"}]


def watchers(tiers, *without):
    """{what is watched: its watchers}."""
    found = {}
    for name in [*NODES, "node9"]:
        for what in seen.watched_by(tiers, name, *without):
            found.setdefault(what, []).append(name)
    return found


@pytest.mark.parametrize("without, watcher", [
    ([], "node1"),
    ([["node1"]], "node2"),
    ([["node1", "node2"]], "node3"),
    ([NODES], "node1"),  # who is hit can look, as long as it is there
    ([NODES, ["node1"]], "node2"),
    ([["node2", "node3"], ["node1"]], "node2"),
    ([NODES, NODES], "node1"),
])
def test_every_tier_has_one_watcher_that_is_there_if_any_is(without, watcher):
    assert watchers(TIERS, *without) == {what: [watcher] for what in seen.WATCHERS}


def test_a_tier_is_watched_by_one_of_its_own_members():
    found = watchers({**TIERS, "api_server": GATEWAY, "rabbitmq": [], "redis": []})
    assert (found["airflow"], found["etcd"]) == (["node9"], ["node1"])
    assert not {"rabbitmq", "redis"}.intersection(found)


@pytest.mark.parametrize("broker, other", [("rabbitmq", "redis"), ("redis", "rabbitmq")])
def test_the_broker_is_watched_by_whoever_is_one(broker, other):
    found = watchers({**TIERS, other: [], broker: GATEWAY})
    assert found[broker] == ["node9"]
    assert other not in found


def test_the_roles_are_who_has_them_now():
    found = seen.seen(looks(), TIERS)
    assert {role: found[role] for role in campaign.LEADERS} == {
        "postgresql_leader": "node1", "etcd_leader": "node2", "queue_leader": "node3", "redis_master": "node2", "vip_holder": "node1", "dag_processor": "node1"}
    assert (found["standbys"], found["synchronous"]) == (["node2", "node3"], ["node2", "node3"])
    assert {role: found[role] for role in campaign.MEMBERS} == {role: NODES for role in campaign.MEMBERS}
    assert seen.roles_of(found, "node1") == ["dag_processor", "postgresql_leader", "vip_holder"]
    assert seen.roles_of(found, "node2") == ["etcd_leader", "redis_master"]


def test_a_host_may_be_named_itself_unless_a_role_is_called_so():
    found = seen.seen(looks(node3=UNREACHABLE), TIERS)
    assert campaign.targets({"target": "node2"}, found, 1) == ["node2"]
    assert "node3" not in found
    named = seen.seen({"worker": look(), "node2": look()}, {"worker": [{"name": "node2"}]})
    assert named["worker"] == ["node2"]


def test_a_worker_with_a_task_is_busy():
    assert seen.seen(looks(node2=look(task=True)), TIERS)["busy_worker"] == ["node2"]
    assert seen.seen(looks(), TIERS)["busy_worker"] == []


def test_who_could_not_be_asked_has_no_role():
    found = seen.seen(looks(node1=UNREACHABLE), TIERS)
    assert found["etcd"] == found["worker"] == ["node2", "node3"]
    assert [found[role] for role in campaign.LEADERS] == [None] * len(campaign.LEADERS)
    assert found["synchronous"] == []


AWAY = [[10.0, None]]


@pytest.mark.parametrize("changes, found", [
    ({}, []),
    ({"node3": UNREACHABLE}, ["node3 does not answer: Failed to connect to the host via ssh"]),
    ({"node3": {}}, ["node3 does not answer: "]),
    ({"node2": look(None, {"etcd": (AWAY, ["the cluster has no leader"]), "host": (AWAY, ["etcd.service is failed"])})},
     ["etcd: the cluster has no leader", "node2: etcd.service is failed"]),
    ({"node2": look(100.0, {"etcd": ([[10.0, 20.0]], [])})}, []),
])
def test_what_is_wrong_is_told_with_the_tier_or_the_host(changes, found):
    assert seen.problems(looks(**changes)) == found


@pytest.mark.parametrize("changes, whole", [
    ({}, 100.0),
    ({"node2": look(130.5)}, 130.5),
    ({"node2": look(None)}, None),
    ({"node2": UNREACHABLE}, None),
    ({"node2": {}}, None),
])
def test_all_is_whole_when_the_last_host_says_so(changes, whole):
    assert seen.outcome(looks(**changes))["whole"] == whole


def test_without_a_look_nothing_is_whole():
    assert seen.outcome({}) == {"whole": None, "watched": {}, "clocks": {}, "fenced": {}, "machine": {"waiting": None, "stolen": None}}


def test_tasks_that_were_fenced_are_told_by_host():
    woke = [{"woke": 150.0, "ended": 150.1}]
    assert seen.outcome(looks(node2=look(fenced=woke)))["fenced"] == {"node2": woke}


def test_the_host_that_was_worst_off_tells_of_the_machine():
    assert seen.outcome(looks(node2=dict(look(), machine={"waiting": 90, "stolen": 0})))["machine"] == {"waiting": 90, "stolen": 0}


def test_what_was_away_is_told_by_tier_and_host_with_every_clock():
    found = seen.outcome(looks(node2=look(watched={"etcd": ([[10.0, 20.0]], []), "host": ([[11.0, 12.0]], [])}, clock={"c": 5.0, "d": 50.0})))
    assert found["watched"] == {"etcd": {"away": [[10.0, 20.0]]}, "node1": {"away": []}, "node2": {"away": [[11.0, 12.0]]}, "node3": {"away": []}}
    assert found["clocks"] == {"node1": {"b": 1.0}, "node2": {"c": 5.0, "d": 50.0}, "node3": {"b": 1.0}}
