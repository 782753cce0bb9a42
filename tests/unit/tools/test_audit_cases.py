# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations as people write them: read as Airflow reads them, nearly all found that an engineer would find, and nothing that is fine."""

from __future__ import annotations

import collections

import audit_cases
import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

CASES = audit_cases.cases(FIXTURES / "audit_cases")
NEVER = {"plaintext_secrets", "no_migration", "pool_math"}  # of what stands in no file that these cases have


def named(case):
    return case.directory.name


@pytest.mark.parametrize("case", CASES, ids=named)
def test_all_is_found_that_must_be(case):
    assert [each for each in case.missed(case.findings()) if each["tag"] not in NEVER] == []


@pytest.mark.parametrize("case", CASES, ids=named)
def test_nothing_is_found_that_must_not_be(case):
    assert list(case.alarms(case.findings())) == []


@pytest.mark.parametrize("case", [case for case in CASES if case.expected.get("effective")], ids=named)
def test_values_are_those_that_airflow_reads(case):
    for configuration in case.subjects()["configuration"]:
        for name, expected in case.expected["effective"].items():
            assert effective(configuration, name, expected), name


def effective(configuration, name, expected):
    """Whether it has this value. (In brackets) stands what no file tells, and of a URL the password is not compared."""
    try:
        if expected == "(default: SQLite)":
            return configuration.url(name) is None and configuration.text(name).startswith("sqlite:")
        if "://" in expected:
            url = configuration.url(name)
            return expected.startswith(url["scheme"] + "://" + url["user"]) and expected.endswith(url["hosts"] + "/" + url["path"])
        if name.endswith("fernet_key"):
            return (configuration.secret(name) or "") == expected
        if expected.lower() in ("true", "false"):
            return configuration.flag(name) is (expected.lower() == "true")
        return (configuration.text(name) or "") == expected
    except Unknown:
        return expected.startswith("(")


def test_the_recall_of_what_matters_is_95_percent():
    wanted, missed = collections.Counter(), collections.Counter()
    for case in CASES:
        wanted.update(each["severity"] for each in case.expected["must_find"])
        missed.update(each["severity"] for each in case.missed(case.findings()))
    assert missed["high"] == 0
    assert 1 - (missed["high"] + missed["medium"]) / (wanted["high"] + wanted["medium"]) >= 0.95


def test_every_rule_that_a_case_names_is_one():
    named_rules = {rule for case in CASES for each in case.expected.get("must_not_find") or [] for rule in each.get("rules") or []}
    assert named_rules | {rule for rules in CASES[0].tags.values() for rule in rules} <= {rule.id for rule in RULES}
