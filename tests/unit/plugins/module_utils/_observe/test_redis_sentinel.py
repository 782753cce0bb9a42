# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judgement of Redis and its Sentinels, on answers recorded from Redis 7.0."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients import redis_sentinel as client
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._observe.redis_parts import Places
from ansible_collections.steady.airflow.plugins.module_utils._observe.redis_sentinel import judge
from ansible_collections.steady.airflow.plugins.module_utils._observe.report import excuse
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.redis_play import play

PORTS = (6379, 26379)
LOGIN = {"username": "operator", "password": "very-secret", "timeout": 3, "use_tls": False}
REDIS = "Redis cannot be asked (no answer from 127.0.0.1%d:6379: Connection refused)"
SENTINEL = "Sentinel cannot be asked (no answer from 127.0.0.1%d:26379: Connection refused)"
NO_LOGIN = ("node%d: Redis cannot be asked (127.0.0.1%d:6379 refuses the user operator or its password (%s)); "
            "Sentinel cannot be asked (127.0.0.1%d:26379 refuses the user operator or its password (%s))")
INVALID = "invalid username-password pair or user is disabled"
NO_QUORUM = ("127.0.0.11:26379 answers SENTINEL CKQUORUM airflow with: NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the "
             "specified quorum for this master. Not enough available Sentinels to reach the majority and authorize a failover")


@pytest.fixture(name="seen")
def seen_answers(monkeypatch):
    """What the client makes of a recording: [{name: answer of Redis}, {name: answer of Sentinel}]."""

    def ask(part, address, port):
        try:
            with client.Line(address, port, LOGIN) as line:
                return part.ask(line, "airflow")
        except SteadyError as err:
            return {"error": str(err)}

    def seen(case):
        play(monkeypatch, "redis_sentinel/" + case)
        return [{member["name"]: ask(part, member["address"], port) for member in members()}
                for part, port in zip((client.Server, client.Sentinel), PORTS)]

    return seen


def report_of(answers, count=3):
    return judge(members(count), *answers, PORTS)


def test_a_whole_one_is_healthy(seen):
    report = report_of(seen("healthy"))
    assert report["healthy"] and report["reachable"] and report["problems"] == []
    assert (report["leader"], report["quorum"], report["disagreement"], report["unexpected"]) == ("node1", True, False, [])
    assert (report["version"], report["good_replicas"], report["min_replicas"]) == ("7.0.15", 2, 1)
    assert [(member["role"], member["master"], member["link"], member["lag"]) for member in report["members"]] == [
        ("master", None, None, 0), ("replica", "node1", "up", 0), ("replica", "node1", "up", 0)]
    assert report["members"][1] == {
        "name": "node2", "address": "127.0.0.12", "healthy": True, "reachable": True, "role": "replica", "error": None,
        "version": "7.0.15", "master": "node1", "link": "up", "syncing": False, "lag": 0, "loading": False, "append_only": True,
        "used_memory": 1335104, "maxmemory": 67108864,
        "sentinel": {"reachable": True, "master": "node1", "sentinels": ["node1", "node3"], "replicas": ["node2", "node3"], "problems": []},
    }


