# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import collections
import re

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import campaign
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption

CATALOGUE = {"F03": {"layer": "database"}, "F01": {"layer": "database"}, "F19": {"layer": "broker"}}
WISH = {"faults": ["all"], "repeat": 1, "random": 0, "seed": 7}
NODES = ["node1", "node2", "node3"]
SEEN = {
    **{tier: NODES for tier in campaign.MEMBERS}, "postgresql_leader": "node1", "etcd_leader": "node2", "queue_leader": None,
    "vip_holder": "node3", "dag_processor": "node1", "synchronous": ["node3"], "standbys": ["node2", "node3"], "scheduler": ["node1", "node2"],
    "worker": ["node2", "node3"], "busy_worker": ["node3"],
}


def ids(**wish):
    return [each["fault"] for each in campaign.plan(CATALOGUE, {**WISH, **wish})]


@pytest.mark.parametrize("wish, order", [
    ({}, ["F01", "F03", "F19"]),
    ({"faults": ["F19", "F03"]}, ["F03", "F19"]),
    ({"faults": ["database"]}, ["F01", "F03"]),
    ({"faults": ["broker", "F01"], "repeat": 2}, ["F01", "F19", "F01", "F19"]),
    ({"faults": ["F03+F19"]}, ["F03+F19"]),
    ({"faults": ["F19+F01", "F03"], "repeat": 2}, ["F03", "F19+F01", "F03", "F19+F01"]),
])
def test_chosen_faults_come_once_before_any_comes_again(wish, order):
    assert ids(**wish) == order


def test_a_random_campaign_is_replayed_by_its_seed_and_not_by_another():
    assert campaign.plan(CATALOGUE, {**WISH, "random": 30}) == campaign.plan(CATALOGUE, {**WISH, "random": 30})
    assert ids(random=30) != ids(random=30, seed=8)


@pytest.mark.parametrize("random, times", [(3, {1}), (30, {10}), (31, {10, 11})])
def test_chance_decides_the_order_and_leaves_none_out(random, times):
    assert set(collections.Counter(ids(random=random)).values()) == times
    assert ids(random=30) != ids(random=3) * 10


def test_every_fault_has_a_number_and_a_seed_of_its_own():
    planned = campaign.plan(CATALOGUE, {**WISH, "repeat": 2})
    assert [each["number"] for each in planned] == [1, 2, 3, 4, 5, 6]
    assert len({each["seed"] for each in planned}) == 6


def test_chance_draws_pairs_as_well():
    assert set(ids(faults=["F03+F19", "F01"], random=30)) == {"F03+F19", "F01"}


def test_a_pair_has_two_parts():
    assert campaign.parts_of("F03+F19") == ["F03", "F19"]
    assert campaign.parts_of("F03") == ["F03"]


@pytest.mark.parametrize("name", ["F01+F03", "F03+F03", "F03+F99", "F01+F03+F19", "F03+", "database+broker", "all+F03"])
def test_only_two_known_faults_of_two_layers_are_a_pair(name):
    with pytest.raises(BadOption, match="no layer is called %s: there are" % re.escape(name)):
        ids(faults=["F01", name])


@pytest.mark.parametrize("names", [["F99"], ["all", "kitchen"], []])
def test_what_nobody_knows_is_named_with_what_there_is(names):
    with pytest.raises(BadOption, match="there are the faults F01, F03, F19, pairs .*, the layers broker, database, and all"):
        ids(faults=names)


@pytest.mark.parametrize("fault, names", [
    ({"target": "postgresql_leader"}, ["node1"]),
    ({"target": "standbys", "hosts": "all"}, ["node2", "node3"]),
    ({"target": "synchronous"}, ["node3"]),
    ({"target": "worker", "spare": ["vip_holder"]}, ["node2"]),
    ({"target": "etcd", "spare": ["vip_holder", "postgresql_leader"]}, ["node2"]),
    ({"target": "worker", "prefer": "busy_worker"}, ["node3"]),
    ({"target": "worker", "spare": ["vip_holder"], "prefer": "busy_worker"}, ["node2"]),
    ({"target": "worker", "hosts": "all", "prefer": "queue_leader"}, ["node2", "node3"]),
    ({"target": "scheduler+worker"}, ["node2"]),
    ({"target": "rabbitmq", "hosts": "all"}, NODES),
])
def test_hosts_are_chosen_by_the_role_that_they_have_now(fault, names):
    assert campaign.targets(fault, SEEN, 1) == names


def test_chance_chooses_among_several_by_the_seed():
    chosen = {tuple(campaign.targets({"target": "etcd", "hosts": "majority"}, SEEN, seed)) for seed in range(30)}
    assert chosen == {("node1", "node2"), ("node1", "node3"), ("node2", "node3")}


@pytest.mark.parametrize("fault, message", [
    ({"target": "queue_leader"}, "1 of the role queue_leader is needed, and there is none"),
    ({"target": "standbys", "hosts": "all", "spare": ["postgresql"]}, "1 of the role standbys is needed, and there is none"),
    ({"target": "standbys", "hosts": 3}, "3 of the role standbys are needed, and there is only node2, node3"),
    ({"target": "king"}, "no role is called king: there are api_server, busy_worker, dag_processor"),
])
def test_a_role_that_too_few_have_is_named(fault, message):
    with pytest.raises(BadOption, match=message):
        campaign.targets(fault, SEEN, 1)


@pytest.mark.parametrize("fault, found", [
    ({"title": "t", "layer": "door", "target": "vip_holder", "kind": "kill"}, []),
    ({"title": "t", "layer": "door", "target": "vip_holder", "kind": "kill", "colour": 1}, ["F1 has the unknown entry colour"]),
    ({"title": "", "layer": "door", "kind": "kill"}, ["F1 lacks title", "F1 lacks target"]),
    ({"title": "t", "layer": "door", "target": "vip_holder", "kind": "kill", "spare": "etcd", "bounds": 5},
     ["spare of F1 must be a list, and is etcd", "bounds of F1 must be a mapping, and is 5"]),
])
def test_a_fault_of_the_users_is_judged_before_it_is_used(fault, found):
    assert list(campaign.problems("F1", fault)) == found
