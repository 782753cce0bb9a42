# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import conduct
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.tests.unit.drill_looks import TIERS, UNREACHABLE, look, looks

CATALOGUE = {
    "F01": {"title": "Crash", "layer": "database", "target": "postgresql_leader", "kind": "kill", "settings": {"units": ["patroni.service"]}},
    "F03": {"title": "No power", "layer": "database", "target": "postgresql_leader", "kind": "power", "duration": 45},
    "F06": {"title": "Switchover", "layer": "database", "target": "postgresql_leader", "kind": "switchover"},
    "F10": {"title": "No standby", "layer": "database", "target": "standbys", "hosts": "all", "kind": "stop", "duration": 60},
    "F34": {"title": "No door", "layer": "door", "target": "vip_holder", "kind": "stop", "duration": 20, "settings": {"units": ["haproxy.service"]}},
}


def turn(fault, number=1):
    return {"fault": fault, "number": number, "seed": 7}


def now(fault, number=1, **changes):
    return conduct.now(CATALOGUE, turn(fault, number), looks(**changes), TIERS)


def test_a_fault_meets_who_has_its_role():
    assert now("F34", 12) == {
        "turn": turn("F34", 12), "why": "", "clocks": {node: {"b": 1.0} for node in ("node1", "node2", "node3")},
        "hosts": ["node1"], "gone": [], "duration": 20, "roles": {"node1": ["dag_processor", "postgresql_leader", "vip_holder"]},
        "parts": [{"fault": "F34", "title": "No door", "how": "module", "hosts": ["node1"],
                   "wish": {"name": "f34-12", "kind": "stop", "duration": 20, "units": ["haproxy.service"]}}],
    }


def test_the_catalogue_is_not_changed_by_a_turn():
    now("F34")
    assert CATALOGUE["F34"]["settings"] == {"units": ["haproxy.service"]}


@pytest.mark.parametrize("fault, how, gone, duration", [
    ("F01", "module", [], 0), ("F03", "power", ["node1"], 45), ("F06", "switchover", [], 0), ("F10", "module", [], 60)])
def test_how_it_is_done_and_who_is_gone_meanwhile(fault, how, gone, duration):
    found = now(fault)
    assert ([part["how"] for part in found["parts"]], found["gone"], found["duration"]) == ([how], gone, duration)


@pytest.mark.parametrize("fault, gone", [
    ({"kind": "cut"}, True),
    ({"kind": "cut", "settings": {"direction": "out", "reject": True, "percent": 50, "spared_ports": [2222], "loopback": True}}, True),
    ({"kind": "cut", "settings": {"ports": [2379]}}, False),
    ({"kind": "cut", "settings": {"peers": ["192.0.2.12"]}}, False),
    ({"kind": "cut", "settings": {"protocol": "112"}}, False),
    ({"kind": "power"}, True),
    ({"kind": "freeze", "settings": {}}, False),
])
def test_without_power_or_network_nobody_can_ask_a_host(fault, gone):
    assert conduct.takes_host_away(fault) is gone


@pytest.mark.parametrize("fault", ["F34+F10", "F10+F34"])
def test_two_at_once_last_as_long_as_the_longer_one(fault):
    found = now(fault, 3)
    assert (found["hosts"], found["gone"], found["duration"]) == (["node1", "node2", "node3"], [], 60)
    assert [part["wish"]["name"] for part in found["parts"]] == [name.lower() + "-3" for name in fault.split("+")]
    assert set(found["roles"]) == set(found["hosts"])


@pytest.mark.parametrize("fault", ["F34+F03", "F03+F34"])
def test_a_host_loses_its_power_when_all_else_was_done_to_it(fault):
    found = now(fault)
    assert [part["fault"] for part in found["parts"]] == ["F34", "F03"]
    assert (found["hosts"], found["gone"]) == (["node1"], ["node1"])


def test_what_is_over_at_once_is_still_a_fault_to_the_module():
    assert now("F01")["parts"][0]["wish"]["duration"] == 1


ILL = {"watched": {"rabbitmq": ([], ["node3: is not running"])}}


@pytest.mark.parametrize("fault, changes, why", [
    ("F03", {"node1": UNREACHABLE}, "1 of the role postgresql_leader is needed, and there is none"),
    ("F34+F03", {"node1": UNREACHABLE}, "is needed, and there is none"),
    ("F34", {"node2": look(**ILL)}, "the cluster was not whole: rabbitmq: node3: is not running"),
])
def test_a_fault_that_cannot_be_made_hits_nobody_and_says_why(fault, changes, why):
    found = now(fault, **changes)
    assert why in found["why"]
    assert (found["hosts"], found["gone"], found["roles"]) == ([], [], {})
    assert [part["hosts"] for part in found["parts"]] == [[]] * len(fault.split("+"))
    told = conduct.outcome(found, BLOWS, looks())
    assert (told["begun"], told["problem"]) == ({}, found["why"])
    line = "1. %s cannot be made now: %s" % (fault, found["why"])
    assert conduct.outlook(CATALOGUE, [turn(fault)], looks(**changes), TIERS) == [{"line": line, "why": found["why"]}]