@pytest.mark.parametrize("case, leader, quorum, problems", [
    ("replica_down", "node1", True, ["node3: " + REDIS % 3]),
    ("replica_hangs", "node2", True, ["node3: Redis cannot be asked (no answer from 127.0.0.13:6379: timed out after 3 s)"]),
    ("sentinel_down", "node1", True, ["node3: " + SENTINEL % 3]),
    ("two_sentinels_down", None, False, [
        "node1: Sentinel does not confirm a quorum (%s)" % NO_QUORUM, "node2: " + SENTINEL % 2, "node3: " + SENTINEL % 3,
        "too few Sentinels tell who the master is: 1 of 3", "the Sentinels that answer cannot elect a new master: 1 answer, 2 are needed",
    ]),
    ("no_replicas", "node1", True, [
        "node2: " + REDIS % 2, "node3: " + REDIS % 3, "the master node1 refuses writes (NOREPLICAS): it has 0 good replicas and wants 1",
    ]),
    ("master_killed", "node1", True, [
        "node1: " + REDIS % 1, "node2: its link to node1 has been down for 3 s", "node3: its link to node1 has been down for 3 s",
        "the master node1 is not at work",
    ]),
    ("failover", "node2", True, [
        "node1: " + REDIS % 1,
        "node2: Sentinel takes node1 for the master instead of node2; Sentinel is taken for down by the Sentinel of node1",
        "node3: Sentinel is taken for down by the Sentinel of node1", "a failover is going on",
    ]),
    ("after_failover", "node2", True, ["node1: " + REDIS % 1]),
    ("old_master_back", "node2", True, [
        "node1: says that it is the master, though that is node2", "there are 2 masters: node1 and node2 say so",
    ]),
    ("wrong_master", "node2", True, ["node1: is a replica of node3 instead of node2"]),
    ("loading", "node1", True, ["node2: still loads its data (LOADING)"]),
    ("syncing", "node3", True, ["node2: is still being filled by node3"]),
    ("full_disk", "node3", True, ["node3: cannot write its append-only file"]),
    ("unexpected", "node2", True, [
        "the Sentinels have 127.0.0.14:6379 as a replica, which is no expected member",
        "the Sentinels have 127.0.0.14:26379 as a Sentinel, which is no expected member",
    ]),
    ("wrong_password", None, False, [NO_LOGIN % (n, n, INVALID, n, INVALID) for n in (1, 2, 3)]),
    ("wrong_password_43", None, False, [NO_LOGIN % (n, n, "WRONGPASS " + INVALID, n, "WRONGPASS " + INVALID) for n in (1, 2, 3)]),
])
def test_what_is_wrong_is_told(seen, case, leader, quorum, problems):
    report = report_of(seen(case))
    assert not report["healthy"]
    assert (report["leader"], report["quorum"]) == (leader, quorum)
    assert report["problems"] == problems


def test_a_user_with_too_few_rights_is_named(seen):
    report = report_of(seen("no_permission"))
    assert "node1: Redis cannot be asked (127.0.0.11:6379 does not let the user operator do INFO (NOPERM)); " in report["problems"][0]


def test_different_masters_are_a_disagreement(seen):
    assert report_of(seen("failover"))["disagreement"]
    answers = seen("healthy")
    for number, name in enumerate(answers[1], 1):
        answers[1][name]["master"]["ip"] = "127.0.0.1%d" % number
    report = report_of(answers)
    assert (report["leader"], report["disagreement"]) == (None, True)
    assert "the Sentinels do not agree who the master is: node1 says node1, node2 says node2, node3 says node3" in report["problems"]


def test_a_master_that_is_no_member_is_no_leader(seen):
    answers = seen("healthy")
    for answer in answers[1].values():
        answer["master"]["port"] = "6380"
    report = report_of(answers)
    assert (report["leader"], report["unexpected"]) == (None, ["127.0.0.11:6380"])
    assert report["problems"] == ["the Sentinels have 127.0.0.11:6380 as the master, which is no expected member"]


def test_those_that_were_told_to_go_are_told(seen):
    assert report_of(seen("unexpected"))["unexpected"] == ["127.0.0.14:26379", "127.0.0.14:6379"]


@pytest.mark.parametrize("case, expected, healthy", [
    ("replica_down", ["node1", "node2"], True), ("sentinel_down", ["node1", "node2"], True), ("after_failover", ["node2", "node3"], True),
    ("replica_down", ["node1", "node3"], False), ("two_sentinels_down", ["node1"], False), ("master_killed", ["node2", "node3"], False),
    ("old_master_back", ["node2", "node3"], False), ("no_replicas", ["node1"], False),
])
def test_members_that_are_away_are_excused_and_what_the_whole_lacks_is_not(seen, case, expected, healthy):
    assert excuse(report_of(seen(case)), expected)["healthy"] is healthy


@pytest.mark.parametrize("key, value, problem", [
    ("aof_last_bgrewrite_status", "err", "could not rewrite its append-only file"), ("rdb_last_bgsave_status", "err", "could not save its data to the disk"),
    ("used_memory", "67108872", "has used up its memory (67108872 of 67108864 bytes)"),
    ("master_link_status", "down", "its link to node1 is down"), ("role", "master", "says that it is the master, though that is node1"),
])
def test_trouble_of_one_member_is_its_own(seen, key, value, problem):
    answers = seen("healthy")
    answers[0]["node3"]["info"][key] = value
    assert report_of(answers)["problems"][0] == "node3: " + problem


def test_memory_that_does_not_count_is_not_used_up(seen):
    answers = seen("healthy")
    answers[0]["node3"]["info"].update(used_memory="67108871")
    assert report_of(answers)["healthy"]


