# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the result of a drill as JUnit XML, for whatever runs drills regularly."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from ansible_collections.steady.airflow.plugins.plugin_utils._drill_judgement import classes, complaints, facts, in_doubt, not_made, verdict
from ansible_collections.steady.airflow.plugins.plugin_utils._junit import fit, suite


def junit(result):
    """One suite for each layer, with a case for each fault, and one for the oracle, with a case for each class."""
    root = ET.Element("testsuites", name="Failover drill of %s" % fit(result["cluster"]))
    for layer in dict.fromkeys(fault["layer"] for fault in result["faults"]):
        suite(root, layer, "drill.", [_fault(fault) for fault in result["faults"] if fault["layer"] == layer])
    missing = [(_name(each), 0, "failure", ["It was not made: %s." % each["why"]]) for each in not_made(result)]
    if missing:
        suite(root, "not made", "drill.", missing)
    suite(root, "oracle", "drill.", _oracle(result))
    for what in ("tests", "failures", "skipped"):
        root.set(what, str(sum(int(each.get(what)) for each in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _name(fault):
    return "%s number %d" % (fault["fault"], fault["number"])


def _fault(fault):
    end = fault["whole"] or fault["healed"] or fault["injected"]
    return "%s: %s" % (_name(fault), fault["title"]), end - fault["injected"], "failure", complaints(fault)


def _oracle(result):
    cases = [(row["name"], 0, "failure", _too_many(row, result["oracle"]["anomalies"])) for row in classes(result["oracle"])]
    return cases + [("all could be judged", 0, "failure", verdict(result)["remarks"] if in_doubt(result) else [])]


def _too_many(row, anomalies):
    if not row["over"]:
        return []
    found = [", ".join("%s %s" % fact for fact in facts(one).items()) + ": " + one["why"] for one in anomalies if one["class"] == row["class"]]
    return ["%d found, %d allowed" % (row["count"], row["allowed"]), *found]
