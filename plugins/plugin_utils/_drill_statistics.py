# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the recovery times of a drill, for each kind of fault."""

from __future__ import annotations

import math
import statistics

from ansible_collections.steady.airflow.plugins.plugin_utils._drill_judgement import MEASURES, complaints, measured, over


def percentile(values, percent):
    """By nearest rank: the least value that so many percent of all do not exceed. So it is one that was measured."""
    return sorted(values)[math.ceil(percent * len(values) / 100) - 1]


def summary(values):
    return {"median": statistics.median(values), "p95": percentile(values, 95), "maximum": max(values)}


def kinds(faults):
    """Faults of one kind together, with C(measures), one for each recovery that was measured, the C(worst) of each, and the
    C(complaints) about all of them."""
    by_id = {}
    for fault in sorted(faults, key=lambda fault: (fault["fault"], fault["number"])):
        by_id.setdefault(fault["fault"], []).append(fault)
    return [_kind(same) for same in by_id.values()]


def _kind(faults):
    measures = [_measure(name, faults) for name in MEASURES if any(name in measured(fault) for fault in faults)]
    return {
        "fault": faults[0]["fault"], "title": faults[0]["title"], "layer": faults[0]["layer"], "faults": faults,
        "measures": measures,
        "worst": {measure["name"]: measure["maximum"] for measure in measures},
        "complaints": [complaint for fault in faults for complaint in complaints(fault)],
    }


def _measure(name, faults):
    times = [{"number": fault["number"], "seconds": measured(fault).get(name), "over": name in over(fault)} for fault in faults]
    return {
        "name": name, "label": MEASURES[name], "times": times,
        "goals": _distinct(fault["bound"].get(name) for fault in faults),
        "predictions": _distinct(fault["predicted"].get(name) for fault in faults),
        "over": sum(time["over"] for time in times),
        **summary([time["seconds"] for time in times if time["seconds"] is not None]),
    }


def _distinct(values):
    return sorted({value for value in values if value is not None})
