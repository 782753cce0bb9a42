# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a finding is, how rules are put to work, and how findings read."""

from __future__ import annotations

SEVERITIES = ("error", "warning")


def finding(identity, subject, problem, remedy, severity="error"):
    return {"id": identity, "severity": severity, "subject": subject, "problem": problem, "remedy": remedy}


def judge(rules, facts, expected):
    """Findings of all rules, worst first; ids in C(ignore) are left out."""
    found = [each for rule in rules for each in rule(facts, expected)]
    kept = [each for each in found if each["id"] not in (expected.get("ignore") or [])]
    return sorted(kept, key=lambda each: SEVERITIES.index(each["severity"]))


def line(each):
    mark = "" if each["severity"] == "error" else each["severity"] + " "
    return "[%s%s] %s: %s -> %s" % (mark, each["id"], each["subject"], each["problem"], each["remedy"])


def text(findings):
    """One line for each finding, below a line that counts them."""
    counts = []
    for severity in SEVERITIES:
        number = sum(1 for each in findings if each["severity"] == severity)
        if number:
            counts.append("%d %s%s" % (number, severity, "" if number == 1 else "s"))
    heading = " and ".join(counts) or "no findings"
    return "\n".join([heading] + [line(each) for each in findings])


def enumerate_names(names):
    return ", ".join(str(name) for name in names)
