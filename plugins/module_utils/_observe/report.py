# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the shape every observer reports in. Pure."""
from __future__ import annotations


def member_report(member, reachable, complaints, role=None, **details):
    """What is returned about one member. Complaints read on after its name: "does not answer"."""
    report = dict(
        name=member["name"],
        address=member["address"],
        healthy=not complaints,
        reachable=reachable,
        role=role,
        error="; ".join(complaints) or None,
    )
    report.update(details)
    return report


def cluster_report(members, problems=(), leader=None, **details):
    """What is returned about a tier: healthy means that neither a member nor the whole has a problem."""
    of_members = ["%s: %s" % (member["name"], member["error"]) for member in members if not member["healthy"]]
    all_problems = of_members + list(problems)
    report = dict(
        healthy=not all_problems,
        reachable=any(member["reachable"] for member in members),
        leader=leader,
        members=members,
        problems=all_problems,
    )
    report.update(details)
    return report


def excuse(report, expected):
    """The report without the problems of members that are not expected to be well; expected is null for all."""
    if expected is None:
        return report
    seen = report["members"] + report.get("schedulers", [])
    excused = tuple("%s: " % member["name"] for member in seen if member["name"] not in expected)
    problems = [problem for problem in report["problems"] if not problem.startswith(excused)]
    return dict(report, problems=problems, healthy=not problems)
