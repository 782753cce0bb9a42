# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters over the topology are there, documented, and those of module_utils."""
from __future__ import annotations

import pytest
import yaml

from ansible_collections.steady.airflow.plugins.filter import settings
from ansible_collections.steady.airflow.plugins.filter import topology
from ansible_collections.steady.airflow.tests.unit.house_rules.files import read

FILTERS = topology.FilterModule().filters()
OF_SETTINGS = settings.FilterModule().filters()


def documentation(name):
    return yaml.safe_load(read("plugins/filter/%s.yml" % name))["DOCUMENTATION"]


@pytest.mark.parametrize("name", sorted(OF_SETTINGS))
def test_every_filter_of_settings_is_documented(name):
    assert documentation(name)["name"] == name


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_is_documented(name):
    documented = documentation(name)
    assert documented["name"] == name
    arguments = FILTERS[name].__code__.co_varnames[1:FILTERS[name].__code__.co_argcount]
    assert len(documented.get("positional", "").split(",") if arguments else []) == len(arguments)


def test_the_first_example_of_the_documentation():
    tiers = FILTERS["tiers"]({"etcd": "store"}, {"store": ["node1"]}, {"node1": {"ansible_host": "192.0.2.11"}})
    assert FILTERS["tiers_of"](tiers, "node1") == ["etcd"]
    assert FILTERS["endpoints"](tiers, "", FILTERS["ports"]({}, {}, {})) == {}
