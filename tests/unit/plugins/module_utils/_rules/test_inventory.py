# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules.inventory import inventory_findings

NODES = [{"name": "node%d" % number, "address": "192.0.2.1%d" % number, "zone": None} for number in (1, 2, 3, 4)]
TIERS = ("etcd", "postgresql", "rabbitmq", "load_balancers",
         "api_server", "scheduler", "dag_processor", "triggerer", "worker")
FERNET = base64.urlsafe_b64encode(b"k" * 32).decode()
LOCKS = [["3.3.2", "3.11"], ["3.3.2", "3.13"]]
VIP = "192.0.2.10"


def shape(**changes):
    tiers = {tier: NODES[:3] for tier in TIERS}
    tiers["redis"] = []
    tiers.update(changes)
    return tiers


def single():
    return dict({tier: NODES[:1] for tier in TIERS}, load_balancers=[])


def found(tiers, **settings):
    settings.setdefault("vip", VIP)
    return [(each["id"], each["subject"]) for each in inventory_findings(tiers, settings)]


def named(*names):
    return [{"name": name, "address": "192.0.2.%d" % (50 + number)} for number, name in enumerate(names)]


def test_three_nodes_are_a_valid_shape():
    assert found(shape()) == []


def test_one_host_is_a_valid_shape_when_said_so():
    assert found(single(), ha=False, vip=None) == []
    assert found(single(), ha=False, vip="192.0.2.11") == []


@pytest.mark.parametrize("tier", sorted(set(TIERS) - {"rabbitmq"}))
def test_every_tier_is_needed(tier):
    assert found(shape(**{tier: []})) == [("inventory-tier-missing", tier)]
    without = shape()
    del without[tier]
    assert found(without) == [("inventory-tier-missing", tier)]


@pytest.mark.parametrize("tier, count", [(tier, 1) for tier in TIERS] + [("etcd", 2), ("rabbitmq", 2)])
def test_a_tier_with_too_few_members_is_told(tier, count):
    assert found(shape(**{tier: NODES[:count]})) == [("inventory-too-few", tier)]


def test_two_are_enough_where_no_quorum_is_needed():
    few = {tier: NODES[:2] for tier in TIERS if tier not in ("etcd", "rabbitmq")}
    assert found(shape(**few)) == []


def test_an_even_etcd_tier_is_told():
    assert found(shape(etcd=NODES)) == [("inventory-etcd-even", "etcd")]


def test_no_broker_and_both_brokers_are_told():
    assert found(shape(rabbitmq=[])) == [("inventory-broker-missing", "broker")]
    assert found(shape(redis=NODES[:3])) == [("inventory-broker-redis", "redis"), ("inventory-broker-both", "broker")]
    assert found(shape(rabbitmq=[], redis=NODES[:3])) == [("inventory-broker-redis", "redis")]  # nothing deploys it yet


def test_a_shape_without_ha_has_one_member_everywhere():
    assert found(dict(single(), worker=NODES[:2]), ha=False) == [("inventory-shape-mixed", "topology_ha")]


def test_the_loss_of_a_zone_must_leave_something_of_all():
    zoned = [dict(node, zone=zone) for node, zone in zip(NODES, "aab")]
    assert found(shape(etcd=zoned)) == [("inventory-zone-loss", "zone a")]
    assert found(dict(shape(etcd=zoned), worker=zoned[2:])) == [
        ("inventory-too-few", "worker"), ("inventory-zone-loss", "zone a"), ("inventory-zone-loss", "zone b")]
    assert inventory_findings(shape(etcd=zoned), {"vip": VIP})[0]["severity"] == "warning"
    assert found(shape(etcd=[dict(node, zone=zone) for node, zone in zip(NODES, "abc")])) == []


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


@pytest.mark.parametrize("disk", ["1GB", "1gib", 1000000000, "50000kB", "2G", "3TiB"])
@pytest.mark.parametrize("share", [0.4, "0.25", 1])
def test_limits_of_the_broker_are_such_as_it_reads(disk, share):
    assert found(shape(), broker_limits={"rabbitmq_disk_free_limit": disk, "rabbitmq_memory_share": share}) == []


@pytest.mark.parametrize("disk", ["1 GB", "1.5GB", "", "50%", "1B", "gb", "-1GB", "1 gigabyte"])
@pytest.mark.parametrize("share", [0, 40, "40%", "", []])
def test_a_limit_that_the_broker_could_not_read_is_told(disk, share):
    assert found(shape(), broker_limits={"rabbitmq_disk_free_limit": disk, "rabbitmq_memory_share": share}) == [
        ("inventory-broker-limit", "rabbitmq_disk_free_limit"), ("inventory-broker-limit", "rabbitmq_memory_share")]


