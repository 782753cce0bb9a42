# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules are put to work: found, passed, unknown, or muted."""

from __future__ import annotations

import datetime
import types

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

TODAY = datetime.date(2026, 11, 27)


def book(answer, severity="error", **versions):
    made = Book("worker")

    @made.rule("a-rule", severity, "Title", why="Why.", remedy="remedy", **versions)
    def rule(thing):
        if isinstance(answer, Exception):
            raise answer
        yield from answer

    return made.rules


def thing(member="node1", version=(3, 3)):
    return types.SimpleNamespace(member=member, version=version)


def verdict(rules, *things, mutes=()):
    return judge(rules, {"thing": things or [thing()]}, mutes, TODAY)


def test_evidence_is_a_finding():
    [found] = verdict(book(["it is so"]))["findings"]
    assert found == {"id": "a-rule", "severity": "error", "tier": "worker", "member": "node1", "title": "Title", "evidence": "it is so",
                     "why": "Why.", "remedy": "remedy", "see": []}


def test_evidence_may_name_its_member():
    assert verdict(book([("node2", "there")]))["findings"][0]["member"] == "node2"


def test_no_evidence_is_passed():
    assert verdict(book([]))["passed"] == [{"id": "a-rule", "member": "node1"}]


def test_what_was_not_seen_is_neither():
    assert verdict(book(Unknown("nobody saw it"))) == {
        "findings": [], "muted": [], "passed": [], "unknown": [{"id": "a-rule", "member": "node1", "reason": "nobody saw it"}]}


def test_one_that_was_not_seen_hides_no_other():
    def rules():
        made = Book("worker")

        @made.rule("a-rule", "error", "Title", why="Why.", remedy="remedy")
        def rule(thing):
            if thing.member == "node1":
                raise Unknown("away")
            yield "here"

        return made.rules

    seen = verdict(rules(), thing("node1"), thing("node2"))
    assert [each["member"] for each in seen["findings"]] == ["node2"]
    assert [each["member"] for each in seen["unknown"]] == ["node1"]


@pytest.mark.parametrize(("versions", "concerned"), [
    ({}, True), ({"since": "3.0"}, True), ({"since": "3.4"}, False), ({"until": "3.0"}, False), ({"until": "3.4"}, True),
    ({"since": "2.10", "until": "3.3"}, False),
])
def test_a_rule_speaks_of_its_versions_only(versions, concerned):
    seen = verdict(book(["it is so"], **versions))
    assert bool(seen["findings"]) == concerned
    assert not seen["passed"]


def test_errors_come_first():
    seen = verdict(book(["minor"], "note") + book(["major"], "error"))
    assert [each["evidence"] for each in seen["findings"]] == ["major", "minor"]


@pytest.mark.parametrize(("until", "muted"), [(TODAY, True), (datetime.date(2027, 1, 1), True), (datetime.date(2026, 11, 26), False)])
def test_a_mute_ends_by_itself(until, muted):
    seen = verdict(book(["it is so"]), mutes=[{"id": "a-rule", "reason": "known", "until": until}])
    assert len(seen["muted"]) == muted
    assert len(seen["findings"]) == (not muted)
