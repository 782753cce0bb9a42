# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a host lets in follows from who is where."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._firewall import rules

VIP = "192.0.2.10"
EVERYBODY = ["0.0.0.0/0", "::/0"]
ACCESS = [
    {"tier": "api_server", "port": 8080, "what": "Airflow", "from": ["load_balancers"],
     "door_port": 443, "door": ["people", "worker"]},
    {"tier": "etcd", "port": 2379, "what": "etcd", "from": ["etcd", "api_server"]},
    {"tier": "worker", "port": 8793, "what": "logs", "from": []},
]


def members(*numbers):
    return [{"name": "node%d" % number, "address": "192.0.2.%d" % number} for number in numbers]


def tiers(**numbers):
    return {tier: members(*numbers.get(tier, ())) for tier in ("load_balancers", "api_server", "etcd", "worker")}


APART = tiers(load_balancers=[11], api_server=[21, 22], etcd=[31], worker=[41])


def let_in(name, where=None, vip=VIP, people=(), operators=None):
    found = rules(ACCESS, where or APART, name, vip, list(people), operators)
    return {(rule["port"], rule["at"]): rule["ip"] + rule["ip6"] for rule in found}


def test_a_host_guards_the_ports_of_its_own_tiers_only():
    assert let_in("node31") == {(2379, ""): ["192.0.2.31", "192.0.2.21", "192.0.2.22"]}
    assert let_in("node21") == {(8080, ""): ["192.0.2.11", VIP]}


def test_a_port_that_nobody_needs_is_guarded_as_well():
    assert let_in("node41") == {(8793, ""): []}


def test_a_load_balancer_guards_the_doors_at_their_address():
    assert let_in("node11", people=["10.0.0.0/8"]) == {(443, VIP): ["10.0.0.0/8", "192.0.2.41"]}


def test_without_a_vip_the_doors_are_at_the_load_balancers():
    assert let_in("node11", vip="", people=["10.0.0.0/8"]) == {(443, ""): ["10.0.0.0/8", "192.0.2.41"]}
    assert let_in("node21", vip="", people=["10.0.0.0/8"]) == {(8080, ""): ["192.0.2.11"]}


def test_who_is_on_a_load_balancer_may_call_from_the_vip():
    stacked = tiers(load_balancers=[1, 2], api_server=[1, 2], etcd=[1, 2, 3])
    assert let_in("node3", stacked) == {(2379, ""): ["192.0.2.1", "192.0.2.2", "192.0.2.3", VIP]}


@pytest.mark.parametrize("vip", [VIP, ""])
def test_without_load_balancers_the_doors_are_at_the_members(vip):
    single = tiers(api_server=[1], etcd=[1], worker=[1, 2])
    assert let_in("node1", single, vip)[8080, ""] == ["192.0.2.1", "192.0.2.2"]


def test_everybody_includes_everybody():
    single = tiers(api_server=[1], worker=[1])
    assert let_in("node1", single, "", EVERYBODY)[8080, ""] == EVERYBODY


def test_a_door_takes_callers_of_its_own_family():
    assert let_in("node11", people=EVERYBODY) == {(443, VIP): ["0.0.0.0/0"]}
    assert let_in("node11", vip="2001:db8::10", people=EVERYBODY) == {(443, "2001:db8::10"): ["::/0"]}


@pytest.mark.parametrize("port", [2379, "2379"])
def test_operators_are_let_in_at_their_ports_only(port):
    found = let_in("node31", operators={port: ["198.51.100.7", "2001:db8::/64"], 8080: ["203.0.113.1"]})
    assert found[2379, ""][-2:] == ["198.51.100.7", "2001:db8::/64"]
    assert "203.0.113.1" not in found[2379, ""]


def test_networks_are_told_once_and_the_widest_only():
    found = let_in("node31", operators={2379: ["192.0.2.31", "192.0.2.16/28", "192.0.2.16/28"]})
    assert found[2379, ""] == ["192.0.2.16/28"]
    assert let_in("node31", operators={2379: ["192.0.2.31/32"]}) == let_in("node31")


def test_each_rule_tells_what_it_is_for():
    assert [rule["what"] for rule in rules(ACCESS, APART, "node31", VIP, [], {})] == ["etcd"]
