# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what a drill's result means, in words. Page and JUnit file both say what is said here."""

from __future__ import annotations

import math

from ansible_collections.steady.airflow.plugins.plugin_utils._drill_words import counted, moment, seconds

# What is measured of a fault, in the order of the report.
MEASURES = {
    "database": "No write to the database",
    "api": "No answer of the API",
    "scheduling": "No task started",
    "rerun": "Killed task ran again",
    "broker": "Broker did not serve",
    "redundancy": "Whole again, after the heal",
}
# The oracle's classes: what is said after a number of them, and what they mean.
CLASSES = {
    "lost": ("lost", "A run that was accepted is gone, or one of its tasks neither committed nor finished."),
    "failed_by_fault": ("failed by a fault", "A task failed for good although nothing had touched the worker of one of its tries."),
    "phantom_success": ("called successful without a commit", "Airflow calls a try successful that never committed."),
    "ghost": ("committed by an unknown try", "A try committed that Airflow does not know."),
    "overlapping_double": ("ran twice at the same time", "Two tries of one task, or two processes of one try, ran at the same time."),
    "sequential_second_commit": ("ran twice for no reason", "A task committed again, though nothing came between its first commit and the report of it."),
    "lost_write": ("lost from the database", "The database acknowledged a write and does not have it."),
    "overlap_at_thaw": (
        "were ended at the thaw of their host", "A host froze until a task's next try had begun elsewhere, and its own was ended within 0.2 s after the thaw."),
    "second_commit_with_worker": (
        "ran twice, one try after the other", "A task committed, was killed or cut off before Airflow heard of it, and was run again."),
    "failed_with_worker": ("failed with all workers they had", "A task failed for good, and a fault had touched the worker of each of its tries."),
    "retry_without_kill": ("tried again without a kill", "A try was given up though nothing had touched its worker, and was followed by another."),
    "legitimate_retry": ("tried again", "A fault touched the worker of a try before it committed, and another followed. Counted, not listed."),
}
LABELS = {"passed": "Passed", "late": "Passed, with goals missed", "failed": "Failed", "incomplete": "Incomplete", "unclear": "Unclear"}


def measured(fault):
    """Seconds of each recovery that was measured, and of the way back to full redundancy, which is infinite if it did not come back.

    What a cluster mends by itself before the heal took none: a watchdog ends a scheduler that hangs.
    """
    whole = math.inf if fault["whole"] is None else max(0.0, fault["whole"] - fault["healed"])
    return {name: value for name, value in dict(fault["recovered"], redundancy=whole).items() if value is not None}


def over(fault):
    """The goals that were exceeded."""
    return {name: fault["bound"][name] for name, value in measured(fault).items() if value > fault["bound"].get(name, value)}


def complaints(fault):
    """Why a fault did not go as it should, a sentence each; empty if it did."""
    found = [fault["problem"]] if fault["problem"] else []
    if fault["whole"] is None:
        found.append("Full redundancy did not come back.")
    times = measured(fault)
    return found + ["%s: %s, the goal is %s." % (MEASURES[name], seconds(times[name]), seconds(goal))
                    for name, goal in over(fault).items() if times[name] != math.inf]


def classes(oracle):
    """What the oracle counted. A class for which nothing is allowed expressly may not occur; None allows any number."""
    rows = []
    for name in dict.fromkeys([*oracle["allowed"], *oracle["counts"]]):
        number, allowed = oracle["counts"].get(name, 0), oracle["allowed"].get(name, 0)
        phrase, meaning = CLASSES.get(name, (plain(name), ""))
        rows.append({"class": name, "name": plain(name), "phrase": phrase, "meaning": meaning, "count": number, "allowed": allowed,
                     "over": allowed is not None and number > allowed})
    return rows


def plain(name):
    return name.replace("_", " ")


def facts(anomaly):
    """What an anomaly is about; a write has no run, a run that is gone no task, and most tasks are not mapped."""
    fault = anomaly["fault"]
    told = {
        "DAG": anomaly["dag"], "Run": anomaly["run"], "Task": anomaly["task"], "Map index": None if anomaly["map"] == -1 else anomaly["map"],
        "Fault": fault and "%s number %d" % (fault["fault"], fault["number"]),
    }
    return {name: value for name, value in told.items() if value is not None}


