# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape as a whole."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules.inventory import inventory_findings
from ansible_collections.steady.airflow.tests.unit.shapes import NODES, TIERS, VIP, found, shape, single


def test_three_nodes_are_a_valid_shape():
    assert found(shape()) == []


def test_one_host_is_a_valid_shape_when_said_so():
    assert found(single(), ha=False, vip=None) == []
    assert found(single(), ha=False, vip="192.0.2.11") == []


def test_one_host_may_do_without_workers_and_broker():
    assert found(dict(single(), worker=[], rabbitmq=[]), ha=False, vip=None) == []
    assert found(dict(single(), worker=[]), ha=False, vip=None) == [("inventory-worker-missing", "worker")]
    assert found(dict(single(), rabbitmq=[]), ha=False, vip=None) == [("inventory-broker-missing", "broker")]
    apart = dict(single(), worker=[], rabbitmq=[], dag_processor=NODES[1:2])
    assert found(apart, ha=False, vip=None) == [("inventory-tasks-without-files", "scheduler")]


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


def test_one_host_or_none_keeps_the_backups():
    assert found(shape(backup=NODES[:1])) == []
    assert found(shape(backup=NODES[:2])) == [("inventory-backup-several", "backup")]


def test_no_broker_and_both_brokers_are_told():
    assert found(shape(rabbitmq=[])) == [("inventory-broker-missing", "broker")]
    assert found(shape(redis=NODES[:3])) == [("inventory-broker-both", "broker")]
    assert found(shape(rabbitmq=[], redis=NODES[:3])) == []


DATABASE, BROKER = ({"database": {"kind": "postgresql", "tls": True, "options": {}}}, {"broker": {"kind": "rabbitmq", "tls": True, "options": {}}})


def test_a_database_and_a_broker_may_be_those_of_others():
    assert found(shape(etcd=[], postgresql=[]), services=DATABASE) == []
    assert found(shape(rabbitmq=[]), services=BROKER) == []
    assert found(shape(etcd=[], postgresql=[], rabbitmq=[]), services={**DATABASE, **BROKER}) == []
    assert found(dict(single(), rabbitmq=[], worker=[]), ha=False, vip=None, services=BROKER) == [("inventory-worker-missing", "worker")]


@pytest.mark.parametrize("services, tiers, identity, variable", [
    (DATABASE, {"etcd": []}, "inventory-service-both", "airflow_database_url"),
    (DATABASE, {"etcd": [], "postgresql": [], "backup": NODES[:1]}, "inventory-service-both", "airflow_database_url"),
    (BROKER, {}, "inventory-service-both", "airflow_broker_url"),
    ({"broker": {"problem": "begins with http://"}}, {"rabbitmq": []}, "inventory-service-url", "airflow_broker_url"),
    ({"broker": {**BROKER["broker"], "tls": False}}, {"rabbitmq": []}, "inventory-service-plain", "airflow_broker_url"),
    ({"database": {**DATABASE["database"], "options": {"sslmode": "prefer"}}}, {"postgresql": [], "etcd": []}, "inventory-service-plain",
     "airflow_database_url"),
])
def test_what_is_wrong_with_those_is_told(services, tiers, identity, variable):
    assert found(shape(**tiers), services=services) == [(identity, variable)]


def test_an_object_store_needs_its_place():
    assert found(shape(), object_store={"endpoint": "s3.example.org", "bucket": "backups", "region": "any"}) == found(shape(), object_store={}) == []
    assert found(shape(), object_store={"bucket": "backups"}) == [("inventory-object-store", "backup_s3")]


def test_a_shape_without_ha_has_one_member_everywhere():
    assert found(dict(single(), worker=NODES[:2]), ha=False) == [("inventory-shape-mixed", "topology_ha")]


def test_the_loss_of_a_zone_must_leave_something_of_all():
    zoned = [dict(node, zone=zone) for node, zone in zip(NODES, "aab")]
    assert found(shape(etcd=zoned)) == [("inventory-zone-loss", "zone a")]
    assert found(dict(shape(etcd=zoned), worker=zoned[2:])) == [
        ("inventory-too-few", "worker"), ("inventory-zone-loss", "zone a"), ("inventory-zone-loss", "zone b")]
    assert inventory_findings(shape(etcd=zoned), {"vip": VIP})[0]["severity"] == "warning"
    assert found(shape(etcd=[dict(node, zone=zone) for node, zone in zip(NODES, "abc")])) == []


def test_everything_is_told_at_once_and_ids_can_be_ignored():
    wrong = shape(etcd=NODES[:2], scheduler=NODES[:1], redis=NODES[:3])
    identities = [identity for identity, _subject in found(wrong, vip="192.0.2.11")]
    assert identities == ["inventory-broker-both", "inventory-too-few", "inventory-too-few", "inventory-vip-taken"]
    assert found(wrong, vip="192.0.2.11", ignore=["inventory-too-few", "inventory-broker-both", "inventory-broker-redis"]) == [
        ("inventory-vip-taken", "topology_vip"),
    ]


def test_what_is_wrong_with_airflow_s_settings_is_told():
    wrong = {"subject": "airflow_config", "problem": "is no dictionary", "remedy": "write one", "severity": "error"}
    assert found(shape(), airflow_problems=[wrong]) == [("inventory-airflow-setting", "airflow_config")]
