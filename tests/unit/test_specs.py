# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/specs writes what the house rules ask for, and keeps what people wrote."""

from __future__ import annotations

import importlib.util

import pytest
import yaml

from ansible_collections.steady.airflow.tests.unit.house_rules import roles
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

DEFAULTS = """# SPDX-License-Identifier: GPL-3.0-or-later
# Who they are.
demo_members: "{{ topology_tiers['demo'] }}"

demo_client_port: 80
demo_door_port: "{{ topology_ports.airflow }}"
demo_list: [a]
# Not set by default.
# demo_secret:
"""
OLD = """
argument_specs:
  main:
    short_description: Hand-written
    options:
      demo_list: {type: list, elements: str, description: Kept., default: [b]}
      demo_gone: {type: str, description: Gone., default: x}
      demo_needed: {type: str, description: Needed., required: true}
  again:
    short_description: Once more
    options:
      demo_client_port: {type: str, description: Old., required: true}
"""


@pytest.fixture(name="tool")
def load_tool():
    spec = importlib.util.spec_from_file_location("specs", ROOT / "tools/specs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("old", ["{}", OLD])
def test_the_result_keeps_the_house_rules(tool, old):
    text = yaml.dump(tool.specs("demo", DEFAULTS, yaml.safe_load(old)), Dumper=tool.Dumper, sort_keys=False)
    assert roles.specs_equal_defaults("demo", DEFAULTS, text) == []
    assert roles.options_are_described("demo", text) == []
    assert roles.entry_points_agree("demo", text) == []


def test_new_options_are_guessed(tool):
    options = tool.specs("demo", DEFAULTS, {})["argument_specs"]["main"]["options"]
    assert options == {
        "demo_members": {"type": "list", "description": "Who they are."},
        "demo_client_port": {"type": "int", "description": "Client port.", "default": 80},
        "demo_door_port": {"type": "int", "description": "Door port."},
        "demo_list": {"type": "list", "description": "List.", "default": ["a"]},
        "demo_secret": {"type": "str", "description": "Not set by default."},
    }


def test_what_people_wrote_is_kept(tool):
    points = tool.specs("demo", DEFAULTS, yaml.safe_load(OLD))["argument_specs"]
    assert points["main"]["short_description"] == "Hand-written"
    assert points["main"]["options"]["demo_list"] == {
        "type": "list", "elements": "str", "description": "Kept.", "default": ["a"]}
    assert "demo_gone" not in points["main"]["options"]
    assert points["main"]["options"]["demo_needed"]["required"] is True
    again = points["again"]["options"]["demo_client_port"]
    assert (again["type"], again["required"]) == ("int", True)


def test_a_role_of_data_is_not_validated_everywhere(tool):
    assert list(tool.specs("topology", "topology_x: 1\n", {})["argument_specs"]) == ["validate"]