def test_the_outlook_says_what_would_be_done_to_whom():
    turns = [turn("F01", 1), turn("F03", 2), turn("F06", 3), turn("F10+F34", 4)]
    assert [each["line"] for each in conduct.outlook(CATALOGUE, turns, looks(), TIERS)] == [
        "1. F01 Crash: kill on node1",
        "2. F03 No power: power for 45 s on node1",
        "3. F06 Switchover: switchover on node1",
        "4. F10+F34 No standby: stop for 60 s on node2, node3; No door: stop for 20 s on node1",
    ]


FEW = {**TIERS, "worker": TIERS["worker"][:1]}


@pytest.mark.parametrize("turns, power, tiers, found", [
    ([turn("F01")], {}, TIERS, []),
    ([turn("F34+F03"), turn("F01")], {}, TIERS, ["F03 take the power of a host: say by drill_power"]),
    ([turn("F03")], {"driver": "ipmi"}, TIERS, []),
    ([turn("F01")], {}, FEW, ["The tier worker has fewer than two members"]),
    ([turn("F01")], {}, {}, ["The tier %s has" % tier for tier in ("worker", "scheduler", "etcd", "postgresql", "rabbitmq", "load_balancers")]),
])
def test_what_a_campaign_lacks_is_told_before_it_begins(turns, power, tiers, found):
    told = list(conduct.lacking(CATALOGUE, turns, power, tiers))
    assert len(told) == len(found)
    assert all(sentence.startswith(beginning) for sentence, beginning in zip(told, found))


BLOWS = {"node1": {"begun": 50.0, "done": 51.0}, "node2": {}, "node3": {}}


def outcome(**changes):
    return conduct.outcome(now("F34"), BLOWS, looks(**changes))


def test_what_became_of_a_fault_is_written_down():
    found = outcome(node2=look(watched={"etcd": ([[52.0, 60.0]], [])}))
    clocks = {"node1": {"b": 1.0}, "node2": {"b": 1.0}, "node3": {"b": 1.0}}
    assert found.pop("watched")["etcd"] == {"away": [[52.0, 60.0]]}
    assert found == {
        "fault": "F34", "number": 1, "parts": [{"fault": "F34", "hosts": ["node1"]}], "begun": {"node1": 50.0}, "done": {"node1": 51.0},
        "victims": {}, "duration": 20, "roles": {"node1": ["dag_processor", "postgresql_leader", "vip_holder"]}, "problem": "", "whole": 100.0,
        "clocks": clocks, "fenced": {}, "machine": {"waiting": 40, "stolen": 0},
    }


@pytest.mark.parametrize("changes, problem", [
    ({"node2": look(None, {"etcd": ([[1.0, None]], ["no leader"])})}, "etcd: no leader"),
    ({"node2": UNREACHABLE}, "node2 does not answer: Failed to connect to the host via ssh"),
    ({"node2": {}}, "node2 does not answer: "),
])
def test_what_is_not_whole_again_has_a_problem(changes, problem):
    found = outcome(**changes)
    assert (found["whole"], found["problem"]) == (None, problem)


@pytest.mark.parametrize("blow, begun", [({}, {}), ({"begun": 50.0}, {"node1": 50.0})])
def test_what_was_not_done_is_a_problem(blow, begun):
    found = conduct.outcome(now("F34"), {**BLOWS, "node1": blow}, looks())
    assert (found["begun"], found["done"], found["problem"]) == (begun, {}, "not done to node1")


def test_what_nobody_saw_the_end_of_is_a_problem():
    found = conduct.outcome(now("F34"), BLOWS, {node: {} for node in looks()})
    assert (found["whole"], found["problem"]) == (None, "nobody saw what became of it")


def test_who_was_killed_is_written_down():
    found = conduct.outcome(now("F34"), {**BLOWS, "node1": {**BLOWS["node1"], "victims": ["airflow worker -- 7"]}}, looks())
    assert found["victims"] == {"node1": ["airflow worker -- 7"]}


def test_a_boot_that_the_fault_ended_keeps_its_clock():
    found = outcome(node1=look(clock={"c": 70.0}), node2=UNREACHABLE)
    assert found["clocks"] == {"node1": {"b": 1.0, "c": 70.0}, "node2": {"b": 1.0}, "node3": {"b": 1.0}}


def test_a_catalogue_is_taken_as_a_whole_or_not_at_all():
    assert conduct.checked(CATALOGUE) is CATALOGUE
    with pytest.raises(BadOption, match="^F90 lacks target; F90 lacks kind; F91 has the unknown entry colour$"):
        conduct.checked({**CATALOGUE, "F91": {**CATALOGUE["F01"], "colour": 1}, "F90": {"title": "t", "layer": "l"}})
