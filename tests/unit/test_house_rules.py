# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds every file of the repository to the house rules. What a rule means is in house_rules/."""

from __future__ import annotations

import re

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules import plugins, roles, tasks, texts
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT, paths, read

TASK_FILES = paths("roles/*/tasks/*.yml", "roles/*/tasks/*/*.yml", "roles/*/handlers/*.yml")
PLAYBOOKS = paths("playbooks/*.yml")
MOLECULE = paths("molecule/*/*.yml", ".config/molecule/*.yml")
TEMPLATES = paths("roles/*/templates/*")
DEFAULTS = paths("roles/*/defaults/*.yml")
VARS = paths("roles/*/vars/*.yml")
MODULES = paths("plugins/modules/*.py")
TESTS = set(paths("tests/unit/plugins/*/*.py", "tests/unit/plugins/*/*/*.py"))
GENERATED = {"changelogs/changelog.yaml"}
SCRIPTS = [path for path in paths("tools/*", "tools/*/*", ".ci/*") if not path.endswith((".txt", ".md"))]
LICENSED = sorted(set(SCRIPTS + paths("*.py", "*.yml", "*.yaml", "*.j2", "*.sh", "Makefile")) - GENERATED)
ROLES = [path.split("/")[1] for path in DEFAULTS]
TOPOLOGY = "roles/topology/defaults/main.yml"

SECRETS_FILE = "playbooks/templates/secrets.yml.j2"
SECRETS = re.findall(r"^(\w+):", read(SECRETS_FILE), re.MULTILINE) if (ROOT / SECRETS_FILE).exists() else []
SECRETS.append("tls_ca_key")

ON_TASKS = (
    tasks.ignores_no_errors, tasks.calls_no_shell, tasks.does_not_pause, tasks.controller_keeps_its_rights,
    tasks.commands_have_reasons, tasks.commands_tell_changes,
)


def judge(*violations):
    found = [violation for group in violations for violation in group]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def is_there(path):
    return [] if (ROOT / path).exists() else ["%s:1: is missing" % path]


def role_of(path):
    return path.split("/")[1]


@pytest.mark.parametrize("path", LICENSED)
def test_every_file_tells_its_licence(path):
    judge(texts.has_header(path, read(path)))


@pytest.mark.parametrize("path", [path for path in paths("*") if texts.size_limit(path)])
def test_files_are_small(path):
    judge(texts.is_small(path, read(path)))


@pytest.mark.parametrize("path", TASK_FILES + PLAYBOOKS + MOLECULE)
def test_tasks_keep_the_rules(path):
    judge(*[rule(path, read(path)) for rule in ON_TASKS])


def test_the_names_of_secrets_are_known():
    assert "airflow_fernet_key" in SECRETS, "%s:1: names no secrets" % SECRETS_FILE


@pytest.mark.parametrize("path", TASK_FILES + PLAYBOOKS)
def test_secrets_are_not_logged(path):
    judge(tasks.secrets_are_not_logged(path, read(path), SECRETS))


@pytest.mark.parametrize("path", TASK_FILES)
def test_tasks_of_roles_keep_to_their_role(path):
    text = read(path)
    judge(tasks.calls_no_other_role(path, text), roles.tasks_have_prefix(role_of(path), path, text))


@pytest.mark.parametrize("path", [path for path in TASK_FILES if "/tasks/" in path])
def test_task_names_tell_their_file(path):
    judge(tasks.names_tell_the_file(path, read(path)))


@pytest.mark.parametrize("path", TASK_FILES + PLAYBOOKS + MOLECULE + TEMPLATES)
def test_nothing_sleeps(path):
    judge(texts.does_not_sleep(path, read(path)))


@pytest.mark.parametrize("path", [
    path for path in TASK_FILES + TEMPLATES + DEFAULTS + VARS + PLAYBOOKS if not path.startswith("roles/topology/")])
def test_only_topology_looks_into_the_inventory(path):
    judge(texts.keeps_out_of_inventory(path, read(path)))


@pytest.mark.parametrize("path", DEFAULTS)
def test_defaults_have_the_prefix_of_the_role(path):
    judge(roles.defaults_have_prefix(role_of(path), path, read(path)))


@pytest.mark.parametrize("path", VARS)
def test_internal_variables_have_the_internal_prefix(path):
    judge(roles.vars_have_prefix(role_of(path), path, read(path)))


@pytest.mark.parametrize("role", ROLES)
def test_argument_specs_equal_defaults(role):
    specs = "roles/%s/meta/argument_specs.yml" % role
    judge(is_there(specs))
    text = read(specs)
    judge(
        roles.specs_equal_defaults(role, read("roles/%s/defaults/main.yml" % role), text),
        roles.options_are_described(role, text),
        roles.entry_points_agree(role, text),
    )


@pytest.mark.parametrize("role", sorted({role_of(path) for path in paths("roles/*/*/*")}))
def test_roles_depend_on_topology_only(role):
    path = "roles/%s/meta/main.yml" % role
    judge(is_there(path))
    judge(roles.depends_on_topology_only(role, read(path)))


@pytest.mark.parametrize("path", MODULES)
def test_modules_are_documented_tested_and_know_check_mode(path):
    text = read(path)
    judge(plugins.is_documented(path, text), plugins.supports_check_mode(path, text), plugins.has_unit_test(path, TESTS))


@pytest.mark.parametrize("path", PLAYBOOKS)
def test_hosts_lines_name_groups_of_topology(path):
    judge(plugins.hosts_are_groups(path, read(path), plugins.topology_groups(read(TOPOLOGY))))


def test_every_group_of_topology_is_deployed():
    judge(plugins.groups_are_deployed([read(path) for path in PLAYBOOKS], plugins.topology_groups(read(TOPOLOGY))))
