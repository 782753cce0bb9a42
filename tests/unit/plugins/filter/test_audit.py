# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.filter.audit import FilterModule
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

FILTERS = FilterModule().filters()
GOOD_UNTIL = "2999-12-31"
MUTE = {"id": "airflow-load-examples", "reason": "a school", "until": GOOD_UNTIL}


def seen(member="airflow.cfg", version="3.3.2", problem="", broken=False, **options):
    return {"member": member, "version": version, "problem": problem, "broken": broken,
            "options": {name.replace("__", "."): {"value": value, "from": "file"} for name, value in options.items()}}


@pytest.fixture(name="verdict")
def verdict_of_defaults():
    return FILTERS["audit_files_verdict"]([seen(core__executor="CeleryExecutor")], [MUTE])


def test_each_filter_is_documented():
    for name in FILTERS:
        documented = yaml.safe_load((ROOT / "plugins/filter" / f"{name}.yml").read_text(encoding="utf-8"))
        assert documented["DOCUMENTATION"]["name"] == name


def test_a_verdict_has_four_parts(verdict):
    assert {part: bool(found) for part, found in verdict.items()} == {"findings": True, "muted": True, "unknown": False, "passed": True}


@pytest.mark.parametrize(("mute", "message"), [
    ({"id": "airflow-load-examples", "reason": "x"}, "airflow-load-examples has no until"),
    ({"reason": "x", "until": GOOD_UNTIL}, "has no id"),
    ({"id": "airflow-all-well", "reason": "x", "until": GOOD_UNTIL}, "there is no rule airflow-all-well"),
    ({"id": "airflow-load-examples", "reason": "x", "until": "soon"}, "airflow-load-examples: until is no date such as 2027-06-30"),
])
def test_a_mute_that_says_too_little_is_refused(mute, message):
    with pytest.raises(AnsibleFilterError, match=message):
        FILTERS["audit_files_verdict"]([seen()], [mute])


def test_what_fails_is_chosen_by_severity(verdict):
    severities = {least: {each["severity"] for each in FILTERS["audit_failing"](verdict, least)} for least in ("none", "error", "warning", "note")}
    assert severities == {"none": set(), "error": {"error"}, "warning": {"error", "warning"}, "note": {"error", "warning", "note"}}


def test_the_text_begins_with_what_to_do_first(verdict):
    lines = FILTERS["audit_text"](verdict).splitlines()
    assert " errors, " in lines[0] and "1 muted finding" in lines[0] and "could not be judged" in lines[0]
    assert lines[2] == "Do first:"
    assert lines[3].startswith("1. ")
    assert not any("airflow-load-examples" in line for line in lines)
    assert max(map(len, lines)) < 120


def test_the_same_of_several_members_is_told_once():
    text = FILTERS["audit_text"](FILTERS["audit_files_verdict"]([seen("one"), seen("two"), seen("three", core__executor="CeleryExecutor")]))
    assert text.count("[airflow-executor-local] one, two: ") == 1


def test_what_differs_among_members_is_told_of_each():
    text = FILTERS["audit_text"](FILTERS["audit_files_verdict"]([seen("one", core__parallelism="0"), seen("two", core__parallelism="-1")]))
    assert "core.parallelism is 0 (one)" in text
    assert "core.parallelism is -1 (two)" in text


def test_what_could_not_be_judged_is_told_with_its_reason():
    text = FILTERS["audit_text"](FILTERS["audit_files_verdict"]([seen(problem="airflow.cfg cannot be read: Permission denied")]))
    assert text.startswith("0 errors")
    assert "Could not be judged:\n   airflow.cfg cannot be read: Permission denied (" in text


def test_a_broken_file_is_an_error_and_all_else_is_unknown():
    found = FILTERS["audit_files_verdict"]([seen(problem="airflow.cfg is broken: line 3", broken=True)])
    assert [each["id"] for each in found["findings"]] == ["airflow-config-broken"]
    assert {each["id"] for each in found["passed"]} == {"airflow-version-twice", "airflow-variable-ignored"}  # which need no file


def test_without_a_version_what_depends_on_it_is_unknown():
    found = FILTERS["audit_files_verdict"]([seen(version="")])
    assert {each["reason"] for each in found["unknown"]} == {"the version of Airflow is unknown"}


def test_sarif_has_a_result_for_each_finding(verdict):
    [run] = json.loads(FILTERS["audit_sarif"](verdict))["runs"]
    assert len(run["results"]) == len(verdict["findings"]) + len(verdict["muted"])
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "airflow.cfg"
    assert [result["ruleId"] for result in run["results"] if "suppressions" in result] == ["airflow-load-examples"]


def test_junit_has_a_case_for_each_rule(verdict):
    [suite] = ET.fromstring(FILTERS["audit_junit"](verdict))
    rules = {each["id"] for part in verdict.values() for each in part}
    assert {case.get("name") for case in suite} == rules
    assert int(suite.get("tests")) == len(rules)
    assert int(suite.get("failures")) == len({each["id"] for each in verdict["findings"]})
    assert int(suite.get("skipped")) == 1


HOST = {"hostname": "node1", "privileged": True, "time": 100.5, "controller_time": 100.0, "clock_synchronised": None, "services": [],
        "airflow": [], "texts": {}, "certificates": [], "containers": [], "postgresql": None, "etcd": None, "rabbitmq": None}


def test_hosts_are_judged_together():
    services = [{"kind": "scheduler", "unit": "airflow-scheduler.service", "settings": {}, "queues": [], "container": ""}]
    found = FILTERS["audit_verdict"]({"node1": {"audit": dict(HOST, services=services)}, "node2": {"audit": HOST}})
    assert ("cluster-one-scheduler", "node1") in {(each["id"], each["member"]) for each in found["findings"]}


def test_a_host_that_is_silent_is_told_and_nothing_is_said_of_it():
    services = [{"kind": "scheduler", "unit": "airflow-scheduler.service", "settings": {}, "queues": [], "container": ""}]
    found = FILTERS["audit_verdict"]({"node1": {"audit": dict(HOST, services=services)}, "node2": {"unreachable": True, "msg": "no route\nto host"}})
    assert {"id": "host-silent", "member": "node2", "reason": "node2 did not answer: no route to host"} in found["unknown"]
    assert {"id": "cluster-one-scheduler", "member": "cluster", "reason": "not all hosts were seen: node2"} in found["unknown"]
    assert not any(each["id"] == "cluster-one-scheduler" for part in ("findings", "passed") for each in found[part])


def test_the_page_shows_all_and_escapes_it():
    services = [{"kind": "scheduler", "unit": "airflow-scheduler.service", "settings": {}, "queues": [], "container": ""}]
    results = {"node1": {"audit": dict(HOST, services=services)}, "node<2>": {"msg": "no <b>route</b>"}}
    losses = [{"kind": "host", "name": "node1", "effects": ["no scheduler is left"]}]
    text = FILTERS["audit_page"](FILTERS["audit_verdict"](results), "a<b>", results, losses)
    assert "<title>Audit of a&lt;b&gt;</title>" in text
    assert "no scheduler is left" in text and "node&lt;2&gt;" in text and "no &lt;b&gt;route&lt;/b&gt;" in text
    assert "src=" not in text and "<script" not in text


@pytest.mark.parametrize(("verdict", "label"), [
    ([seen()], "Errors"),
    ([seen(problem="x cannot be read")], "Fine"),
])
def test_the_page_says_how_bad_it_is(verdict, label):
    assert f"<strong>{label}</strong>" in FILTERS["audit_page"](FILTERS["audit_files_verdict"](verdict), "x")