def test_a_version_needs_a_lock_file():
    assert found(shape(), airflow_version="3.3.2", locks=LOCKS) == []
    assert found(shape(), airflow_version="3.3.2") == []
    assert found(shape(), airflow_version="9.9.9", locks=LOCKS) == [("inventory-version-unlocked", "airflow_version")]
    assert found(shape(), airflow_version="9.9.9", locks=[]) == [("inventory-version-unlocked", "airflow_version")]


@pytest.mark.parametrize("value, identity", [
    (None, "inventory-secret-missing"),
    ("  ", "inventory-secret-empty"),
    ("topsecret", "inventory-secret-short"),
    ("$ANSIBLE_VAULT;1.1;AES256\n6162", "inventory-secret-locked"),
    ("k" * 44, "inventory-secret-fernet"),
    ("k" * 45, "inventory-secret-fernet"),
    ("!" * 44, "inventory-secret-fernet"),
    (base64.b64encode(b"\xff" * 32).decode(), "inventory-secret-fernet"),
])
def test_secrets_are_judged_without_being_told(value, identity):
    settings = {"vip": VIP, "required_secrets": {"airflow_fernet_key": 44}, "secrets": {"airflow_fernet_key": value}}
    findings = inventory_findings(shape(), settings)
    assert [(each["id"], each["subject"]) for each in findings] == [(identity, "airflow_fernet_key")]
    assert not value or value.strip() == "" or value not in str(findings)
    assert "steady.airflow.secrets" in findings[0]["remedy"] or identity == "inventory-secret-locked"


@pytest.mark.parametrize("value, told", [
    ("p%ss wörd of a cluster", "letters beyond ASCII"), ("password\nof a cluster", "control characters"), ("tab\tof a whole cluster", "control characters"),
    ("%@:/#$'\"\\{} &=?+;,|<>`!*~ password", None),
])
def test_characters_that_some_service_does_not_take_are_told(value, told):
    findings = inventory_findings(shape(), {"vip": VIP, "required_secrets": {"patroni_rest_password": 16}, "secrets": {"patroni_rest_password": value}})
    assert [each["id"] for each in findings] == ["inventory-secret-characters"] * bool(told)
    assert not told or told in findings[0]["problem"] and value not in str(findings)


def test_keys_that_sign_have_lines():
    key = {"airflow_jwt_keys": "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n"}
    assert found(shape(), required_secrets={"airflow_jwt_keys": 20}, secrets=key) == []


def test_keys_that_cannot_sign_are_told():
    assert found(shape(), jwt_problem="its key 2 is none") == [("inventory-secret-jwt", "airflow_jwt_keys")]
    assert not found(shape(), jwt_problem="")


def test_good_secrets_pass_and_the_remedy_can_be_named():
    settings = {"required_secrets": {"airflow_fernet_key": 44}, "secrets": {"airflow_fernet_key": FERNET}}
    assert found(shape(), **settings) == []
    settings["secrets"]["airflow_fernet_key"] = FERNET + "," + FERNET
    assert found(shape(), **settings) == []
    missing = dict(settings, vip=VIP, secrets={}, secrets_remedy="run this")
    assert inventory_findings(shape(), missing)[0]["remedy"] == "run this"


def test_other_fernet_keys_can_be_named():
    settings = {"required_secrets": {"key": 10}, "secrets": {"key": "k" * 44}, "fernet_secrets": ["key"]}
    assert found(shape(), **settings) == [("inventory-secret-fernet", "key")]


def test_a_dag_directory_exists():
    assert found(shape(), dag_directory="/dags", dag_directory_exists=True) == []
    assert found(shape(), dag_directory="/dags", dag_directory_exists=False) == [
        ("inventory-dags-absent", "dag directory"),
    ]


def test_everything_is_told_at_once_and_ids_can_be_ignored():
    wrong = shape(etcd=NODES[:2], scheduler=NODES[:1], redis=NODES[:3])
    identities = [identity for identity, _subject in found(wrong, vip="192.0.2.11")]
    assert identities == ["inventory-broker-redis", "inventory-broker-both", "inventory-too-few", "inventory-too-few", "inventory-vip-taken"]
    assert found(wrong, vip="192.0.2.11", ignore=["inventory-too-few", "inventory-broker-both", "inventory-broker-redis"]) == [
        ("inventory-vip-taken", "topology_vip"),
    ]


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


def test_what_is_wrong_with_airflow_s_settings_is_told():
    wrong = {"subject": "airflow_config", "problem": "is no dictionary", "remedy": "write one", "severity": "error"}
    assert found(shape(), airflow_problems=[wrong]) == [("inventory-airflow-setting", "airflow_config")]
