# SPDX-License-Identifier: GPL-3.0-or-later
"""Each house rule finds what it is for, names file and line, and lets good files pass."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules import plugins, roles, tasks, texts
from ansible_collections.steady.airflow.tests.unit.house_rules.files import load, paths, plain, walk

PATH = "roles/etcd/tasks/install.yml"
GOOD_TASKS = """
- name: install | Say hello
  ansible.builtin.command: hello  # no module greets
  changed_when: false
- name: install | Together
  block:
    - name: install | Ask
      # only the tool knows
      ansible.builtin.command:
        cmd: ask
        creates: /answer
      register: __etcd_answer
  rescue:
    - name: install | Data
      ansible.builtin.include_role:
        name: steady.airflow.topology
# no module says goodbye
- name: install | Go
  ansible.builtin.command: bye
  changed_when: true
  vars:
    __etcd_x: 1
"""
RULES_ON_TASKS = (
    tasks.ignores_no_errors, tasks.calls_no_shell, tasks.does_not_pause, tasks.controller_keeps_its_rights, tasks.commands_have_reasons,
    tasks.commands_tell_changes, tasks.names_tell_the_file, tasks.calls_no_other_role,
)


@pytest.mark.parametrize("rule", RULES_ON_TASKS)
def test_good_tasks_pass(rule):
    assert rule(PATH, GOOD_TASKS) == []


@pytest.mark.parametrize("rule, task", [
    (tasks.ignores_no_errors, "ignore_errors: true"),
    (tasks.calls_no_shell, "shell: x"),
    (tasks.calls_no_shell, "ansible.builtin.shell: x"),
    (tasks.calls_no_shell, "ansible.builtin.raw: x"),
    (tasks.does_not_pause, "ansible.builtin.pause: {seconds: 5}"),
    (tasks.controller_keeps_its_rights, "delegate_to: localhost"),
    (tasks.does_not_pause, "ansible.builtin.wait_for: {timeout: 5}"),
    (tasks.commands_have_reasons, "ansible.builtin.command: x"),
    (tasks.commands_have_reasons, "command: x"),
    (tasks.commands_tell_changes, "ansible.builtin.command: x"),
    (tasks.commands_tell_changes, "ansible.builtin.command: {cmd: x}"),
    (tasks.names_tell_the_file, "ansible.builtin.debug: {msg: x}"),
    (tasks.calls_no_other_role, "ansible.builtin.include_role: {name: steady.airflow.node}"),
    (tasks.calls_no_other_role, "import_role: {name: node}"),
])
@pytest.mark.parametrize("shape", [
    "- name: Do\n  {task}\n",
    "- name: install | All\n  block:\n    - name: Do\n      {task}\n",
    "- hosts: etcd\n  pre_tasks:\n    - name: Do\n      {task}\n",
])
def test_a_bad_task_is_found_wherever_it_stands(rule, task, shape):
    text = "# a comment\n\n" + shape.format(task=task)
    line = text[:text.index("name: Do")].count("\n") + 1
    violations = rule(PATH, text)
    assert len(violations) == 1
    assert violations[0].startswith("%s:%d: task 'Do' " % (PATH, line))


def test_waiting_for_something_is_no_pause():
    assert tasks.does_not_pause(PATH, "- ansible.builtin.wait_for: {port: 5432, timeout: 5}") == []


def test_main_needs_no_prefix_and_files_of_other_roles_are_out_of_reach():
    assert tasks.names_tell_the_file("roles/etcd/tasks/main.yml", "- name: Install\n  debug:\n") == []
    assert tasks.calls_no_other_role(PATH, "- include_tasks: ../../node/tasks/x.yml\n")[0].startswith(PATH + ":1:")


def test_secrets_are_not_logged():
    task = "- name: Do\n  ansible.builtin.copy: {content: '{{ etcd_password }}'}\n"
    assert tasks.secrets_are_not_logged(PATH, task, ["etcd_password"]) == [
        PATH + ":1: task 'Do' uses a secret without no_log"]
    assert tasks.secrets_are_not_logged(PATH, task + "  no_log: true\n", ["etcd_password"]) == []
    assert tasks.secrets_are_not_logged(PATH, task, ["password"]) == []
    assert tasks.secrets_are_not_logged(PATH, task, []) == []
    hidden = "- name: Do\n  steady.airflow.x: {login: [{password: '{{ etcd_password }}'}]}\n"
    assert tasks.secrets_are_not_logged(PATH, hidden, ["etcd_password"]) == []


def test_the_licence_is_told_at_the_top():
    good = "#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n"
    assert texts.has_header("a.sh", good) == []
    assert texts.has_header("a.sh", "\n" * 9 + good) == [
        "a.sh:1: says no 'SPDX-License-Identifier: GPL-3.0-or-later' in its first 8 lines"]


@pytest.mark.parametrize("path, limit", [
    ("roles/etcd/tasks/main.yml", 30), ("roles/etcd/tasks/install.yml", 100), ("roles/etcd/defaults/main.yml", 80),
    ("playbooks/site.yml", 60), ("molecule/etcd/molecule.yml", 15), ("plugins/modules/x.py", 250), ("README.md", None),
])
def test_sizes_have_limits(path, limit):
    assert texts.size_limit(path) == limit
    assert texts.is_small(path, "x\n" * (limit or 9999)) == []
    if limit:
        message = "%s:%d: has %d lines, %d are allowed: split it by subject" % (path, limit + 1, limit + 1, limit)
        assert texts.is_small(path, "x\n" * (limit + 1)) == [message]


@pytest.mark.parametrize("line, found", [
    ("x: \"{{ groups['etcd'] }}\"", True),
    ("x: \"{{ groups.etcd | first }}\"", True),
    ("x: \"{{ hostvars[item].ansible_host }}\"", True),
    ("x: \"{{ y | steady.airflow.tiers(groups, hostvars) }}\"", True),
    ("x: \"{{ topology_groups['etcd'] }}\"", False),
    ("groups: [admin]", False),
    ("# groups['etcd'] is for topology only", False),
    ("x: 1  # not groups['etcd']", False),
])
def test_looking_into_the_inventory_is_found(line, found):
    violations = texts.keeps_out_of_inventory("a.yml", "---\n" + line)
    assert [each.startswith("a.yml:2: looks into") for each in violations] == [True] * found


@pytest.mark.parametrize("line, found", [
    ("cmd: sleep 5", True), ("sleep {{ x }}", True), ("# sleep 5", False), ("no-sleep 5", False), ("sleepy: 1", False)])
def test_sleeping_is_found(line, found):
    assert len(texts.does_not_sleep("a.yml", line)) == found


def test_modules_are_judged_by_their_text():
    good = "DOCUMENTATION = r\"\"\"\nEXAMPLES = r\"\"\"\nRETURN = r\"\"\"\nsupports_check_mode=True"
    assert plugins.is_documented("m.py", good) == plugins.supports_check_mode("m.py", good) == []
    assert plugins.is_documented("m.py", "EXAMPLES = '") == [
        "m.py:1: has no DOCUMENTATION", "m.py:1: has no EXAMPLES", "m.py:1: has no RETURN"]
    assert plugins.supports_check_mode("m.py", "") == ["m.py:1: does not say supports_check_mode=True"]
    assert plugins.has_unit_test("plugins/modules/m.py", {"tests/unit/plugins/modules/test_m.py"}) == []
    assert plugins.has_unit_test("plugins/modules/m.py", set()) == [
        "plugins/modules/m.py:1: has no unit test tests/unit/plugins/modules/test_m.py"]


def test_hosts_lines_and_groups_agree():
    groups = {"etcd": "etcd", "worker": "airflow_workers"}
    text = "- hosts: etcd:!airflow_workers\n- hosts: [localhost]\n- hosts: '{{ x }}'\n- import_playbook: x.yml\n"
    assert plugins.hosts_are_groups("p.yml", text, groups) == []
    assert plugins.groups_are_deployed([text], groups) == []
    assert plugins.hosts_are_groups("p.yml", "\n- hosts: web", groups) == [
        "p.yml:2: hosts: names web, which topology_groups does not have"]
    assert plugins.groups_are_deployed(["- hosts: etcd"], groups) == [
        "roles/topology/defaults/main.yml:1: no play names the group airflow_workers"]
    assert plugins.topology_groups("topology_groups: {etcd: etcd}") == {"etcd": "etcd"}


def test_files_are_walked_without_links_and_hidden_ones(tmp_path):
    for name in ("a/x.yml", ".git/x.yml", "collections/x.yml", ".config/molecule/x.yml"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert paths("*.yml", root=tmp_path) == [".config/molecule/x.yml", "a/x.yml"]
    assert paths("a/*.yml", "molecule/*.yml", root=tmp_path) == ["a/x.yml"]
    assert len(list(walk(tmp_path))) == 2


def test_yaml_knows_its_lines():
    data = load("---\na: !vault x\nb:\n  - c: 1\n")
    assert data["b"][0]["__line__"] == 4
    assert plain(data) == {"a": "x", "b": [{"c": 1}]}
    assert roles.is_template({"a": ["{{ x }}"]})
