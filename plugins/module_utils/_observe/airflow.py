# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: is Airflow whole? Pure: answers of api-servers and schedulers in, report out."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._observe.report import cluster_report, member_report


def judge(expected, answers, components, schedulers=(), scheduler_answers=None):
    """`expected`, `schedulers`: [{name, address}]; answers: {name: what _clients/airflow.py got, or {"error": why}}."""
    members = [judge_api_server(member, answers[member["name"]], components) for member in expected]
    seen = [judge_scheduler(member, scheduler_answers[member["name"]]) for member in schedulers]
    problems = ["%s: scheduler %s" % (member["name"], member["error"]) for member in seen if not member["healthy"]]
    return cluster_report(
        members,
        problems,
        components=best_components(members),
        schedulers=seen,
        versions=sorted({member["version"] for member in members if member["version"]}),
    )


def judge_api_server(member, answer, components):
    """The report about one api-server. Its status code is always 200, so only the body counts."""
    if "version" not in answer:
        return member_report(member, False, ["does not answer (%s)" % answer["error"]], version=None, components={})
    version = answer["version"].get("version")
    health = answer["health"]
    if "error" in health:
        complaint = "does not tell the health (%s)" % health["error"]
        return member_report(member, True, [complaint], version=version, components={})
    seen = {name: component_report(name, entry) for name, entry in dict(health, execution_api=execution(answer["execution"])).items()
            if isinstance(entry, dict)}
    complaints = ["reports %s as %s" % (name, state_of(seen.get(name))) for name in components if not is_healthy(seen.get(name))]
    return member_report(member, True, complaints, version=version, components=seen)


def execution(answer):
    """What tasks meet at this api-server, told as one more component."""
    return {"status": "not there (%s)" % answer["error"]} if "error" in answer else answer


def judge_scheduler(member, answer):
    """The report about one scheduler, from its own health server."""
    if "status" not in answer:
        return member_report(member, False, ["does not answer (%s)" % answer["error"]])
    complaints = [] if answer["status"] == 200 else ["says it is not alive (status %d)" % answer["status"]]
    return member_report(member, True, complaints)


def component_report(name, entry):
    """One component as an api-server sees it: the best one of its kind in the whole installation."""
    return dict(
        status=entry.get("status"),
        healthy=is_healthy(entry),
        latest_heartbeat=entry.get("latest_%s_heartbeat" % name),
    )


def is_healthy(entry):
    """Healthy only if it says so: no status means that it never ran."""
    return bool(entry) and entry.get("status") == "healthy"


def state_of(entry):
    """A component's status in words."""
    if entry is None:
        return "not there"
    return entry["status"] or "never started"


def best_components(members):
    """The components as told by the api-server that sees the most of them healthy."""

    def healthy_ones(components):
        return sum(component["healthy"] for component in components.values())

    return max((member["components"] for member in members), key=healthy_ones, default={})
