# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugins service_config and dag_sync: when they trust what was seen, and when they ask the host."""
from __future__ import annotations

import time

import pytest

from ansible_collections.steady.airflow.plugins.action import dag_sync, service_config
from ansible_collections.steady.airflow.plugins.module_utils import _dag_set

ABSENT = {"type": "absent", "changed": 0.0}
WISH = {"files": [{"path": "/etc/x", "state": "absent"}]}
ON_HOST = {"changed": True, "changed_paths": ["/etc/x"], "pending": {}}


def looked(**files):
    kept = {"salt": "s", "files": {"/etc/" + name: state for name, state in files.items()}, "units": {}}
    return {"ansible_facts": {"steady_host": {"kept": kept, "controller_time": time.time()}}}


@pytest.fixture(name="run")
def runner(monkeypatch):
    """Runs a plugin; the host, when it is asked, answers with ON_HOST."""
    class Task:
        args = {}

    def run(module, args, known):
        plugin = object.__new__(module.ActionModule)
        plugin._task = Task()
        plugin._task.args = args
        monkeypatch.setattr(module.ActionBase, "run", lambda *_arguments: {})
        plugin._execute_module = lambda **_options: dict(ON_HOST)
        return plugin.run(None, known)
    return run


def test_what_is_as_wanted_costs_no_call(run):
    assert run(service_config, WISH, looked(x=ABSENT)) == {"changed": False, "changed_paths": [], "pending": {}, "diff": []}


def test_without_a_look_the_host_is_asked_and_nothing_is_told_of_a_look(run):
    assert run(service_config, WISH, {}) == ON_HOST


def test_a_change_ends_the_trust_in_the_look(run):
    wish = {"files": [{"path": "/etc/x", "state": "directory"}]}
    assert run(service_config, wish, looked(x=ABSENT))["ansible_facts"] == {"steady_host_overtaken": "s"}


def test_wrong_options_are_left_to_the_module(run):
    assert run(service_config, {"files": [dict(WISH["files"][0], colour="red")]}, looked(x=ABSENT))["changed"] is True


@pytest.mark.parametrize("files, target, resolves, asked", [
    (["one.py"], None, True, False), (["one.py"], "sets/other", True, True), (["one.py"], None, False, True),
    ([], "sets/other", True, False),
], ids=["this set", "another set", "a lost set", "any set will do"])
def test_dags_that_are_there_cost_no_call(run, tmp_path, files, target, resolves, asked):
    for name in files:
        (tmp_path / name).write_text("1")
    source = str(tmp_path) if files else ""
    link = {"type": "link", "target": target or _dag_set.target(_dag_set.pack(source)[0]), "resolves": resolves}
    result = run(dag_sync, {"source": source, "path": "/etc/dags"}, looked(dags=link))
    assert result["changed"] is asked
