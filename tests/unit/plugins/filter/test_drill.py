# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import inspect

import pytest
import yaml

from ansible_collections.steady.airflow.plugins.filter.drill import FilterModule
from ansible_collections.steady.airflow.tests.unit.drill_looks import NODES, TIERS, looks
from ansible_collections.steady.airflow.tests.unit.house_rules.files import paths, read

FILTERS = FilterModule().filters()
CATALOGUE = {"F34": {"title": "No door", "layer": "door", "target": "vip_holder", "kind": "stop", "duration": 20, "settings": {"units": ["a"]}}}
WISH = {"faults": ["all"], "repeat": 2, "random": 0, "seed": 1}
TURN = {"fault": "F34", "number": 1, "seed": 1}
BLOWS = {"node1": {"begun": 50.0, "done": 51.0}}


def test_the_filters_have_the_names_of_their_documentation():
    sidecars = {path.split("/")[-1][:-len(".yml")] for path in paths("plugins/filter/drill_*.yml")}
    assert sorted(FILTERS) == sorted(sidecars - {"drill_junit", "drill_page", "drill_verdict"})  # which are those of drill_report


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_is_documented(name):
    documented = yaml.safe_load(read("plugins/filter/%s.yml" % name))
    told = documented["DOCUMENTATION"]
    assert told["name"] == name
    assert "steady.airflow." + name in documented["EXAMPLES"]
    arguments = list(inspect.signature(FILTERS[name]).parameters.values())[1:]
    # a filter may have its own names for them, but in the same order, and the same ones may be left out
    named = [each.strip() for each in told.get("positional", "").split(",") if each]
    assert len(named) == len(arguments)
    assert [told["options"][each].get("required", False) for each in ["_input", *named]] == [
        True, *(argument.default is argument.empty for argument in arguments)]
    assert sorted(told["options"]) == sorted(["_input", *named])


def test_a_campaign_is_planned_conducted_and_written_down():
    planned = FILTERS["drill_plan"](CATALOGUE, WISH)
    assert planned["problem"] == ""
    turns = planned["turns"]
    assert [turn["number"] for turn in turns] == [1, 2]
    assert FILTERS["drill_lacking"](CATALOGUE, turns, {}, TIERS) == []
    assert FILTERS["drill_problems"](looks()) == []
    assert FILTERS["drill_outlook"](CATALOGUE, turns[:1], looks(), TIERS) == [
        {"line": "1. F34 No door: stop for 20 s on node1", "why": ""}]
    found = FILTERS["drill_targets"](CATALOGUE, turns[0], looks(), TIERS)
    assert FILTERS["drill_outcome"](found, BLOWS, looks())["begun"] == {"node1": 50.0}


WAYS = {"etcd": 1, "postgresql": 2, "rabbitmq": 3, "airflow": 4, "redis": 5}


@pytest.mark.parametrize("without, watcher", [([], "node1"), ([["node1"]], "node2"), ([NODES, ["node1"]], "node2")])
def test_a_host_gets_the_ways_to_ask_what_it_watches(without, watcher):
    for name in NODES:
        found = FILTERS["drill_watched"](WAYS, TIERS, name, *without)
        assert ({"etcd", "postgresql", "rabbitmq", "airflow"} <= set(found)) is (name == watcher)
        assert all(found[what] == WAYS[what] for what in found)


@pytest.mark.parametrize("catalogue, wish, problem", [
    (CATALOGUE, {**WISH, "faults": ["F99"]}, "no fault and no layer is called F99: "),
    ({"F34": {"title": "t"}}, WISH, "F34 lacks layer; F34 lacks target; F34 lacks kind"),
])
def test_why_nothing_can_be_planned_is_told(catalogue, wish, problem):
    planned = FILTERS["drill_plan"](catalogue, wish)
    assert planned["turns"] == []
    assert planned["problem"].startswith(problem)
