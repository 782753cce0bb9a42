# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: a verdict for people at a terminal."""

from __future__ import annotations

import collections
import textwrap

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import SEVERITIES
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_words import counted

WIDTH = 72
FIRST = 3  # things to do before all others


def grouped(findings):
    """One for each rule and remedy: findings with C(members) and C(evidence), a list of (text, members)."""
    groups = {}
    for each in findings:
        group = groups.setdefault(each["id"], dict(each, members=[], evidence=collections.OrderedDict()))
        group["evidence"].setdefault(each["evidence"], []).append(each["member"])
        if each["member"] not in group["members"]:
            group["members"].append(each["member"])
    return [dict(group, evidence=list(group["evidence"].items())) for group in groups.values()]


def pressing(found):
    """What to do before all else."""
    return [each for each in found if each["severity"] != SEVERITIES[-1]][:FIRST]


def summary(verdict):
    found = grouped(verdict["findings"])
    parts = [counted(sum(each["severity"] == severity for each in found), severity) for severity in SEVERITIES]
    passed = {each["id"] for each in verdict["passed"]} - {each["id"] for each in found}
    unknown = {each["id"] for each in verdict["unknown"]}
    more = [counted(len({each["id"] for each in verdict["muted"]}), "muted finding")] if verdict["muted"] else []
    return "%s; %s passed, %d could not be judged" % (", ".join(parts + more), counted(len(passed), "rule"), len(unknown))


def text(verdict):
    found = grouped(verdict["findings"])
    lines = [summary(verdict)]
    first = pressing(found)
    if first:
        lines += ["", "Do first:"]
        for number, each in enumerate(first, start=1):
            lines += _wrapped("%d. %s (%s)" % (number, each["remedy"], each["id"]), "   ")
    for each in found:
        lines += ["", *_wrapped("%s [%s] %s: %s" % (each["severity"], each["id"], ", ".join(each["members"]), each["title"]), "   ")]
        for evidence, members in each["evidence"]:
            lines += _wrapped("   seen: " + evidence + ("" if members == each["members"] else " (%s)" % ", ".join(members)), "         ")
        lines += _wrapped("   why: " + each["why"], "        ") + _wrapped("   do: " + each["remedy"], "       ")
    reasons = collections.Counter(each["reason"] for each in verdict["unknown"])
    if reasons:
        lines += ["", "Could not be judged:"]
        for reason, number in sorted(reasons.items()):
            lines += _wrapped("   %s (%s)" % (reason, counted(number, "rule")), "      ")
    return "\n".join(lines)


def _wrapped(line, indent):
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
