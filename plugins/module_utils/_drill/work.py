# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the work of a drill: its DAGs, what every run of them must do, and which runs the schedule owes. Pure."""

from __future__ import annotations

import datetime
import math

PULSE, LONG, TICK = "steady_drill_pulse", "steady_drill_long", "steady_drill_tick"
ALONE = ("at_once", "short", "long", "longest", "link_0", "link_1", "link_2", "link_3", "link_4", "deferred")
SHAPES = [*({"task": task, "maps": 1} for task in ALONE), {"task": "fan", "maps": 20}]
BEAT = [{"task": "beat", "maps": 1}]
# As oracle.judge wants them. It is what the DAG file of the role drill defines.
TASKS = {"steady_drill_0_retries": SHAPES, "steady_drill_2_retries": SHAPES, PULSE: BEAT, LONG: [{"task": "work", "maps": 1}], TICK: BEAT}
DAGS = tuple(TASKS)

SCHEDULED = "scheduled"
MINUTE = 60
GRACE = 60.0  # seconds that a scheduler which is well may need to make a run that is due


def epoch(text):
    """Seconds since the epoch of a moment as Airflow's API writes it; null for none."""
    return None if text is None else datetime.datetime.fromisoformat(text).timestamp()


def iso(moment):
    """The same the other way, as Airflow writes it in the id of a scheduled run."""
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).isoformat()


def ticks(began, until):
    """Ids of the runs that the schedule owes: one for each whole minute since it began, but for those that may still be made."""
    minutes = range(math.ceil(began / MINUTE), math.floor((until - GRACE) / MINUTE) + 1)
    return ["%s__%s" % (SCHEDULED, iso(minute * MINUTE)) for minute in minutes]


def belongs(run, plan):
    """Is a run, as Airflow's API tells it, one of this drill? A former drill had the same DAGs."""
    if run["run_type"] == SCHEDULED:
        return epoch(run["run_after"]) >= plan["tick_began"]
    return run["dag_run_id"].startswith(plan["prefix"])
