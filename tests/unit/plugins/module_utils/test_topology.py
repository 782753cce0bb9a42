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
PORTS = {"airflow": 8080, "postgresql": 5432, "broker": 5672}


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
