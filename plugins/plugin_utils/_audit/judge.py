# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules are put to work, and each of them says found, passed, or why it is unknown."""

from __future__ import annotations

import datetime

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.options import minor
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import SEVERITIES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown


def judge(rules, subjects, mutes=(), today=None):
    """{findings, muted, unknown, passed} of all rules.

    subjects: {name of a rule's parameter: list of what it judges}. What has no subject here is not told at all.
    """
    verdict = {"findings": [], "muted": [], "unknown": [], "passed": []}
    for rule in rules:
        for subject in subjects.get(rule.subject, []):
            _put_to_work(rule, subject, verdict)
    _mute(verdict, mutes, today or datetime.date.today())
    verdict["findings"].sort(key=lambda each: SEVERITIES.index(each["severity"]))  # and as the rules are ordered, what all rests on first
    return verdict


def _put_to_work(rule, subject, verdict):
    try:
        if not _concerns(rule, subject):
            return
        found = [_finding(rule, subject, evidence) for evidence in rule.judge(subject)]
    except Unknown as reason:
        verdict["unknown"].append({"id": rule.id, "member": subject.member, "reason": str(reason)})
        return
    verdict["findings"].extend(found)
    if not found:
        verdict["passed"].append({"id": rule.id, "member": subject.member})


def _concerns(rule, subject):
    """Is the rule about this version of Airflow, and about what is told this?"""
    if rule.readers and not subject.is_for(rule.readers):
        return False
    if rule.since is None and rule.until is None:
        return True
    version = subject.version
    return (rule.since is None or version >= minor(rule.since)) and (rule.until is None or version < minor(rule.until))


def _finding(rule, subject, evidence):
    """evidence: a text, or (member, text) where the rule judges more than one."""
    member, text = (subject.member, evidence) if isinstance(evidence, str) else evidence
    words = getattr(subject, "in_words", str)  # options have other names in other versions of Airflow
    return {"id": rule.id, "severity": rule.severity, "tier": rule.tier, "member": member, "title": rule.title, "evidence": words(text),
            "why": words(rule.why), "remedy": words(rule.remedy), "see": list(rule.see)}


def _mute(verdict, mutes, today):
    """A mute counts until the end of its day."""
    live = {mute["id"]: mute for mute in mutes if mute["until"] >= today}
    for each in verdict["findings"]:
        if each["id"] in live:
            verdict["muted"].append(dict(each, reason=live[each["id"]]["reason"], until=str(live[each["id"]]["until"])))
    verdict["findings"] = [each for each in verdict["findings"] if each["id"] not in live]
