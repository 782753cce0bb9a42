# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: a verdict for machines: SARIF for code review, JUnit for whatever runs audits regularly."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._junit import suite

LEVELS = {"error": "error", "warning": "warning", "note": "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(verdict):
    """SARIF 2.1.0, whose artifacts are the members: paths of files, or names of hosts."""
    spoken = {each["id"] for each in verdict["findings"] + verdict["muted"]}
    rules = [rule for rule in RULES if rule.id in spoken]
    positions = {rule.id: position for position, rule in enumerate(rules)}
    return json.dumps({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "steady.airflow audit", "rules": [_described(rule) for rule in rules]}},
            "results": [_result(each, positions) for each in verdict["findings"] + verdict["muted"]],
        }],
    }, indent=1) + "\n"


def _described(rule):
    return {
        "id": rule.id, "name": rule.id, "shortDescription": {"text": rule.title}, "fullDescription": {"text": rule.why},
        "help": {"text": rule.remedy}, "defaultConfiguration": {"level": LEVELS[rule.severity]},
        **({"helpUri": rule.see[0]} if rule.see else {}),
    }


def _result(found, positions):
    result = {
        "ruleId": found["id"], "ruleIndex": positions[found["id"]], "level": LEVELS[found["severity"]],
        "message": {"text": "%s: %s. Remedy: %s." % (found["title"], found["evidence"], found["remedy"])},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": found["member"]}}}],
    }
    if "reason" in found:
        result["suppressions"] = [{"kind": "external", "justification": "%s (until %s)" % (found["reason"], found["until"])}]
    return result


def junit(verdict):
    """A suite for each member, and in it a case for each rule that judged it: passed, failed, or skipped where it could not be judged."""
    root = ET.Element("testsuites", name="steady.airflow audit")
    for member in sorted({each["member"] for part in verdict.values() for each in part}):
        suite(root, member, "audit.", [case for part in ("findings", "muted", "unknown", "passed") for case in _cases(verdict[part], member, part)])
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _cases(part, member, name):
    by_rule = {}
    for each in part:
        if each["member"] == member:
            by_rule.setdefault(each["id"], []).append(each)
    for identity, found in by_rule.items():
        if name == "findings":
            told = ["%s: %s" % (found[0]["severity"], found[0]["title"]), *(each["evidence"] for each in found), found[0]["why"], found[0]["remedy"]]
            yield identity, 0, "failure", told
        else:
            yield identity, 0, "skipped", [] if name == "passed" else [found[0]["reason"]]
