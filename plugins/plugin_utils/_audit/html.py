# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: a verdict as one HTML page, which needs nothing beside itself.

All that is reckoned is reckoned here; the template only puts it in its place, and escapes it.
"""

from __future__ import annotations

import datetime

from ansible_collections.steady.airflow.plugins.plugin_utils._audit import page
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.drawing import ORDER, drawing
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import SEVERITIES
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_words import counted
from ansible_collections.steady.airflow.plugins.plugin_utils._page import render

STATES = {"error": ("failed", "Errors"), "warning": ("late", "Warnings"), "note": ("passed", "Fine")}


def html(verdict, name, results=(), losses=(), moment=None):
    """results: what was seen of each host, as verdict.py takes it; losses: what P(steady.airflow.what_if#filter) says."""
    findings = page.grouped(verdict["findings"])
    found = {each["id"] for each in findings}
    state, label = STATES[findings[0]["severity"] if findings else "note"]
    seen_hosts = {host for host, result in dict(results).items() if "audit" in result}
    hosts = [_host(host, result, findings, seen_hosts) for host, result in dict(results).items()]
    present = {kind for host in hosts for kind in host["kinds"]}
    services = {host: result["audit"]["services"] if "audit" in result else None for host, result in dict(results).items()}
    return render("audit.html.j2", dict(
        name=name, state=state, label=label, summary=page.summary(verdict), first=page.pressing(findings), findings=findings, hosts=hosts, losses=losses,
        drawing=drawing(services, findings), kinds=[kind for kind in ORDER if kind in present],
        muted=page.grouped(verdict["muted"]), unknown=_by_reason(verdict["unknown"]),
        passed=sorted({each["id"] for each in verdict["passed"]} - found),
        moment=(moment or datetime.datetime.now(datetime.timezone.utc)).strftime("%Y-%m-%d %H:%M UTC")))


def _host(name, result, findings, seen_hosts):
    """How much was found here, and what of it not everywhere."""
    seen = result.get("audit")
    here = [each for each in findings if name in _hosts(each)]
    counts = [counted(sum(each["severity"] == severity for each in here), severity) for severity in SEVERITIES]
    return {
        "name": name, "silent": seen is None, "kinds": {service["kind"] for service in seen["services"]} if seen else set(),
        "found": ", ".join(count for count in counts if not count.startswith("0 ")),
        "own": [each["id"] for each in here if _hosts(each) != seen_hosts],
    }


def _hosts(finding):
    return {member.split(" ")[0] for member in finding["members"]}


def _by_reason(unknown):
    reasons = {}
    for each in unknown:
        reasons.setdefault(each["reason"], []).append(each["id"])
    return sorted((reason, sorted(set(ids))) for reason, ids in reasons.items())
