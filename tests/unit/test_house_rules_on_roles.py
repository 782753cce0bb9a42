# SPDX-License-Identifier: GPL-3.0-or-later
"""The house rules on roles find what they are for."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules import roles

DEFAULTS = """---
etcd_port: 2379
# Where the data lies.
# etcd_data: /var/lib/etcd
etcd_members: "{{ topology_tiers['etcd'] }}"
"""
SPECS = """---
argument_specs:
  main:
    short_description: etcd
    options:
      etcd_port: {type: int, description: Port., default: 2379}
      etcd_data: {type: path, description: Data.}
      etcd_members: {type: list, description: Members.}
      etcd_token: {type: str, description: Token., required: true}
  roll:
    short_description: Restart
    options:
      etcd_port: {type: int, description: Port., default: 2379}
      etcd_data: {type: path, description: Data., required: true}
"""
DEFAULTS_PATH = "roles/etcd/defaults/main.yml"
SPECS_PATH = "roles/etcd/meta/argument_specs.yml"


def test_equal_specs_pass():
    assert roles.specs_equal_defaults("etcd", DEFAULTS, SPECS) == []
    assert roles.options_are_described("etcd", SPECS) == []
    assert roles.entry_points_agree("etcd", SPECS) == []


def test_a_role_of_data_may_have_its_specs_under_validate():
    specs = "argument_specs: {validate: {options: {topology_vip: {default: x}}}}"
    assert roles.specs_equal_defaults("topology", "topology_vip: x", specs) == []
    assert len(roles.specs_equal_defaults("topology", "topology_vip: y", specs)) == 1


@pytest.mark.parametrize("defaults, specs, expected", [
    (DEFAULTS + "etcd_more: 1\n", SPECS, DEFAULTS_PATH + ":6: etcd_more is not in the argument specs"),
    (DEFAULTS + "# etcd_more: 1\n", SPECS,
     DEFAULTS_PATH + ":6: etcd_more is shown as a comment, but is not in the argument specs"),
    (DEFAULTS.replace("2379", "4001"), SPECS, SPECS_PATH + ":6: etcd_port has default 2379, defaults/main.yml says 4001"),
    (DEFAULTS.replace("2379", "'2379'"), SPECS,
     SPECS_PATH + ":6: etcd_port has default 2379, defaults/main.yml says '2379'"),
    (DEFAULTS, SPECS.replace(", default: 2379", ""),
     SPECS_PATH + ":6: etcd_port has default none, defaults/main.yml says 2379"),
    (DEFAULTS, SPECS.replace("Members.", "Members., default: []"),
     SPECS_PATH + ":8: etcd_members has another default than the template in defaults"),
    (DEFAULTS, SPECS.replace(", required: true", ""),
     SPECS_PATH + ":9: etcd_token is neither in defaults/main.yml (live or as a comment) nor required"),
    (DEFAULTS, SPECS.replace("Data.}", "Data., default: /x}"),
     SPECS_PATH + ":7: etcd_data has a default that defaults/main.yml does not have"),
])
def test_a_difference_between_specs_and_defaults_is_found(defaults, specs, expected):
    assert roles.specs_equal_defaults("etcd", defaults, specs) == [expected]


def test_options_need_descriptions():
    specs = SPECS.replace("description: Token., ", "").replace("    short_description: Restart\n", "")
    assert roles.options_are_described("etcd", specs) == [
        SPECS_PATH + ":9: etcd_token has no description", SPECS_PATH + ":10: entry point roll has no short_description"]


def test_other_entry_points_have_the_same_options():
    for changed in ("etcd_port: {type: str", "etcd_other: {type: int"):
        head, roll = SPECS.split("  roll:")
        specs = head + "  roll:" + roll.replace("etcd_port: {type: int", changed)
        assert [each.split(": ")[1].split()[0] for each in roles.entry_points_agree("etcd", specs)] == [changed[:changed.index(":")]]


def test_prefixes():
    assert roles.defaults_have_prefix("etcd", "d.yml", "etcd_a: 1\nb: 2\n__etcd_c: 3") == [
        "d.yml:2: b does not start with etcd_", "d.yml:3: __etcd_c does not start with etcd_"]
    assert roles.vars_have_prefix("etcd", "v.yml", "__etcd_a: 1\netcd_b: 2") == [
        "v.yml:2: etcd_b is internal, so it starts with __etcd_"]


@pytest.mark.parametrize("body", [
    "register: {name}", "ansible.builtin.set_fact: {{{name}: 1}}", "vars: {{{name}: 1}}",
    "loop_control: {{loop_var: {name}}}",
])
def test_variables_made_by_tasks_have_prefixes(body):
    good = "- name: x\n  %s\n" % body.format(name="__etcd_x")
    bad = "- name: x\n  %s\n" % body.format(name="x")
    assert roles.tasks_have_prefix("etcd", "t.yml", good) == []
    assert roles.tasks_have_prefix("etcd", "t.yml", bad) == ["t.yml:1: x does not start with __etcd_"]


def test_roles_depend_on_topology_only():
    good = "dependencies: [{role: steady.airflow.topology}]"
    assert roles.depends_on_topology_only("etcd", good) == []
    assert roles.depends_on_topology_only("topology", "dependencies: []") == []
    assert roles.depends_on_topology_only("topology", good)
    assert roles.depends_on_topology_only("etcd", "a: 1\ndependencies: [node]") == [
        "roles/etcd/meta/main.yml:2: depends on ['node'], should be ['topology']"]
    assert roles.depends_on_topology_only("etcd", "a: 1")