def not_made(result):
    """Faults of the campaign that were not injected, as {"fault", "number", "why"}."""
    made = {(fault["fault"], fault["number"]) for fault in result["faults"]}
    whys = {(each["fault"], each["number"]): each["why"] for each in result.get("not_made", [])}
    turns = [(each["fault"], each["number"]) for each in result["campaign"]]
    return [{"fault": turn[0], "number": turn[1], "why": whys.get(turn, "the drill had ended")} for turn in turns if turn not in made]


def verdict(result):
    """C(state) is passed, late (which is passed with goals missed), failed, incomplete or unclear. C(sentence) is for those who pay, C(remarks)
    are for those who ask on.
    """
    state = _state(result)
    missing = not_made(result)
    before = "%d of %s %s not made. " % (
        len(missing), counted(len(result["campaign"]), "fault"), "were" if len(missing) > 1 else "was") if missing else ""
    scope = "%s, %s" % (counted(len(result["faults"]), "fault"), counted(result["oracle"]["judged"]["runs"], "run"))
    return {
        "state": state, "label": LABELS[state],
        "sentence": before + "%s: %s. %s" % (scope, _findings(result), _longest(result["faults"])),
        "remarks": _remarks(result),
    }


def _state(result):
    oracle, faults = result["oracle"], result["faults"]
    if oracle["verdict"] == "failed" or any(row["over"] for row in classes(oracle)) or _troubles(faults):
        return "failed"
    if not_made(result):
        return "incomplete"
    if in_doubt(result):
        return "unclear"
    return "late" if _goals_missed(faults) else "passed"


def in_doubt(result):
    """Nothing may be called good when the oracle is not sure, or did not see what it should have seen."""
    oracle = result["oracle"]
    asleep = any(not change["found"] for change in result["self_test"]["red"])
    return oracle["verdict"] != "passed" or asleep or not result["faults"] or not oracle["judged"]["runs"]


def _goals_missed(faults):
    return sum(len(over(fault)) for fault in faults)


def _findings(result):
    rows, counts = classes(result["oracle"]), result["oracle"]["counts"]
    bad = ["{:,} {}".format(row["count"], row["phrase"]) for row in rows if row["over"]]
    troubles = " and ".join(_troubles(result["faults"]))
    if bad or result["oracle"]["verdict"] == "failed":
        return ", ".join(bad or ["the oracle says that it failed"]) + (", and %s" % troubles if troubles else "")
    if in_doubt(result):
        return "nothing was seen lost, but not all could be judged" + (", and %s" % troubles if troubles else "")
    twice, failed = counts.get("second_commit_with_worker", 0), counts.get("failed_with_worker", 0)
    good = "nothing lost, " + ("%s ran twice, one try after the other" % counted(twice, "task") if twice else "nothing twice")
    good += ", %s failed because each try was hit" % counted(failed, "task") if failed else ""
    return good + (", but %s" % troubles if troubles else "")


def _troubles(faults):
    broken, problems = [fault for fault in faults if fault["whole"] is None], [fault for fault in faults if fault["problem"]]
    found = ["after %s the cluster did not become whole" % counted(len(broken), "fault")] if broken else []
    return found + (["%s did not go as planned" % counted(len(problems), "fault")] if problems else [])


def _longest(faults):
    times = [measured(fault)["database"] for fault in faults if "database" in measured(fault)]
    if not times:
        return "How long the database took no writes was not measured."
    return "The longest time without a writable database was %s." % seconds(max(times))


def _remarks(result):
    late = _goals_missed(result["faults"])
    remarks = ["%s, number %d: %s." % (fault["fault"], fault["number"], fault["problem"]) for fault in result["faults"] if fault["problem"]]
    remarks += ["Goals missed: %d. The table of recoveries marks them." % late] if late else []
    remarks += ["%s, number %d, was not made: %s." % (each["fault"], each["number"], each["why"]) for each in not_made(result)]
    return remarks + result["oracle"]["unjudged"] + [_self_test(result["self_test"])]


def _self_test(test):
    missed = [change["change"] for change in test["red"] if not change["found"]]
    if not test["red"] or test["done"] is None:
        return "No self-test was made: it is not shown that the oracle would have seen a loss."
    if missed:
        return "The oracle is not to be trusted: in its self-test it did not see %s." % ", ".join(missed)
    return "The oracle was proven before: on %s it turned red at each of %s made on purpose." % (
        moment(test["done"]), counted(len(test["red"]), "harmful change"))
