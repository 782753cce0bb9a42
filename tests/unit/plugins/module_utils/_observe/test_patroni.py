# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judgement of PostgreSQL under Patroni, on answers recorded from Patroni 4.0."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients import patroni
from ansible_collections.steady.airflow.plugins.module_utils._observe.patroni import judge
from ansible_collections.steady.airflow.tests.unit.recordings import members, replayed

MAX_LAG = 1048576
REFUSED = "does not answer (no answer from http://127.0.0.1%d:8008/patroni: Connection refused)"
CANNOT_TELL = "node%d: cannot tell about the cluster (no answer from http://127.0.0.1%d:8008/cluster: timed out after 3 s)"
NO_STANDBY = "synchronous_mode is on, but no member is a synchronous standby"


def answers(case):
    return replayed(patroni, "patroni/" + case, members(), 8008)


def look(case):
    return judge(members(), answers(case), MAX_LAG)


def entries(seen, name):
    """What each member's /cluster says about one member."""
    clusters = [answer["cluster"] for answer in seen.values()]
    return [entry for cluster in clusters for entry in cluster["members"] if entry["name"] == name]


def changed(name, **values):
    """The healthy recording with something else about one member."""
    seen = answers("healthy")
    for entry in entries(seen, name):
        entry.update(values)
    return seen


def test_a_whole_cluster_is_healthy():
    report = look("healthy")
    assert report["healthy"] and report["reachable"] and report["problems"] == []
    assert (report["leader"], report["scope"], report["timeline"], report["paused"]) == ("node1", "airflow", 1, False)
    assert report["dynamic_config"]["synchronous_mode"] == "quorum"
    assert [member["role"] for member in report["members"]] == ["leader", "quorum_standby", "quorum_standby"]
    assert report["members"][1] == {
        "name": "node2", "address": "127.0.0.12", "healthy": True, "reachable": True, "role": "quorum_standby",
        "error": None, "state": "streaming", "timeline": 1, "lag": 0, "sync": True, "pending_restart": False,
        "version": "4.0.7", "postgresql_version": 170011,
    }


@pytest.mark.parametrize("case, leader, problems", [
    ("first_member_bootstraps", None, [
        'node1: does not stream, its state is "initializing new cluster"',
        "node2: " + REFUSED % 2, "node3: " + REFUSED % 3, "the cluster has no leader",
    ]),
    ("replica_is_being_made", "node1", [
        'node2: does not stream, its state is "creating replica"', "node3: " + REFUSED % 3, NO_STANDBY,
    ]),
    ("start_failed", "node1", [
        'node2: does not stream, its state is "start failed"', 'node3: does not stream, its state is "start failed"', NO_STANDBY,
    ]),
    ("not_streaming", "node1", [
        'node2: does not stream, its state is "running"', 'node3: does not stream, its state is "start failed"', NO_STANDBY,
    ]),
    ("replica_down", "node1", ["node3: " + REFUSED % 3 + '; does not stream, its state is "stopped"']),
    ("leader_killed", "node1", [
        "node1: " + REFUSED % 1,
        'node2: does not stream, its state is "running"',
        "node3: " + REFUSED % 3 + '; does not stream, its state is "stopped"',
    ]),
    ("after_failover", "node2", ["node1: " + REFUSED % 1, "node3: " + REFUSED % 3, NO_STANDBY]),
    ("etcd_just_stopped", None, [CANNOT_TELL % (n, n) for n in (1, 2, 3)] + ["nobody can tell who the leader is"]),
    ("etcd_down", None, [CANNOT_TELL % (n, n) for n in (1, 2, 3)] + ["nobody can tell who the leader is"]),
])
def test_what_is_wrong_is_told(case, leader, problems):
    report = look(case)
    assert not report["healthy"]
    assert report["leader"] == leader
    assert report["problems"] == problems


def test_nobody_answers():
    report = judge(members(1), {"node1": {"error": "no answer"}}, MAX_LAG)
    assert not report["reachable"] and not report["healthy"]
    assert report["problems"] == ["node1: does not answer (no answer)"]
    assert report["scope"] is None and report["dynamic_config"] == {}


def test_the_scope_is_told_without_etcd():
    assert look("etcd_down")["scope"] == "airflow"


def test_a_pause_and_a_pending_restart_are_told_and_spoil_nothing():
    report = look("paused_pending_restart")
    assert report["healthy"] and report["paused"]
    assert all(member["pending_restart"] for member in report["members"])


def test_a_lag_is_well_up_to_the_limit():
    assert judge(members(), changed("node3", lag=MAX_LAG), MAX_LAG)["healthy"]
    report = judge(members(), changed("node3", lag=MAX_LAG + 1), MAX_LAG)
    assert report["problems"] == ["node3: lags 1048577 bytes behind (at most 1048576 are well)"]


def test_an_unknown_lag_is_not_well():
    report = judge(members(), changed("node3", lag="unknown"), MAX_LAG)
    assert report["problems"] == ["node3: has an unknown lag"]
    assert report["members"][2]["lag"] is None


def test_a_leader_that_is_starting_is_not_well():
    assert judge(members(), changed("node1", state="starting"), MAX_LAG)["problems"] == [
        'node1: is the leader, but its state is "starting"'
    ]


def test_a_second_primary_is_found():
    seen = answers("healthy")
    seen["node3"]["patroni"]["role"] = "primary"
    assert judge(members(), seen, MAX_LAG)["problems"] == ["node3: runs as a primary without being the leader"]


def test_a_member_of_no_cluster_is_found():
    seen = answers("healthy")
    for answer in seen.values():
        answer["cluster"]["members"] = [entry for entry in answer["cluster"]["members"] if entry["name"] != "node3"]
    assert judge(members(), seen, MAX_LAG)["problems"] == ["node3: is not a member of the cluster"]


@pytest.mark.parametrize("mode, healthy", [("quorum", False), (True, False), ("on", False), (False, True), ("off", True), (None, True)])
def test_a_synchronous_mode_needs_a_synchronous_standby(mode, healthy):
    seen = answers("healthy")
    for entry in entries(seen, "node2") + entries(seen, "node3"):
        entry["role"] = "replica"
    for answer in seen.values():
        answer["config"]["synchronous_mode"] = mode
    assert judge(members(), seen, MAX_LAG)["healthy"] is healthy


def test_a_member_alone_needs_no_standby():
    report = judge(members(1), answers("healthy"), MAX_LAG)
    assert report["healthy"]
    assert report["unexpected"] == ["node2", "node3"]
