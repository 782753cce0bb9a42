# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from where the user put the hosts."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _topology

HOSTVARS = {
    "node1": {"ansible_host": "192.0.2.11", "topology_zone": "a"},
    "node2": {"ansible_host": "198.51.100.12", "topology_address": "192.0.2.12"},
    "node3": {},
}
NODE1 = {"name": "node1", "address": "192.0.2.11", "zone": "a"}
NODE2 = {"name": "node2", "address": "192.0.2.12", "zone": None}
NODE3 = {"name": "node3", "address": "node3", "zone": None}
USUAL = {"airflow": 8080, "postgresql": 5432, "broker": 5672, "etcd": 2379}
PORTS = _topology.ports(USUAL, {}, {})


@pytest.mark.parametrize("member", [NODE1, NODE2, NODE3])
def test_a_member_s_address_is_the_one_told_most_clearly(member):
    assert _topology.member(member["name"], HOSTVARS[member["name"]]) == member


def test_tiers_keep_the_order_of_the_inventory():
    groups = {"etcd": ["node3", "node1"], "db": ["node2"], "other": ["node1"]}
    assert _topology.tiers({"etcd": "etcd", "postgresql": "db", "redis": "redis"}, groups, HOSTVARS) == {
        "etcd": [NODE3, NODE1], "postgresql": [NODE2], "redis": []}


def test_a_host_of_many_tiers_is_looked_up_once():
    class Counting(dict):
        asked = 0

        def __getitem__(self, name):
            Counting.asked += 1
            return super().__getitem__(name)

    _topology.tiers({"a": "g", "b": "g", "c": "g"}, {"g": ["node1"]}, Counting(HOSTVARS))
    assert Counting.asked == 1


def test_all_doors_are_on_the_vip():
    tiers = {"load_balancers": [NODE3], "api_server": [NODE1], "postgresql": [NODE2], "rabbitmq": [NODE1]}
    assert _topology.endpoints(tiers, "192.0.2.10", PORTS) == {
        "airflow": {"host": "192.0.2.10", "port": 8080},
        "postgresql": {"host": "192.0.2.10", "port": 5432},
        "broker": {"host": "192.0.2.10", "port": 5672}}


@pytest.mark.parametrize("vip, balancers", [("", [NODE3]), (None, [NODE3]), ("192.0.2.10", []), ("192.0.2.10", None)])
def test_without_a_vip_or_balancers_the_first_member_is_the_door(vip, balancers):
    tiers = {"load_balancers": balancers, "api_server": [NODE2, NODE1]}
    assert _topology.endpoints(tiers, vip, PORTS) == {"airflow": {"host": "192.0.2.12", "port": 8080}}


@pytest.mark.parametrize("chosen, of_members, doors, members", [
    ({}, {}, {}, {}),
    ({"airflow": 8443}, {}, {"airflow": 8443}, {"airflow": 8443}),
    ({"airflow": 443}, {}, {"airflow": 443}, {}),
    ({"airflow": "443", "postgresql": "6432"}, {}, {"airflow": 443, "postgresql": 6432}, {"postgresql": 6432}),
    ({"airflow": 443}, {"airflow": 8081}, {"airflow": 443}, {"airflow": 8081}),
    ({"etcd": 999}, {"broker": "5671"}, {"etcd": 999}, {"etcd": 999, "broker": 5671}),
    # a finding of the preflight, which is still to come
    ("8443", None, {}, {}),
    ({"airflow": "many", "other": 1}, {}, {"airflow": "many", "other": 1}, {"airflow": "many"}),
])
def test_members_have_the_port_of_their_door_unless_it_is_a_privileged_one(chosen, of_members, doors, members):
    assert _topology.ports(USUAL, chosen, of_members) == {"doors": {**USUAL, **doors}, "members": {**USUAL, **members}}


def test_a_door_at_a_member_s_own_address_is_apart_from_it():
    assert _topology.ports(USUAL, {}, {}, True) == {"doors": {**USUAL, "airflow": 18080, "postgresql": 15432, "broker": 15672}, "members": USUAL}
    chosen = _topology.ports(USUAL, {"airflow": 8443, "etcd": 2479}, {"broker": 5673}, True)
    assert chosen["doors"] == {"airflow": 8443, "postgresql": 15432, "broker": 15672, "etcd": 2479}
    assert chosen["members"] == {**USUAL, "etcd": 2479, "broker": 5673}


def test_without_balancers_a_door_has_the_port_of_the_member():
    ports = _topology.ports(USUAL, {"airflow": 443}, {})
    assert _topology.endpoints({"api_server": [NODE1]}, "", ports) == {"airflow": {"host": "192.0.2.11", "port": 8080}}
    assert _topology.endpoints({"api_server": [NODE1], "load_balancers": [NODE2]}, "192.0.2.10", ports) == {
        "airflow": {"host": "192.0.2.10", "port": 443}}


def test_doors_listen_where_the_load_balancers_are():
    access = [{"tier": "api_server", "port": 8080, "what": "Airflow", "door_port": 443}, {"tier": "load_balancers", "port": "vrrp", "what": "keepalived"},
              {"tier": "etcd", "port": "2379", "what": "etcd"}]
    assert _topology.listening(access) == {"api_server": {8080: "Airflow"}, "load_balancers": {443: "Airflow"}, "etcd": {2379: "etcd"}}


def test_a_host_knows_its_tiers():
    tiers = {"etcd": [NODE1, NODE2], "worker": [NODE2], "redis": []}
    assert _topology.tiers_of(tiers, "node2") == ["etcd", "worker"]
    assert _topology.tiers_of(tiers, "node9") == []


def test_a_host_has_the_identities_of_its_tiers():
    table = {
        "etcd": {"tier": "etcd", "owner": "etcd", "client": True, "subject": "etcd"},
        "haproxy": {"tier": "load_balancers", "owner": "root", "door": True},
        "patroni": {"tier": "postgresql", "owner": "postgres"},
    }
    doors = ["192.0.2.10", "", "door.example.org", "node1"]
    names = ["DNS:node1", "IP:2001:db8::1", "DNS:localhost", "IP:127.0.0.1"]
    assert _topology.local_identities(table, ["etcd", "load_balancers"], ["node1", "2001:db8::1"], doors) == [
        {"name": "etcd", "owner": "etcd", "names": names, "uses": ["serverAuth", "clientAuth"], "subject": "etcd"},
        {"name": "haproxy", "owner": "root", "names": names + ["IP:192.0.2.10", "DNS:door.example.org"], "uses": ["serverAuth"]},
    ]


@pytest.mark.parametrize("host, joined", [("192.0.2.11", "192.0.2.11:2379"), ("2001:db8::11", "[2001:db8::11]:2379"), ("node1", "node1:2379")])
def test_an_address_and_its_port_are_one_text(host, joined):
    assert _topology.host_port(host, 2379) == joined


@pytest.mark.parametrize("address, network, term", [
    ("192.0.2.11", "192.0.2.11/32", "{192,0,2,11}"),
    ("2001:db8::11", "2001:db8::11/128", "{8193,3512,0,0,0,0,0,17}"),
])
def test_an_address_has_other_forms(address, network, term):
    assert _topology.host_cidr(address) == network
    assert _topology.erlang_address(address) == term
