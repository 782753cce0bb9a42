# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a drill as a CI system reads it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from ansible_collections.steady.airflow.plugins.plugin_utils._drill_junit import junit
from ansible_collections.steady.airflow.tests.unit.drill_results import fault, result


def suites(found):
    root = ET.fromstring(junit(found))
    return root, {suite.get("name"): suite for suite in root}


def failed(suite):
    return {case.get("name"): case.find("failure").get("message") for case in suite if case.find("failure") is not None}


def test_each_layer_has_its_faults_and_the_oracle_its_classes():
    root, found = suites(result())
    assert {name: (suite.get("tests"), suite.get("failures")) for name, suite in found.items()} == {
        "airflow": ("3", "0"), "database": ("3", "1"), "broker": ("3", "0"), "oracle": ("12", "0")}
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("21", "1", "0")
    assert found["broker"][0].attrib == {
        "classname": "drill.broker", "name": "F19 number 1: A member of the broker is lost", "time": "67.5"}


def test_a_goal_missed_fails():
    assert failed(suites(result())[1]["database"]) == {
        "F03 number 2: The database's leader loses power": "No write to the database: 28.3 s, the goal is 27.0 s."}


def test_a_problem_and_redundancy_that_stays_away_fail():
    found = result()
    fault(found, "F19", 1)["problem"] = "It could not be healed."
    fault(found, "F19", 2).update(healed=None, whole=None)
    assert list(failed(suites(found)[1]["broker"]).values()) == ["It could not be healed.", "Full redundancy did not come back."]


def test_a_class_that_is_not_allowed_fails_and_names_the_runs():
    found = result()
    found["oracle"]["allowed"]["second_commit_with_worker"] = 0
    oracle = suites(found)[1]["oracle"]
    assert failed(oracle) == {"second commit with worker": "1 found, 0 allowed"}
    assert "DAG drill_long, Run drill<7>__F29-2__0193, Task hold, Fault F29 number 2: It committed in try 1" in "".join(oracle.itertext())


def test_what_is_unclear_is_not_green():
    found = result()
    found["oracle"].update(verdict="unclear", unjudged=["The ledger of node2 is gone."])
    [told] = suites(found)[1]["oracle"].findall("testcase[@name='all could be judged']/failure")
    assert "The ledger of node2 is gone." in told.text


def test_a_fault_that_was_not_made_is_not_green():
    found = result(not_made=[{"fault": "F34", "number": 1, "why": "the cluster was not whole: rabbitmq: node3: is not running"}])
    found["campaign"].append({"fault": "F34", "number": 1})
    named = suites(found)[1]
    assert named["not made"].get("failures") == "1"
    told = named["not made"].find("testcase[@name='F34 number 1']/failure")
    assert "It was not made: the cluster was not whole: rabbitmq: node3: is not running." in told.text
    assert named["oracle"].find("testcase[@name='all could be judged']/failure") is None


def test_what_xml_cannot_hold_is_replaced():
    found = result(cluster="a\x1b[31m & <b>")
    assert suites(found)[0].get("name") == "Failover drill of a\ufffd[31m & <b>"
