# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: from what was seen to a verdict."""

from __future__ import annotations

import datetime

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.cluster import Cluster
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import SEVERITIES

SILENT = "host-silent"  # no rule: all that is about this host


def of_written(subjects, mutes=()):
    """subjects: as written.py has read them"""
    return judge(RULES, subjects, [checked(mute) for mute in mutes])


def of_hosts(results, mutes=()):
    """results: {name: what M(steady.airflow.audit_info) returned, or why it did not}"""
    hosts = {name: result["audit"] for name, result in results.items() if "audit" in result}
    silent = {name: result.get("msg") or "it was not asked" for name, result in results.items() if "audit" not in result}
    found = judge(RULES, Cluster(hosts, silent).subjects(), [checked(mute) for mute in mutes])
    found["unknown"] += [{"id": SILENT, "member": name, "reason": "%s did not answer: %s" % (name, " ".join(reason.split()))}
                         for name, reason in silent.items()]
    return found


def checked(mute):
    """A mute names a rule, and says why and until when."""
    missing = [name for name in ("id", "reason", "until") if not mute.get(name)]
    if missing:
        raise BadOption("audit_mutes: %s has no %s" % (mute.get("id") or mute, " and no ".join(missing)))
    if mute["id"] not in {rule.id for rule in RULES}:
        raise BadOption("audit_mutes: there is no rule %s" % mute["id"])
    try:
        return dict(mute, until=datetime.date.fromisoformat(str(mute["until"])))
    except ValueError:
        raise BadOption("audit_mutes: %s: until is no date such as 2027-06-30" % mute["id"]) from None


def failing(found, least):
    """Findings of this severity or a worse one; none for V(none)."""
    if least == "none":
        return []
    return [each for each in found["findings"] if SEVERITIES.index(each["severity"]) <= SEVERITIES.index(least)]
