# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that the role drill knows. Of their templates only those are rendered here that say what differs by the broker."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.steady.airflow.plugins.module_utils._drill import campaign, conduct
from ansible_collections.steady.airflow.plugins.module_utils._drill.inject import NEEDS
from ansible_collections.steady.airflow.plugins.modules import drill_fault
from ansible_collections.steady.airflow.tests.unit.drill_looks import NODES, TIERS, looks
from ansible_collections.steady.airflow.tests.unit.house_rules.files import read

PARTS = yaml.safe_load(read("roles/drill/vars/main.yml"))["__drill_broker_parts"]


def rendered(value, broker):
    if isinstance(value, dict):
        return {key: rendered(each, broker) for key, each in value.items()}
    if isinstance(value, list):
        return [rendered(each, broker) for each in value]
    texts = {"{{ __topology_broker }}": broker, **{"{{ __drill_part.%s }}" % name: part for name, part in PARTS[broker].items()}}
    return texts.get(value, value) if isinstance(value, str) else value


CATALOGUES = {broker: rendered(yaml.safe_load(read("roles/drill/vars/catalogue.yml"))["__drill_shipped_faults"], broker) for broker in PARTS}
CATALOGUE = CATALOGUES["rabbitmq"]
OPTIONS = yaml.safe_load(drill_fault.DOCUMENTATION)["options"]
TYPES = {"list": list, "int": int, "float": (int, float), "str": str, "path": str, "bool": bool}
# what the conductor says of every fault
SAID_ELSEWHERE = {"name", "state", "kind", "duration"}
PLACES = {"database", "consensus", "broker", "airflow", "load balancer", "network"}
MEASURED = {"database", "scheduling", "api", "rerun"}


def now(name, **changes):
    return conduct.now(CATALOGUE, {"fault": name, "number": 1, "seed": 1}, looks(**changes), TIERS)


def test_the_catalogue_has_no_problem():
    assert len(conduct.checked(CATALOGUE)) > 20


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_settings_are_options_of_the_module_that_injects(name):
    fault = CATALOGUE[name]
    settings = fault.get("settings") or {}
    assert not set(settings) - (set(OPTIONS) - SAID_ELSEWHERE)
    for option, value in settings.items():
        assert isinstance(value, TYPES[OPTIONS[option]["type"]]), option
    if fault["kind"] in conduct.HOWS:
        assert not settings
    else:
        assert fault["kind"] in OPTIONS["kind"]["choices"]
        assert not set(NEEDS[fault["kind"]]) - set(settings)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_what_lasts_says_how_long_and_what_does_not_says_nothing(name):
    fault = CATALOGUE[name]
    at_once = fault["kind"] in ("kill", "reload", "switchover")
    assert (conduct.duration(fault) == 0) is at_once
    assert fault["layer"] in PLACES
    assert not set(fault["bounds"]) - MEASURED


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_fault_meets_somebody_in_a_cluster_of_three(name):
    fault = CATALOGUE[name]
    found = now(name)
    assert found["hosts"]
    assert len(found["hosts"]) == {"all": 2 if fault["target"] == "standbys" else 3, "majority": 2}.get(fault.get("hosts"), 1)
    assert set(found["gone"]) == (set(found["hosts"]) if fault["kind"] == "power" or name in ("F08", "F38", "F39") else set())


@pytest.mark.parametrize("name, hosts", [
    ("F03", ["node1"]), ("F10", ["node2", "node3"]), ("F19", ["node3"]), ("F21", NODES), ("F33", ["node1"]), ("F35", ["node1"])])
def test_who_is_hit_has_the_role(name, hosts):
    assert now(name)["hosts"] == hosts


@pytest.mark.parametrize("name, hosts", [("F19", ["node2"]), ("F20", ["node2"]), ("F21", NODES)])
def test_faults_of_the_broker_hit_redis_where_that_is_the_broker(name, hosts):
    assert conduct.now(CATALOGUES["redis"], {"fault": name, "number": 1, "seed": 1}, looks(), TIERS)["hosts"] == hosts


@pytest.mark.parametrize("name, spared", [("F14", "node1"), ("F31", "node1")])
def test_who_is_to_be_spared_is_not_hit(name, spared):
    for seed in range(20):
        assert spared not in conduct.now(CATALOGUE, {"fault": name, "number": 1, "seed": seed}, looks(), TIERS)["hosts"]


def test_names_of_faults_are_names_to_the_module():
    for turn in campaign.plan(CATALOGUE, {"faults": ["all", "F03+F24"], "repeat": 1, "random": 0, "seed": 1}):
        found = conduct.now(CATALOGUE, turn, looks(), TIERS)
        for part in found["parts"]:
            assert drill_fault.re.fullmatch("[A-Za-z0-9-]+", part["wish"]["name"])
