# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and addresses of members, the VIP, and what may be in its place."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules.inventory import inventory_findings
from ansible_collections.steady.airflow.tests.unit.shapes import NODES, VIP, found, named, shape, single


@pytest.mark.parametrize("vip, identity", [
    (None, "inventory-vip-missing"),
    ("", "inventory-vip-missing"),
    ("door.example.com", "inventory-vip-invalid"),
    ("2001:db8::10", "inventory-vip-family"),
    ("fe80::10", "inventory-vip-invalid"),
    ("0.0.0.0", "inventory-vip-invalid"),
    ("192.0.2.12", "inventory-vip-taken"),
])
def test_the_vip_is_a_free_address(vip, identity):
    assert found(shape(), vip=vip) == [(identity, "topology_vip")]


def test_duplicates_are_told():
    twice = NODES[:3] + [NODES[0], NODES[3]]
    assert found(shape(worker=twice)) == [("inventory-name-twice", "worker")]
    other = dict(NODES[0], address="192.0.2.99")
    assert found(shape(worker=[other, NODES[1]])) == [("inventory-name-twice", "node1")]
    alias = dict(NODES[0], name="alias")
    assert found(shape(worker=[alias, NODES[1]])) == [("inventory-address-twice", "192.0.2.11")]


def test_addresses_are_usable_by_others():
    addresses = {"a": "127.0.0.1", "b": "b", "c": "c", "d": "d", "e": "0.0.0.0", "f": "fe80::1", "g": "2001:db8::1%eth0", "h": "::ffff:192.0.2.1"}
    members = [{"name": name, "address": address} for name, address in addresses.items()]
    resolved = {"b": ["192.0.2.40", "127.0.1.1"], "c": [], "d": ["192.0.2.41", "192.0.2.42"]}
    told = inventory_findings(shape(worker=members), {"vip": VIP, "resolved": resolved})
    assert [(each["id"], each["subject"]) for each in told] == [("inventory-address-unusable", name) for name in "abcdefgh"]
    remedies = {each["subject"]: each["remedy"] for each in told}
    assert "topology_address: 192.0.2.40 for b" in remedies["b"]
    assert "192.0.2.41, 192.0.2.42" in remedies["d"]
    assert "topology_address" in remedies["c"]


def by_ipv6(last=""):
    """The usual shape by IPv6; the last member's address may be another one."""
    members = [dict(node, address="2001:db8::%d" % number) for number, node in enumerate(NODES[:3], start=11)]
    members[-1]["address"] = last or members[-1]["address"]
    return {tier: members if hosts else [] for tier, hosts in shape().items()}


def test_members_and_vip_may_be_of_ipv6():
    assert found(by_ipv6(), vip="2001:db8::10") == []


def test_members_and_vip_are_of_one_family():
    assert found(by_ipv6(), vip=VIP) == [("inventory-vip-family", "topology_vip")]
    assert found(by_ipv6("192.0.2.13"), vip="2001:db8::10") == [
        ("inventory-address-family", "node3 (192.0.2.13)"), ("inventory-vip-family", "topology_vip")]


def test_an_address_is_written_as_services_write_it():
    assert found(by_ipv6("2001:DB8:0::13"), vip="2001:db8::0010") == [("inventory-address-form", "node3"), ("inventory-address-form", "topology_vip")]


def test_names_are_host_names():
    workers = named("a_b", "-c", "d.example.com", "x" * 64, "192.0.2.77")
    assert found(shape(worker=workers)) == [
        ("inventory-name-invalid", name) for name in ("a_b", "-c", "x" * 64, "192.0.2.77")
    ]


def test_rabbitmq_needs_short_names():
    members = named("q1.example.com", "q2", "q3")
    assert found(shape(rabbitmq=members)) == [("inventory-name-long", "q1.example.com")]


@pytest.mark.parametrize("door, vip, identities", [
    ("airflow.example.org", None, []), ("192.0.2.200", None, []),
    ("airflow.example.org", VIP, ["inventory-door-both"]),
    ("https://airflow.example.org", None, ["inventory-door-invalid"]), ("air_flow", "", ["inventory-door-invalid"]),
])
def test_an_external_door_takes_the_place_of_the_vip(door, vip, identities):
    assert found(shape(), external_door=door, vip=vip) == [(identity, "topology_external_door") for identity in identities]


def test_an_external_door_leads_to_load_balancers():
    assert found(single(), ha=False, vip=None, external_door="airflow.example.org") == [("inventory-tier-missing", "load_balancers")]
    assert found(shape(load_balancers=[]), vip=None, external_door="airflow.example.org") == [("inventory-tier-missing", "load_balancers")]
