# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: how long what was away during a fault. Pure. All moments are those of the controller's clock."""

from __future__ import annotations

import itertools
import statistics

from ansible_collections.steady.airflow.plugins.module_utils._drill import witness
from ansible_collections.steady.airflow.plugins.module_utils._drill.ledger import START
from ansible_collections.steady.airflow.plugins.module_utils._drill.work import PULSE

SLACK = 1.0  # so many seconds more than usual between two writes, or two answers, are no outage yet
DRIVEN = ("database", "api", "scheduling")


def usual(moments):
    """The usual gap between two of them. A median does not feel the few long ones that faults make."""
    return statistics.median(later - earlier for earlier, later in itertools.pairwise(moments)) if len(moments) > 1 else 0.0


def series(entries, lines, pulse_every, missing):
    """What outages are seen by: {measure: {"moments": of successes, "least": longest gap that is none, "overdue": seconds of a
    gap that do not count}}, null for what cannot be measured.

    Tasks that start are no steady stream as writes are: a pulse is made by a loop of the scheduler, so one may come a whole
    period late while all is well. The next start is therefore owed one usual gap after the last one and one period of the
    trigger; that long nothing is missing, and scheduling is away only from then on. Without the ledger of a node, or without the
    moments of its lines, starts that took place would seem to be missing.
    """
    written = [entry["at"] for entry in entries["write"]]
    answered = [entry["at"] for entry in entries["api"] if entry["ok"]]
    starts = [line["at"] for line in lines if (line["dag"], line["phase"]) == (PULSE, START)]
    blind = not starts or missing or None in starts
    owed = 0.0 if blind else pulse_every + usual(starts)
    return {
        "database": {"moments": written, "least": SLACK + usual(written), "overdue": 0.0} if written else None,
        "api": {"moments": answered, "least": SLACK + usual(answered), "overdue": 0.0} if entries["api"] else None,
        "scheduling": None if blind else {"moments": starts, "least": owed, "overdue": owed},
    }


def outages(one, injected, whole, limit):
    """[[from, to]] from a fault's injection until all was whole, or later where it was still away then; nothing after the limit."""
    back = [moment for moment in one["moments"] if whole is not None and moment >= whole]
    found = witness.outages(one["moments"], injected, min([*back, limit]), one["least"])
    return [[begin + one["overdue"], end] for begin, end in found]


def away(told, injected, whole, limit):
    """The same for a tier that was watched, which may have been away before and may not have come back."""
    last = limit if whole is None else whole
    ended = [[max(begin, injected), last if end is None else end] for begin, end in told]
    return [[begin, end] for begin, end in ended if end > begin]


def of_all(faults, told, stopped, seen):
    """What was measured of each fault, from its injection to the next one's. told: what was watched, of each, in the same order."""
    limits = [*(fault["injected"] for fault in faults[1:]), None]
    for fault, one, limit in zip(faults, told, limits):
        found = measured(fault["injected"], fault["whole"], one["watched"], limit, stopped, seen)
        yield dict(found, detected=detected(fault["injected"], one["watched"]))


def measured(injected, whole, watched, limit, stopped, seen):
    """{"recovered": {measure: seconds of the longest outage, or null}, "gaps": {measure: outages}}.

    limit: when the next fault was injected, null without one; stopped: when the driver was, so that nothing was seen any more.
    """
    driven = stopped if limit is None else min(limit, stopped)
    gaps = {name: outages(seen[name], injected, whole, driven) if seen[name] and driven > injected else None for name in DRIVEN}
    broker = watched.get("broker")
    last = max(stopped, injected) if limit is None else limit
    gaps["broker"] = None if broker is None else away(broker["away"], injected, whole, last)
    return {
        "recovered": {name: None if found is None else witness.longest(found) for name, found in gaps.items()},
        "gaps": {name: found for name, found in gaps.items() if found is not None},
    }


def detected(injected, watched):
    """The first moment after the injection at which any tier that was watched was seen not whole; null if none was."""
    begun = [begin for tier in watched.values() for begin, _end in tier["away"] if begin >= injected]
    return min(begun, default=None)
