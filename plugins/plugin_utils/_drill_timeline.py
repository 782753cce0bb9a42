# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: where the bars of a fault's time line lie. The template draws what is worked out here.

Seconds count from the injection. The picture is as narrow as a telephone, so that its letters can be read there.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._drill_judgement import MEASURES, measured, over
from ansible_collections.steady.airflow.plugins.plugin_utils._drill_words import seconds

WIDTH, LEFT, RIGHT = 440, 100, 76
TOP, LANE, BAR, LEAST = 4, 24, 12, 2
STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)
TICKS = 6
LANES = {
    "fault": "Fault", "database": "Database", "api": "API", "scheduling": "Scheduling", "rerun": "Killed tasks", "broker": "Broker",
    "redundancy": "Redundancy",
}


class Scale:
    """From seconds to places in the picture."""

    def __init__(self, first, last):
        self.first, self.last = first, max(last, first + 1)

    def x(self, value):
        inside = min(max(value, self.first), self.last)
        return round(LEFT + (inside - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT), 1)

    def ticks(self):
        step = next((step for step in STEPS if (self.last - self.first) / step <= TICKS), STEPS[-1])
        values = range(-int(-self.first // step) * step, int(self.last) + 1, step)
        return [{"label": value, "x": self.x(value)} for value in values]


def picture(fault):
    """Lanes with their bars, what was measured, and where the goal is; ticks below."""
    spans = {name: _spans(name, fault) for name in LANES}
    ends = [moment for lane in spans.values() for span in lane for moment in span if moment is not None]
    detected = None if fault["detected"] is None else fault["detected"] - fault["injected"]
    scale = Scale(min([0, *ends]), max([0, detected or 0, *ends]))
    lanes = [_lane(number, name, spans[name], fault, scale) for number, name in enumerate(LANES)]
    return {
        "width": WIDTH, "height": TOP + LANE * (len(lanes) + 1), "left": LEFT, "right": WIDTH - RIGHT, "axis": TOP + LANE * len(lanes),
        "lanes": lanes, "ticks": scale.ticks(), "detected": None if detected is None else scale.x(detected),
        "title": "%s, number %d" % (fault["fault"], fault["number"]),
        "text": ", ".join("%s: %s" % (MEASURES[name], seconds(value)) for name, value in measured(fault).items()),
    }


def _spans(name, fault):
    """From when to when something was away, in seconds from the injection; None if it did not come back."""
    start = fault["injected"]
    if name in ("fault", "redundancy"):
        end = fault["healed" if name == "fault" else "whole"]
        return [(0, None if end is None else end - start)]
    if name in fault["gaps"]:
        return [(first - start, last - start) for first, last in fault["gaps"][name]]
    return [(0, measured(fault)[name])] if measured(fault).get(name) else []


def _lane(number, name, spans, fault, scale):
    top = TOP + LANE * number
    value = seconds(measured(fault).get(name)) + (" !" if name in over(fault) else "")
    return {
        "name": name, "label": LANES[name], "top": top, "middle": top + LANE / 2,
        "bars": [_bar(span, top, scale) for span in spans],
        "over": name in over(fault), "goal": _goal(name, spans, fault, scale),
        "value": {"fault": "", "redundancy": value if fault["whole"] is None else "+" + value}.get(name, value),
    }


def _bar(span, top, scale):
    first, last = scale.x(span[0]), scale.x(scale.last if span[1] is None else span[1])
    return {"x": first, "y": top + (LANE - BAR) / 2, "width": max(round(last - first, 1), LEAST), "height": BAR}


def _goal(name, spans, fault, scale):
    """Where the longest outage should have ended at the latest, or the way back to redundancy; None if that is not in the picture."""
    goal = fault["bound"].get(name)
    if goal is None or not spans or name == "redundancy" and fault["healed"] is None:
        return None
    start = fault["healed"] - fault["injected"] if name == "redundancy" else max(spans, key=lambda span: span[1] - span[0])[0]
    return scale.x(start + goal) if start + goal <= scale.last else None
