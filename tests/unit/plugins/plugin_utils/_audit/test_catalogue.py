# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule is silent about what is fine, and finds what it is about, and no other rule speaks then."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import SEVERITIES
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.configurations import (
    CURRENT,
    GOLDEN,
    MUTATIONS,
    changed,
    configuration,
    golden,
)

OLD = "airflow-version-ended"
IDS = [rule.id for rule in RULES]


def found(settings, version):
    """What is found beside the age of an Airflow 2."""
    verdict = judge(RULES, {"configuration": [configuration(settings, version)]})
    assert not verdict["unknown"] or any(each["id"] == "airflow-option-value" for each in verdict["findings"])
    return {each["id"] for each in verdict["findings"]} - ({OLD} if version.startswith("2.") else set())


@pytest.mark.parametrize("version", GOLDEN)
def test_nothing_is_found_where_all_is_well(version):
    assert found(golden(version), version) == set()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[f"{number}-{mutation[0]}" for number, mutation in enumerate(MUTATIONS)])
def test_a_change_for_the_worse_is_found_and_nothing_else(mutation):
    expected, changes, *versions = mutation
    base, version = (versions or [CURRENT])[0], (versions or [CURRENT])[-1]
    assert found(changed(golden(base), changes), version) == set(expected.split(", "))


def test_an_airflow_of_old_is_told():
    verdict = judge(RULES, {"configuration": [configuration(golden("2.10.5"), "2.10.5")]})
    assert [each["id"] for each in verdict["findings"]] == [OLD]


def test_every_rule_has_a_change_that_it_finds():
    configured = {rule.id for rule in RULES if rule.subject == "configuration"}
    assert {each for mutation in MUTATIONS for each in mutation[0].split(", ")} | {OLD} == configured


def test_every_rule_has_an_id_of_its_own():
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_says_all_that_a_reader_needs(rule):
    assert rule.severity in SEVERITIES
    assert rule.why.endswith(".")
    assert rule.title and rule.remedy and not rule.title.endswith(".")
