# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left when a host or a zone dies."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._what_if import lines, what_if


def members(*names, **zones):
    return [{"name": name, "address": name, "zone": zones.get(name)} for name in names]


def effects(tiers, queues=None):
    return {f"{loss['kind']} {loss['name']}": loss["effects"] for loss in what_if(tiers, queues)}


def test_three_of_all_lose_nothing_with_one_host():
    three = members("a", "b", "c")
    assert effects({"etcd": three, "postgresql": three, "rabbitmq": three, "scheduler": three}) == {"host a": [], "host b": [], "host c": []}


@pytest.mark.parametrize("tier", ["etcd", "rabbitmq", "redis"])
def test_a_majority_may_be_lost(tier):
    lost = ["%s has no majority: 1 of 2" % tier]
    assert effects({tier: members("a", "b")}) == {"host a": lost, "host b": lost}


def test_the_last_member_may_be_lost():
    assert effects({"worker": members("a"), "scheduler": members("a", "b")})["host a"] == ["no worker is left"]


def test_a_zone_is_lost_as_a_whole():
    zones = {"a": "one", "b": "one", "c": "two"}
    found = effects({"etcd": members("a", "b", "c", **zones), "worker": members("a", "b", **zones)})
    assert found["zone one"] == ["etcd has no majority: 1 of 3", "no worker is left"]
    assert found["zone two"] == []


def test_a_queue_may_have_nobody():
    queues = {"a": ["default", "gpu"], "b": ["default"]}
    assert effects({"worker": members("a", "b")}, queues) == {"host a": ["nobody serves the queue gpu"], "host b": []}


def test_counts_are_told():
    [first, _second] = what_if({"worker": members("a", "b"), "etcd": members("b")})
    assert first == {"kind": "host", "name": "a", "hosts": ["a"], "tiers": {"worker": {"left": 1, "of": 2}}, "effects": []}


def test_an_empty_tier_is_nobodys_loss():
    assert effects({"redis": [], "etcd": members("a")}) == {"host a": ["no etcd is left"]}


def test_the_table_is_readable():
    assert lines(what_if({"worker": members("node1"), "etcd": members("node1", "n2", "n3")})) == [
        "If this dies  then", "host node1    no worker is left", "host n2       all goes on", "host n3       all goes on"]
