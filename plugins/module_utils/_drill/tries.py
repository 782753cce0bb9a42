# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: the tries of tasks, put together from what the ledger, Airflow and the faults' time line tell. Pure.

A try is a dict: id, dag, run, task, map, number, node (where it ran last; empty when it never ran), nodes (the same, as the
ledger and as Airflow tell it), lines (of the ledger, in order), unplaced (those whose moment nobody knows), instance (Airflow's
word on it, or null), hits (what of the time line's "kills" touched it).
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._drill.ledger import COMMIT, SIGTERM, START

KEY = ("dag", "run", "task", "map")
NEVER = float("inf")
KILLS = ("host", "worker", "task", "fence")
FREEZE, FENCE = "freeze", "fence"
# Airflow's moments come from clocks of hosts, which the preflight lets be this far off, in seconds.
AIRFLOW_CLOCK = 1.0
AT_THAW = 0.2  # seconds that a task may go on when its host thaws, until a fence has ended it
# Seconds from a commit until Airflow has heard of it, and from the end of a cut until both sides have met again: a retry and a heartbeat.
REPORT, SETTLES = 1.0, 10.0


def key_of(each):
    """What stays the same over all tries of a task."""
    return tuple(each[name] for name in KEY)


def or_never(moment):
    return NEVER if moment is None else moment


def collect(lines, instances, faults):
    """Return {key: its tries in order}. C(lines) are placed ones; the shapes of the others are told in oracle.judge."""
    tries = {}
    for instance in instances:
        one = tries.setdefault(instance["id"], _empty(instance, instance["id"], instance["try"]))
        one["instance"] = instance
    for line in lines:
        one = tries.setdefault(line["ti"], _empty(line, line["ti"], line["try"]))
        one["unplaced" if line["at"] is None else "lines"].append(line)
    hits = [dict(kill, fault=fault["fault"], number=fault["number"]) for fault in faults for kill in fault["kills"]]
    of_tasks = {}
    for one in sorted(tries.values(), key=lambda each: (each["number"], began(each), each["id"])):
        one["nodes"] = _nodes(one)
        one["node"] = one["nodes"][0] if one["nodes"] else ""
        one["hits"] = [hit for hit in hits if _touches(hit, one)]
        one["hits"] += [hit for hit in hits if hit["what"] == FENCE and _froze_before(hit, one)]
        of_tasks.setdefault(key_of(one), []).append(one)
    return of_tasks


def _empty(each, identity, number):
    return dict({name: each[name] for name in KEY}, id=identity, number=number, lines=[], unplaced=[], instance=None)


def _nodes(one):
    """A deferred task may have been taken up again elsewhere, without a line there."""
    told = [line["node"] for line in one["lines"] + one["unplaced"]][-1:] + [one["instance"] and one["instance"]["hostname"]]
    return [node for node in told if node]


def phase_lines(one, phase):
    return [line for line in one["lines"] + one["unplaced"] if line["phase"] == phase]


def has_committed(one):
    return bool(phase_lines(one, COMMIT))


def state(one):
    return one["instance"] and one["instance"]["state"]


def began(one):
    """The first moment at which it may have run: Airflow's where it wrote nothing; infinite when it did not run."""
    if one["lines"]:
        return one["lines"][0]["at"]
    return or_never(one["instance"] and one["instance"]["start"]) - AIRFLOW_CLOCK


def ended(one):
    """The earliest moment at which it is proven to have been over; infinite when nothing proves it. It has lines.

    Whoever writes another line was not over before, whatever else says so. After a commit, a SIGTERM or a deferral no line is owed.
    Airflow's word is no proof for who could not hear it.
    """
    last = one["lines"][-1]
    end = one["instance"] and one["instance"]["end"]
    if end is None or end + AIRFLOW_CLOCK < last["at"] or any(hit["what"] not in KILLS for hit in one["hits"]):
        return _silenced(one, last)
    return min(_silenced(one, last), max(end - AIRFLOW_CLOCK, last["at"]))


def _silenced(one, last):
    """The same, for the process whose last line this is, by what it wrote and by what hit it."""
    if last["phase"] != START:
        return last["at"]
    return min((max(kill["from"], last["at"]) for kill in kills(one) if or_never(kill["to"]) >= last["at"]), default=NEVER)


def kills(one):
    """The hits that no process outlives; being cut off or frozen is none of them."""
    return [hit for hit in one["hits"] if hit["what"] in KILLS]


def _kept_back(one, hit, commit, call):
    """Did this cut keep Airflow from hearing of the commit? Its direction is no matter: an answer that does not come is as good as none.

    While it lasted, the worker ended the try by itself, which the task may have outlived by a commit; or all calls that were under way had died
    when it was over; or Airflow, which heard nothing, had given the try up by then.
    """
    begin, end = hit["from"], or_never(hit["to"])
    told = any(begin <= line["at"] <= end for line in one["lines"] if line["phase"] == SIGTERM)
    unheard = end - max(commit, begin) >= call
    given_up = begin <= or_never(one["instance"] and one["instance"]["end"]) <= end + SETTLES
    return told and commit <= end or begin - REPORT <= commit and (unheard or given_up and commit <= end + SETTLES)


def _stopped(hit, commit):
    """Did this freeze stop the worker before it could tell of the commit?"""
    return hit["from"] - REPORT <= commit <= hit["from"]


def _touches(hit, one):
    """Did it hit the node, or this very task there, while the try may have run?"""
    if hit["what"] == FENCE or hit["node"] not in one["nodes"] or hit.get("ti") not in (None, one["id"]):
        return False
    return began(one) <= or_never(hit["to"]) and hit["from"] <= _over_at_last(one)


def _ends(fence, freeze):
    """Is it this freeze after which tasks were ended?"""
    return fence["what"] == FENCE and fence["node"] == freeze["node"] and freeze["from"] <= fence["from"] <= or_never(freeze["to"]) + SETTLES


def _froze_before(fence, one):
    """A try that froze is there at the thaw, whatever Airflow says of it."""
    return any(hit["what"] == FREEZE and _ends(fence, hit) for hit in one["hits"])


def _over_at_last(one):
    """After this moment a hit cannot have been what ended it."""
    if one["lines"] and one["lines"][-1]["phase"] == SIGTERM:
        return one["lines"][-1]["at"]
    return or_never(one["instance"] and one["instance"]["end"]) + AIRFLOW_CLOCK


def processes(one):
    """The lines of each process that ran it, in the order they began: more than one after it was deferred."""
    found = {}
    for line in one["lines"]:
        found.setdefault((line["node"], line["boot"], line["pid"]), []).append(line)
    return list(found.values())


def process_began(one, line):
    """When the process began that wrote this line of the try."""
    return next(part[0]["at"] for part in processes(one) if line in part)


def order(one):
    """Sorts tries that have lines by when they began."""
    return one["lines"][0]["at"], one["number"], one["id"]


def overlap_began(earlier, later):
    """The moment from which both ran, or null. A try may overlap itself, in two processes; both tries have lines."""
    if earlier is later:
        parts = processes(earlier)
        moments = [second[0]["at"] for index, second in enumerate(parts)
                   if any(second[0]["at"] < _silenced(earlier, first[-1]) for first in parts[:index])]
        return min(moments, default=None)
    start = later["lines"][0]["at"]
    return start if start < ended(earlier) else None


def after_thaw(one, moment):
    """Seconds for which a try that was frozen at this moment ran when it had thawed; null if it was not, or ran meanwhile. It has lines."""
    for freeze in (hit for hit in one["hits"] if hit["what"] == FREEZE and hit["from"] <= moment):
        fence = next((hit for hit in one["hits"] if _ends(hit, freeze)), None)
        thaw, over = (fence["from"], max(fence["to"], one["lines"][-1]["at"])) if fence else (or_never(freeze["to"]), ended(one))
        meanwhile = [line["at"] for line in one["lines"] if freeze["from"] + REPORT < line["at"] < thaw]
        if moment < thaw and all(thaw - at <= AT_THAW for at in meanwhile):  # who thawed before the fence looked is no less frozen
            return over - min([thaw, *meanwhile])
    return None


def kill_before_report(one, commit, until, call):
    """What came between the moment of a commit and that at which Airflow heard of it, if before C(until); null when there was nothing: a
    kill, a freeze, or a cut that kept Airflow from hearing of it at all. call: seconds that a call to the API lives at least when nobody answers."""
    reported = or_never(one["instance"]["end"]) - AIRFLOW_CLOCK if state(one) == "success" else NEVER
    between = [kill for kill in kills(one) if commit <= or_never(kill["to"])]
    if reported == NEVER:
        between += [hit for hit in one["hits"]
                    if hit["what"] == "cut" and _kept_back(one, hit, commit, call) or hit["what"] == FREEZE and _stopped(hit, commit)]
    return next((hit for hit in between if hit["from"] < min(until, reported)), None)
