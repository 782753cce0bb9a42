# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a member without data gets into the running cluster, on answers recorded from etcd 3.5."""
from __future__ import annotations

import json

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _etcd_join
from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer
from ansible_collections.steady.airflow.tests.unit.recordings import Replay, load

FIRST, THIRD = "http://127.0.0.11:2379", "http://127.0.0.13:2379"
PEER = "http://127.0.0.12:2380"
LOST_ID, NEW_ID = "15827379812167381197", "13427128954321511021"


def playing(name, then="etcd/member_added"):
    """A replay of one recording, in which adding a member gives the member list of another."""
    answers = load(name)
    listed = load(then)["POST %s/v3/cluster/member/list" % FIRST]
    for url in (FIRST, THIRD):
        answers["POST %s/v3/cluster/member/add" % url] = listed
        answers["POST %s/v3/cluster/member/remove" % url] = {"status": 200, "body": {"header": {}, "members": []}}
    return Replay(answers)


def join(replay, others=(FIRST, THIRD), check_mode=False):
    return _etcd_join.join(HttpClient(replay, timeout=3).ask_well, list(others), PEER, check_mode)


def changes(replay):
    """What was asked for beside questions: (last part of the path, body)."""
    asked = [(request.full_url.rsplit("/", 1)[1], json.loads(request.data)) for request in replay.requests]
    return [(what, body) for what, body in asked if what in ("add", "remove")]


@pytest.mark.parametrize("name", ["etcd/first_member_alone"])
def test_without_a_running_cluster_there_is_nothing_to_join(name):
    replay = playing(name)
    assert join(replay) == ("none", [])
    assert changes(replay) == []


def test_the_only_member_joins_nobody():
    assert join(playing("etcd/healthy"), others=()) == ("none", [])


def test_a_member_that_lost_its_data_is_replaced():
    replay = playing("etcd/member_lost_its_data")
    action, listed = join(replay)
    assert action == "replaced"
    assert changes(replay) == [("remove", {"ID": LOST_ID}), ("add", {"peerURLs": [PEER]})]
    assert [one["ID"] for one in listed if PEER in one["peerURLs"]] == [NEW_ID]


def test_a_member_that_is_not_listed_is_added():
    replay = playing("etcd/member_removed")
    assert join(replay)[0] == "added"
    assert changes(replay) == [("add", {"peerURLs": [PEER]})]


def test_a_member_that_was_announced_before_only_starts():
    replay = playing("etcd/member_added")
    action, listed = join(replay)
    assert (action, len(listed), changes(replay)) == ("listed", 3, [])


@pytest.mark.parametrize("name, action", [("etcd/member_lost_its_data", "replaced"), ("etcd/member_removed", "added")])
def test_check_mode_only_tells(name, action):
    replay = playing(name)
    assert (join(replay, check_mode=True)[0], changes(replay)) == (action, [])


def test_the_second_other_is_asked_when_the_first_is_away():
    replay = playing("etcd/member_lost_its_data")
    for key in [key for key in replay.answers if FIRST in key]:
        del replay.answers[key]
    replay.answers["POST %s/v3/cluster/member/add" % THIRD] = {"status": 200, "body": {"members": []}}
    assert join(replay)[0] == "replaced"
    assert [request.full_url.startswith(THIRD) for request in replay.requests] == [False, True, True, True, True]


def test_no_second_cluster_is_founded_beside_a_member_with_data():
    with pytest.raises(BadAnswer, match="%s has no leader" % FIRST):
        join(playing("etcd/no_quorum"))


def test_a_refusal_of_the_cluster_is_told():
    replay = playing("etcd/member_removed")
    replay.answers["POST %s/v3/cluster/member/add" % FIRST] = {
        "status": 503, "body": {"code": 14, "message": "etcdserver: unhealthy cluster"}}
    with pytest.raises(BadAnswer, match="503: etcdserver: unhealthy cluster"):
        join(replay)


def test_etcd_is_told_of_every_member_as_the_cluster_has_them():
    listed = load("etcd/member_added")["POST %s/v3/cluster/member/list" % FIRST]["body"]["members"]
    assert _etcd_join.environment(listed, "node2", PEER) == (
        "ETCD_INITIAL_CLUSTER_STATE=existing\n"
        "ETCD_INITIAL_CLUSTER=node1=http://127.0.0.11:2380,node3=http://127.0.0.13:2380,node2=http://127.0.0.12:2380\n")


def test_others_that_never_started_have_names_of_their_own():
    listed = [{"ID": "1", "peerURLs": [PEER]}, {"ID": "2", "peerURLs": ["http://a:2380"]}, {"ID": "3", "peerURLs": ["http://b:2380"]}]
    assert "node2=%s,2=http://a:2380,3=http://b:2380\n" % PEER in _etcd_join.environment(listed, "node2", PEER)
