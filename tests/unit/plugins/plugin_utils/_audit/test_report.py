# SPDX-License-Identifier: GPL-3.0-or-later
"""A verdict as people and programs read it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import html, machines, page, verdict
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.configuration import Configuration

GOOD_UNTIL = "2999-12-31"
MUTE = {"id": "airflow-load-examples", "reason": "a school", "until": GOOD_UNTIL}


def seen(member="airflow.cfg", version="3.3.2", problem="", broken=False, **options):
    return {"member": member, "version": version, "problem": problem, "broken": broken,
            "options": {name.replace("__", "."): {"value": value, "from": "file"} for name, value in options.items()}}


def judged(*told, mutes=()):
    configurations = [Configuration.of(each) for each in told]
    return verdict.of_written({"configuration": configurations, "source": configurations}, mutes)


@pytest.fixture(name="defaults")
def verdict_of_defaults():
    return judged(seen(core__executor="CeleryExecutor"), mutes=[MUTE])


def test_a_verdict_has_four_parts(defaults):
    assert {part: bool(found) for part, found in defaults.items()} == {"findings": True, "muted": True, "unknown": False, "passed": True}


@pytest.mark.parametrize(("mute", "message"), [
    ({"id": "airflow-load-examples", "reason": "x"}, "airflow-load-examples has no until"),
    ({"reason": "x", "until": GOOD_UNTIL}, "has no id"),
    ({"id": "airflow-all-well", "reason": "x", "until": GOOD_UNTIL}, "there is no rule airflow-all-well"),
    ({"id": "airflow-load-examples", "reason": "x", "until": "soon"}, "airflow-load-examples: until is no date such as 2027-06-30"),
])
def test_a_mute_that_says_too_little_is_refused(mute, message):
    with pytest.raises(BadOption, match=message):
        judged(seen(), mutes=[mute])


def test_what_fails_is_chosen_by_severity(defaults):
    severities = {least: {each["severity"] for each in verdict.failing(defaults, least)} for least in ("none", "error", "warning", "note")}
    assert severities == {"none": set(), "error": {"error"}, "warning": {"error", "warning"}, "note": {"error", "warning", "note"}}


def test_the_text_begins_with_what_to_do_first(defaults):
    lines = page.text(defaults).splitlines()
    assert " errors, " in lines[0] and "1 muted finding" in lines[0] and "could not be judged" in lines[0]
    assert lines[2] == "Do first:"
    assert lines[3].startswith("1. ")
    assert not any("airflow-load-examples" in line for line in lines)
    assert max(map(len, lines)) < 120


def test_the_same_of_several_members_is_told_once():
    text = page.text(judged(seen("one"), seen("two"), seen("three", core__executor="CeleryExecutor")))
    assert text.count("[airflow-executor-local] one, two: ") == 1


def test_what_differs_among_members_is_told_of_each():
    text = page.text(judged(seen("one", core__parallelism="0"), seen("two", core__parallelism="-1")))
    assert "core.parallelism is 0 (one)" in text
    assert "core.parallelism is -1 (two)" in text


def test_what_could_not_be_judged_is_told_with_its_reason():
    text = page.text(judged(seen(problem="airflow.cfg cannot be read: Permission denied")))
    assert text.startswith("0 errors")
    assert "Could not be judged:\n   airflow.cfg cannot be read: Permission denied (" in text


def test_a_broken_file_is_an_error_and_all_else_is_unknown():
    found = judged(seen(problem="airflow.cfg is broken: line 3", broken=True))
    assert [each["id"] for each in found["findings"]] == ["airflow-config-broken"]
    assert {each["id"] for each in found["passed"]} == {"airflow-version-twice", "airflow-variable-ignored"}  # which need no file


def test_without_a_version_what_depends_on_it_is_unknown():
    found = judged(seen(version=""))
    assert {each["reason"] for each in found["unknown"]} == {"the version of Airflow is unknown"}


def test_sarif_has_a_result_for_each_finding(defaults):
    [run] = json.loads(machines.sarif(defaults))["runs"]
    assert len(run["results"]) == len(defaults["findings"]) + len(defaults["muted"])
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "airflow.cfg"
    assert [result["ruleId"] for result in run["results"] if "suppressions" in result] == ["airflow-load-examples"]


def test_junit_has_a_case_for_each_rule(defaults):
    [suite] = ET.fromstring(machines.junit(defaults))
    rules = {each["id"] for part in defaults.values() for each in part}
    assert {case.get("name") for case in suite} == rules
    assert int(suite.get("tests")) == len(rules)
    assert int(suite.get("failures")) == len({each["id"] for each in defaults["findings"]})
    assert int(suite.get("skipped")) == 1


HOST = {"hostname": "node1", "privileged": True, "time": 100.5, "controller_time": 100.0, "clock_synchronised": None, "services": [],
        "airflow": [], "texts": {}, "certificates": [], "containers": [], "postgresql": None, "etcd": None, "rabbitmq": None}


def test_hosts_are_judged_together():
    services = [{"kind": "scheduler", "unit": "airflow-scheduler.service", "settings": {}, "queues": [], "container": ""}]
    found = verdict.of_hosts({"node1": {"audit": dict(HOST, services=services)}, "node2": {"audit": HOST}})
    assert ("cluster-one-scheduler", "node1") in {(each["id"], each["member"]) for each in found["findings"]}


def test_a_host_that_is_silent_is_told_and_nothing_is_said_of_it():
    services = [{"kind": "scheduler", "unit": "airflow-scheduler.service", "settings": {}, "queues": [], "container": ""}]
    found = verdict.of_hosts({"node1": {"audit": dict(HOST, services=services)}, "node2": {"unreachable": True, "msg": "no route\nto host"}})
    assert {"id": "host-silent", "member": "node2", "reason": "node2 did not answer: no route to host"} in found["unknown"]
    assert {"id": "cluster-one-scheduler", "member": "cluster", "reason": "not all hosts were seen: node2"} in found["unknown"]
    assert not any(each["id"] == "cluster-one-scheduler" for part in ("findings", "passed") for each in found[part])


def test_the_page_shows_all_and_escapes_it():
    services = [{"kind": "scheduler", "unit": "airflow-scheduler.service", "settings": {}, "queues": [], "container": ""}]
    results = {"node1": {"audit": dict(HOST, services=services)}, "node<2>": {"msg": "no <b>route</b>"}}
    losses = [{"kind": "host", "name": "node1", "effects": ["no scheduler is left"]}]
    text = html.html(verdict.of_hosts(results), "a<b>", results, losses)
    assert "<title>Audit of a&lt;b&gt;</title>" in text
    assert "no scheduler is left" in text and "node&lt;2&gt;" in text and "no &lt;b&gt;route&lt;/b&gt;" in text
    assert "src=" not in text and "<script" not in text


@pytest.mark.parametrize(("told", "label"), [(seen(), "Errors"), (seen(problem="x cannot be read"), "Fine")])
def test_the_page_says_how_bad_it_is(told, label):
    assert f"<strong>{label}</strong>" in html.html(judged(told), "x")