def test_a_leader_that_says_it_is_a_replica_is_not_at_work(seen):
    answers = seen("healthy")
    answers[0]["node1"]["info"].update(role="slave", master_host="127.0.0.12", master_port="6379", master_link_status="up")
    report = report_of(answers)
    assert report["problems"] == ["node1: is a replica, though the Sentinels have it as the master", "the master node1 is not at work"]
    assert [member["lag"] for member in report["members"]] == [None, None, None]


def test_the_lag_is_told_in_bytes_and_never_below_nothing(seen):
    answers = seen("healthy")
    for name, offset in (("node2", 50345), ("node3", 50365)):
        answers[0][name]["info"]["slave_repl_offset"] = str(offset)
    assert [member["lag"] for member in report_of(answers)["members"]] == [0, 10, 0]


@pytest.mark.parametrize("good, config, problem", [
    ("1", {"min-replicas-to-write": "2"}, "it has 1 good replicas and wants 2"), ("0", {"error": "NOPERM"}, "it has 0 good replicas and wants more"),
    ("1", {"error": "NOPERM"}, None), ("2", {"min-replicas-to-write": "2"}, None), (None, {"min-replicas-to-write": "0"}, None),
])
def test_a_master_that_refuses_writes_is_told(seen, good, config, problem):
    answers = seen("healthy")
    answers[0]["node1"]["info"]["min_slaves_good_slaves"] = good
    answers[0]["node1"]["config"] = config
    assert report_of(answers)["problems"] == (["the master node1 refuses writes (NOREPLICAS): " + problem] if problem else [])


def test_where_no_leader_is_known_the_only_master_still_tells_about_its_writes(seen):
    answers = [seen("no_replicas")[0], seen("two_sentinels_down")[1]]
    report = report_of(answers)
    assert (report["leader"], report["good_replicas"], report["min_replicas"]) == (None, 0, 1)
    assert "the master node1 refuses writes (NOREPLICAS): it has 0 good replicas and wants 1" in report["problems"]


def test_sentinels_must_know_each_other_and_the_replicas(seen):
    answers = seen("healthy")
    for part, gone in (("sentinels", "127.0.0.13"), ("replicas", "127.0.0.12")):
        answers[1]["node1"][part] = [entry for entry in answers[1]["node1"][part] if entry["ip"] != gone]
    assert report_of(answers)["problems"] == [
        "node2: Redis is not known as a replica by the Sentinel of node1", "node3: Sentinel is not known by the Sentinel of node1"]


def test_who_is_down_for_others_is_told(seen):
    answers = seen("healthy")
    answers[1]["node1"]["master"]["flags"] = answers[1]["node2"]["master"]["flags"] = "master,s_down,o_down"
    next(entry for entry in answers[1]["node2"]["sentinels"] if entry["ip"] == "127.0.0.13")["flags"] = "sentinel,s_down"
    assert report_of(answers)["problems"] == [
        "node1: Redis is taken for down by the Sentinel of node1, node2", "node3: Sentinel is taken for down by the Sentinel of node2"]


def test_a_sentinel_in_tilt_elects_nobody(seen):
    answers = seen("healthy")
    for name in ("node1", "node2"):
        answers[1][name]["info"]["sentinel_tilt"] = "1"
    report = report_of(answers)
    assert not report["quorum"] and report["leader"] == "node1"
    assert report["problems"][0] == "node1: Sentinel is in TILT mode and does nothing"


@pytest.mark.parametrize("part, words", [("master", "does not tell the master (why)"), ("sentinels", "does not tell the sentinels (why)")])
def test_a_sentinel_that_refuses_an_answer_says_why(seen, part, words):
    answers = seen("healthy")
    answers[1]["node3"][part] = {"error": "why"}
    assert "node3: Sentinel " + words in report_of(answers)["problems"]


def test_without_any_sentinel_there_is_no_leader(seen):
    servers, sentinels = seen("healthy")
    report = report_of([servers, {name: {"error": "no answer"} for name in sentinels}])
    assert (report["leader"], report["quorum"]) == (None, False)
    assert report["problems"][-1] == "no Sentinel tells who the master is" and len(report["problems"]) == 4


@pytest.mark.parametrize("told, name", [
    (("FD00::1", "6379"), "node1"), (("fd00:0::1", "6379"), "node1"), (("Node1", 6379), "node1"), (("fd00::1", "6380"), "[fd00::1]:6380"), ((None, None), None),
])
def test_an_address_is_one_however_it_is_written(told, name):
    assert Places([{"name": "node1", "address": "fd00::1"}], 6379).who(*told) == name
