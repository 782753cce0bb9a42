# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import re

import changed
import pytest
import self_test
import yaml
from stages import StageFailed

from ansible_collections.steady.airflow.plugins.module_utils._drill import campaign, oracle
from ansible_collections.steady.airflow.tests.unit.house_rules.files import read

CHANGES = yaml.safe_load(read("tests/self_test.yml"))
CATALOGUE = yaml.safe_load(read("roles/drill/vars/catalogue.yml"))["__drill_shipped_faults"]


class Run:
    """Stands for Stages."""

    def __init__(self):
        self.titles = []

    def run(self, title, work):
        self.titles.append(title)
        return work(self)

    def progress(self, text):
        self.titles.append(text)


@pytest.fixture(name="demo")
def the_demo(tmp_path, monkeypatch):
    calls = []

    def playbook(path, *arguments):
        def work(stages):
            calls.append((path, changed.VARIABLES.exists()))
            if path == "playbooks/drill.yml":
                wish = json.loads(arguments[1])
                result = changed.DRILLS / str(len(calls))
                result.mkdir()
                (result / "result.json").write_text(json.dumps({"oracle": {"counts": dict.fromkeys(oracle.ALLOWED, 0) | {"lost_write": 3}}}))
                raise StageFailed("red: %s" % wish["drill_faults"])
        return work

    monkeypatch.setattr(changed, "VARIABLES", tmp_path / "changed.yml")
    monkeypatch.setattr(changed, "DRILLS", tmp_path)
    monkeypatch.setattr(changed, "playbook", playbook)
    return calls


def test_what_the_judge_saw_and_did_not_see_is_told_and_the_cluster_made_good_again(demo):
    changes = [{"change": "a", "class": "lost_write", "fault": "F03", "variables": {}}, {"change": "b", "class": "lost", "fault": "F24", "variables": {}}]
    found = self_test.try_all(Run(), changes)
    assert [(one["change"], one["found"]) for one in found["red"]] == [("a", True), ("b", False)]
    assert demo[-1] == ("playbooks/site.yml", False)
    assert demo[:2] == [("playbooks/site.yml", True), ("playbooks/drill.yml", True)]


def test_what_is_changed_counts_more_than_what_the_demo_says():
    assert re.search(r"group_vars/all/demo.yml", read("tools/hosts"))
    assert changed.VARIABLES.parent.name == "all" and changed.VARIABLES.name > "demo.yml"


def test_a_drill_that_was_not_judged_is_no_result(demo, monkeypatch):
    def fails(path, *arguments):
        def work(stages):
            if path == "playbooks/drill.yml":
                raise StageFailed("not whole")
        return work

    monkeypatch.setattr(changed, "playbook", fails)
    with pytest.raises(StageFailed, match="the drill was not judged: not whole"):
        self_test.try_all(Run(), [{"change": "a", "class": "lost", "fault": "F03", "variables": {}}])
    assert not changed.VARIABLES.exists()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change["change"])
def test_each_change_has_a_class_for_which_nothing_is_allowed_and_a_fault_that_there_is(change):
    assert oracle.ALLOWED[change["class"]] == 0
    catalogue = {**CATALOGUE, **change["variables"].get("drill_own_faults", {})}
    assert campaign.plan(catalogue, {"faults": [change["fault"]], "repeat": 1, "random": 0, "seed": 1})
