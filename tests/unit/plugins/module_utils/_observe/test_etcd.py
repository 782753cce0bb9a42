# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judgement of etcd, on answers recorded from etcd 3.5."""
from __future__ import annotations

import copy

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients import etcd
from ansible_collections.steady.airflow.plugins.module_utils._observe.etcd import judge
from ansible_collections.steady.airflow.tests.unit.recordings import members, replayed

REFUSED = "does not answer (no answer from http://127.0.0.1%d:2379/v3/maintenance/status: Connection refused)"
TIMED_OUT = "does not answer (no answer from http://127.0.0.11:2379/v3/maintenance/status: timed out after 3 s)"


def answers(case):
    return replayed(etcd, "etcd/" + case, members(), 2379)


def look(case):
    return judge(members(), answers(case))


def by_name(report):
    return {member["name"]: member for member in report["members"]}


def test_a_whole_cluster_is_healthy():
    report = look("healthy")
    assert report["healthy"] and report["reachable"]
    assert report["problems"] == []
    assert report["leader"] == "node1"
    assert report["cluster_id"] == "ead9f9d395c23e90"
    assert [member["role"] for member in report["members"]] == ["leader", "follower", "follower"]
    assert report["members"][0] == {
        "name": "node1", "address": "127.0.0.11", "healthy": True, "reachable": True, "role": "leader", "error": None,
        "id": "61d18a2c71d7e26d", "peer_urls": ["http://127.0.0.11:2380"], "learner": False, "started": True,
        "version": "3.5.16", "alarms": [],
    }
    assert {member["name"] for member in report["known_members"]} == {"node1", "node2", "node3"}


@pytest.mark.parametrize("case, leader, problems", [
    ("first_member_alone", None, ["node1: " + TIMED_OUT, "node2: " + REFUSED % 2, "node3: " + REFUSED % 3]),
    ("member_down", "node1", ["node2: " + REFUSED % 2]),
    ("member_lost_its_data", "node1", ["node2: " + REFUSED % 2]),
    ("member_removed", "node1", ["node2: is not in the member list; " + REFUSED % 2]),
    ("member_added", "node1", ["node2: is in the member list, but has never started; " + REFUSED % 2]),
    ("learner", "node1", ["node2: is a learner without a vote"]),
    ("no_quorum", None, [
        "node1: sees no leader",
        "node2: " + REFUSED % 2,
        "node3: " + REFUSED % 3,
        "the cluster has no leader: not more than half of its members are up, or an election is going on",
    ]),
    ("alarm", "node1", [
        "node1: is unhealthy (ALARM NOSPACE)",
        "node2: is unhealthy (ALARM NOSPACE)",
        "node3: has the alarm NOSPACE; is unhealthy (ALARM NOSPACE)",
    ]),
    ("another_cluster", "node1", [
        "node1: is unhealthy (ALARM NOSPACE)",
        "node2: is unhealthy (ALARM NOSPACE)",
        "node3: belongs to another cluster",
    ]),
])
def test_what_is_wrong_is_told(case, leader, problems):
    report = look(case)
    assert not report["healthy"]
    assert report["leader"] == leader
    assert report["problems"] == problems


def test_a_cluster_nobody_of_answers_is_not_reachable():
    report = look("first_member_alone")
    assert not report["reachable"]
    assert report["known_members"] == [] and report["cluster_id"] is None


def test_a_dead_member_keeps_its_line_of_the_member_list():
    node2 = by_name(look("member_down"))["node2"]
    assert (node2["id"], node2["started"], node2["role"], node2["version"]) == ("dba62615056cf0cd", True, None, None)


def test_a_member_that_never_started_is_known_by_its_address():
    report = look("member_added")
    node2 = by_name(report)["node2"]
    assert (node2["id"], node2["started"], node2["learner"]) == ("ba56bea4dbb2226d", False, True)
    assert report["unexpected"] == []


def test_a_member_nobody_expects_is_told_and_spoils_nothing():
    report = judge(members(2), answers("healthy"))
    assert report["healthy"]
    assert report["unexpected"] == ["node3"]
    assert "node3" in {member["name"] for member in report["known_members"]}


def test_a_nameless_member_nobody_expects_is_told_by_its_id():
    expected = [member for member in members() if member["name"] != "node2"]
    assert judge(expected, answers("member_added"))["unexpected"] == ["ba56bea4dbb2226d"]


def test_the_role_of_a_stranger_is_not_told():
    assert by_name(look("another_cluster"))["node3"]["role"] is None


def test_the_larger_cluster_counts_even_if_the_stranger_knows_more():
    seen = answers("another_cluster")
    seen["node3"]["status"]["raftTerm"] = "99"
    assert judge(members(), seen)["leader"] == "node1"


def test_a_learner_is_not_asked_for_the_list_even_if_its_log_is_longest():
    seen = answers("learner")
    seen["node2"]["status"]["raftIndex"] = "99999"
    assert judge(members(), seen)["problems"] == ["node2: is a learner without a vote"]


def test_members_that_follow_different_leaders_are_a_problem():
    seen = answers("healthy")
    seen["node3"]["status"]["leader"] = "7867343324098251124"
    assert judge(members(), seen)["problems"] == [
        "the members do not agree who the leader is: an election has just taken place"
    ]


def test_a_member_that_came_back_with_another_id_is_a_problem():
    seen = copy.deepcopy(answers("healthy"))
    seen["node2"]["status"]["header"]["member_id"] = "255"
    assert judge(members(), seen)["problems"] == [
        "node2: answers with id ff, but the member list knows it as dba62615056cf0cd"
    ]


def test_questions_that_are_refused_are_problems():
    seen = answers("healthy")
    for subject in ("members", "health", "alarms"):
        seen["node2"][subject] = {"error": "answered status 403"}
    assert judge(members(), seen)["problems"] == [
        "node2: does not tell its health (answered status 403); does not tell its members (answered status 403); "
        "does not tell its alarms (answered status 403)"
    ]


def test_the_leader_is_told_by_its_id_if_nobody_tells_its_name():
    seen = answers("healthy")
    for answer in seen.values():
        answer["members"] = {"error": "answered status 403"}
    report = judge(members(), seen)
    assert report["leader"] == "61d18a2c71d7e26d"
    assert not report["healthy"]
