# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: how a finding reads: the fault it belongs to, and a time line that shows how it came about. Pure."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._drill import tries

HITS = {
    "host": ("lost its host", "got its host back"), "worker": ("lost its worker", "got its worker back"),
    "task": ("had a task killed", ""), "cut": ("was cut off", "was let in again"), "freeze": ("froze", "was to thaw"),
    "fence": ("thawed, and began to end its tasks", "had ended them"),
}


def name(key):
    dag, run, task, index = key
    parts = ["DAG %s, run %s" % (dag, run)]
    if task is not None:
        parts.append("task %s%s" % (task, "" if index < 0 else "[%d]" % index))
    return ", ".join(parts)


def sentence(finding):
    """One sentence, or two, for what stands alone."""
    return "%s: %s" % (name(finding["key"]), finding["why"])


def anomaly(finding, case):
    """What oracle.judge tells of a finding."""
    fault = fault_of(finding, case["faults"])
    dag, run, task, index = finding["key"]
    return {
        "class": finding["class"], "dag": dag, "run": run, "task": task, "map": index, "why": finding["why"],
        "fault": fault and {"fault": fault["fault"], "number": fault["number"]},
        "lines": time_line(finding, case, fault),
    }


def fault_of(finding, faults):
    """The fault that explains it, else the latest one that was injected and not yet whole again when it began; null when none was."""
    hit, moment = finding["hit"], finding["moment"]
    if hit:
        return next(fault for fault in faults if (fault["fault"], fault["number"]) == (hit["fault"], hit["number"]))
    if moment is None:
        return None
    during = [fault for fault in faults if fault["injected"] <= moment <= tries.or_never(fault["whole"])]
    return max(during, key=lambda fault: fault["injected"], default=None)


def time_line(finding, case, fault):
    """Lines of text, in seconds since the fault's injection, or since the first of them where there is no fault."""
    seen = sorted(events(finding, case, fault), key=lambda event: (tries.or_never(event[0]), event[1]))
    zero = fault["injected"] if fault else seen[0][0] if seen else None
    return ["%10s %s" % ("?" if moment is None else "%+.3f" % (moment - zero), text) for moment, text in seen]


def events(finding, case, fault):
    """(moment or null, what happened) of the fault, of the run, and of all tries of the task."""
    key = finding["key"]
    found = []
    if fault:
        found += [(fault[when], "%s number %d %s" % (fault["fault"], fault["number"], told)) for when, told in (
            ("injected", "was injected"), ("healed", "was healed"), ("whole", "was over: the cluster was whole again")) if fault[when] is not None]
    asked = case["asked"].get(key[:2])
    if asked:
        found += [(asked[when], "the driver %s" % told) for when, told in (
            ("asked", "asked for the run"), ("answered", "got the answer: %s" % asked["answer"])) if asked[when] is not None]
    hits = {}
    for one in case["tries"].get(key, []):
        found += of_try(one)
        hits.update({(hit["node"], hit["from"], hit["what"]): hit for hit in one["hits"]})
    for hit in hits.values():
        gone, back = HITS.get(hit["what"], ("was hit", "was whole again"))
        found.append((hit["from"], "%s %s" % (hit["node"], gone)))
        if back and hit["to"] is not None:
            found.append((hit["to"], "%s %s" % (hit["node"], back)))
    return found


def of_try(one):
    for line in one["lines"] + one["unplaced"]:
        yield line["at"], "%s %s of try %d (process %d)" % (line["node"], line["phase"], one["number"], line["pid"])
    instance = one["instance"] or {"start": None, "end": None}
    if instance["start"] is not None:
        yield instance["start"], "Airflow: try %d began on %s" % (one["number"], instance["hostname"] or "no host")
    if instance["end"] is not None:
        yield instance["end"], "Airflow: try %d ended as %s" % (one["number"], instance["state"])
