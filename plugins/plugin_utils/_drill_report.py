# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the result of a drill as one HTML page, which needs nothing beside itself.

All that is reckoned is reckoned here; the template only puts it in its place, and escapes it.
"""

from __future__ import annotations

import collections

from ansible_collections.steady.airflow.plugins.module_utils._drill import machine
from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_words as words
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_judgement import classes, complaints, facts, not_made, plain, verdict
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_statistics import kinds
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_timeline import LANES, picture
from ansible_collections.steady.airflow.plugins.plugin_utils._page import render

MACHINE = {"waiting": "some process waited for a processor %d %% of the time", "stolen": "%d %% of the processors' time went to others on the same hardware"}


def page(result):
    return render("drill.html.j2", figures(result))


def figures(result):
    """What the page shows beside the result itself."""
    rows = classes(result["oracle"])
    over = {row["class"] for row in rows if row["over"]}
    return {
        "result": result, "verdict": verdict(result), "classes": rows, "not_made": [(each["fault"], each["number"]) for each in not_made(result)],
        "lanes": {name: label for name, label in LANES.items() if name != "fault"},
        "repetitions": collections.Counter(each["fault"] for each in result["campaign"]),
        "kinds": [dict(kind, faults=[_fault(fault) for fault in kind["faults"]]) for kind in kinds(result["faults"])],
        "anomalies": [dict(one, name=plain(one["class"]), over=one["class"] in over, facts=facts(one))
                      for one in sorted(result["oracle"]["anomalies"], key=lambda one: one["class"] not in over)],
    }


def _fault(fault):
    """A fault with its picture, and when it was over, in words."""
    steps = ["%s after %s" % (step, words.seconds(fault[step] - fault["injected"])) if fault[step] is not None else "not %s" % step
             for step in ("detected", "healed", "whole")]
    known = fault.get("machine") or machine.worst([])
    starved = [what % known[name] for name, what in MACHINE.items() if known[name] is not None]
    return dict(fault, machine=" and ".join(starved), picture=picture(fault), complaints=complaints(fault), steps=", ".join(steps))
