# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill's result means, said in words."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill.oracle import ALLOWED
from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_judgement as judgement
from ansible_collections.steady.airflow.tests.unit.drill_results import fault, result

LONGEST = " The longest time without a writable database was 28.3 s."
NO_TEST = {"done": None, "red": []}


def judged(oracle=None, **changes):
    found = result(**changes)
    for key, value in (oracle or {}).items():
        found["oracle"][key] = value
    return found


def test_who_pays_reads_one_sentence():
    found = judged({"counts": {}})
    fault(found, "F03", 2)["recovered"]["database"] = 24.9
    assert judgement.verdict(found) == {
        "state": "passed", "label": "Passed",
        "sentence": "9 faults, 1,834 runs: nothing lost, nothing twice. The longest time without a writable database was 24.9 s.",
        "remarks": ["The oracle was proven before: on 2026-11-22 00:00:00 UTC it turned red at each of 2 harmful changes made on purpose."],
    }


def test_second_commits_that_are_allowed_are_told():
    found = judgement.verdict(result())
    assert found["sentence"] == "9 faults, 1,834 runs: nothing lost, 1 task ran twice, one try after the other." + LONGEST


def test_a_goal_missed_is_told_beside_the_verdict():
    found = judgement.verdict(result())
    assert (found["state"], found["label"]) == ("late", "Passed, with goals missed")
    assert found["remarks"][0] == "Goals missed: 1. The table of recoveries marks them."


def test_what_is_not_allowed_fails():
    found = judgement.verdict(judged({"verdict": "failed", "counts": {"lost": 2, "overlapping_double": 1}}))
    assert found["state"] == "failed"
    assert found["sentence"] == "9 faults, 1,834 runs: 2 lost, 1 ran twice at the same time." + LONGEST


def test_a_class_that_nobody_allowed_fails_whatever_the_oracle_says():
    found = judgement.verdict(judged({"counts": {"something_new": 1}}))
    assert (found["state"], found["sentence"]) == ("failed", "9 faults, 1,834 runs: 1 something new." + LONGEST)


def test_a_failure_without_a_count_is_not_called_good():
    assert "the oracle says that it failed" in judgement.verdict(judged({"verdict": "failed"}))["sentence"]


def test_a_cluster_that_does_not_become_whole_fails():
    found = judged({"counts": {}})
    fault(found, "F03", 1)["whole"] = None
    fault(found, "F19", 1)["problem"] = "It could not be healed."
    assert judgement.verdict(found)["state"] == "failed"
    assert judgement.verdict(found)["sentence"] == (
        "9 faults, 1,834 runs: nothing lost, nothing twice, but after 1 fault the cluster did not become whole and 1 fault did not go as planned."
        + LONGEST)


@pytest.mark.parametrize("unclear", [
    judged({"verdict": "unclear", "unjudged": ["The ledger of node2 is gone."]}),
    judged({"judged": {"runs": 0, "tasks": 0, "commits": 0}}),
    judged(faults=[], campaign=[]),
    judged(self_test={"done": 1.0, "red": [{"change": "asynchronous replication", "class": "ghost", "found": False}]}),
])
def test_what_could_not_be_judged_is_not_called_good(unclear):
    found = judgement.verdict(unclear)
    assert (found["state"], found["label"]) == ("unclear", "Unclear")
    assert ": nothing was seen lost, but not all could be judged." in found["sentence"]
    assert set(unclear["oracle"]["unjudged"]) <= set(found["remarks"])


def test_an_unsure_oracle_does_not_vouch_for_a_drill_that_failed_otherwise():
    found = judged({"verdict": "unclear"})
    fault(found, "F03", 1)["whole"] = None
    assert judgement.verdict(found)["state"] == "failed"
    assert ": nothing was seen lost, but not all could be judged, and after 1 fault the" in judgement.verdict(found)["sentence"]


def test_without_a_self_test_it_is_told():
    assert judgement.verdict(result(self_test=NO_TEST))["remarks"][-1] == (
        "No self-test was made: it is not shown that the oracle would have seen a loss.")


def test_a_self_test_that_stayed_green_is_told():
    red = [{"change": "asynchronous replication", "class": "ghost", "found": False}]
    assert judgement.verdict(result(self_test={"done": 1.0, "red": red}))["remarks"][-1] == (
        "The oracle is not to be trusted: in its self-test it did not see asynchronous replication.")


def test_faults_that_were_not_made_are_told():
    found = result()
    found["campaign"].append({"fault": "F34", "number": 1})
    assert judgement.not_made(found) == [{"fault": "F34", "number": 1, "why": "the drill had ended"}]
    told = judgement.verdict(found)
    assert (told["state"], told["label"]) == ("incomplete", "Incomplete")
    assert told["sentence"].startswith("1 of 10 faults was not made. 9 faults, 1,834 runs: nothing lost")
    assert "F34, number 1, was not made: the drill had ended." in told["remarks"]
    fault(found, "F03", 1)["whole"] = None
    assert judgement.verdict(found)["state"] == "failed"


def test_nothing_is_said_of_a_database_that_was_not_watched():
    found = result()
    for each in found["faults"]:
        each["recovered"]["database"] = None
    assert judgement.verdict(found)["sentence"].endswith("How long the database took no writes was not measured.")


def test_a_fault_is_judged_by_its_goals():
    found = result()
    assert judgement.complaints(fault(found, "F03", 1)) == []
    assert judgement.complaints(fault(found, "F03", 2)) == ["No write to the database: 28.3 s, the goal is 27.0 s."]


def test_redundancy_that_does_not_come_back_misses_its_goal_and_is_told_once():
    broken = dict(fault(result(), "F19", 1), whole=None)
    assert judgement.over(broken) == {"redundancy": 120.0}
    assert judgement.complaints(broken) == ["Full redundancy did not come back."]


def test_tasks_that_failed_with_their_workers_are_told():
    found = judgement.verdict(judged({"counts": {"failed_with_worker": 2}}))
    assert (found["state"], found["sentence"]) == (
        "late", "9 faults, 1,834 runs: nothing lost, nothing twice, 2 tasks failed because each try was hit." + LONGEST)


def test_every_class_of_the_oracle_is_explained():
    assert list(judgement.CLASSES) == list(ALLOWED)


def test_an_anomaly_tells_only_what_it_has():
    one = result()["oracle"]["anomalies"][0]
    assert judgement.facts(one) == {"DAG": "drill_long", "Run": "drill<7>__F29-2__0193", "Task": "hold", "Fault": "F29 number 2"}
    assert judgement.facts(dict(one, map=3))["Map index"] == 3
    assert judgement.facts(dict(one, dag=None, run=None, task=None, map=None, fault=None)) == {}


def test_any_number_may_be_allowed():
    row = judgement.classes(result()["oracle"])[-1]
    assert (row["name"], row["count"], row["allowed"], row["over"]) == ("legitimate retry", 14, None, False)
