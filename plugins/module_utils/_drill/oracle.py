# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a drill proved: nothing lost, nothing run twice? Pure.

Airflow with Celery is at-least-once with state fencing. So C(passed) means: no run lost, duplicates bounded and listed.
"""

from __future__ import annotations

import collections

from ansible_collections.steady.airflow.plugins.module_utils._drill import classes, ledger, tries
from ansible_collections.steady.airflow.plugins.module_utils._drill.explain import anomaly, sentence

# How many of each class a drill may have; null is any number.
ALLOWED = {
    "lost": 0,
    "failed_by_fault": 0,
    "phantom_success": 0,
    "ghost": 0,
    "overlapping_double": 0,
    "sequential_second_commit": 0,
    "lost_write": 0,
    "overlap_at_thaw": None,
    "second_commit_with_worker": None,
    "failed_with_worker": None,
    "retry_without_kill": None,
    "legitimate_retry": None,
}
UNLISTED = ("legitimate_retry",)


def judge(texts, clocks, record, airflow, tasks, faults, call, missing_nodes=(), quiet=0):
    """Judge a drill. All moments are seconds since the epoch on the controller's clock, as floats.

    texts: {node: content of its ledger}; clocks: {node: {boot id: moment at which that boot's clock was 0}}. Nodes have the
    names that Airflow has for its workers.

    record: of the driver: {"runs": [{"dag", "run", "asked": moment, "answered": moment or null, "answer": accepted, refused or
    unknown}], "ticks": [{"dag", "run"}] that a schedule owes, "writes": {"acknowledged": number, "lost": [number of a write]},
    "problems": [sentence] about what the driver could not do}.
    Each run is told once. One that was not accepted may exist all the same, and is judged as an accepted one then.

    airflow: {"asked": moment, "runs": [{"dag", "run", "state"}], "instances": [{"dag", "run", "task", "map", "try", "id",
    "state", "hostname", "start", "end": moments or null, "retries": number}]}, with each try, those of the past included.

    tasks: {dag: [{"task", "maps": number, 1 for a task that is not mapped}]}, what every run must do. DAGs that are not named
    here and write no ledger are not looked at.

    faults: [{"fault": id, "number", "injected", "healed", "whole": moments, null for never, "kills": [{"node", "from": right
    before the blow, "to": when nothing of what was hit could live any more, or when it came back, null for never, "what": host,
    worker, task; fence, which ends what a freeze left; or cut (off from the API) or freeze, which a process may outlive, "ti": id of the
    try, if only that was hit}]}].

    call: seconds that a call to Airflow's API lives at least when nobody answers, by its retries.

    missing_nodes: whose ledger could not be collected. quiet: seconds from the last fault's end and the last trigger after
    which everything must be finished; when C(airflow) was asked earlier, what still runs is not judged. 0 makes no such excuse.

    Return {"verdict": passed, failed or unclear, "counts" and "allowed": {class: number}, "anomalies": [as explain.anomaly has
    them], "unjudged": [sentence], "judged": {"runs", "tasks", "commits", "torn": numbers}}. What is unjudged never passes.
    """
    written = ledger.read(texts)
    lines = ledger.place(written["lines"], clocks)
    case = dict(make_case(lines, record, airflow, tasks, faults), call=call)
    silent = silent_nodes(case, texts, missing_nodes)
    case["early"] = too_early(record, airflow, faults, quiet)
    case["gaps"] = set(silent).union(node for node, _number, _wrong in written["broken"])
    found = [each for rule in classes.RULES for each in rule(case)]
    found += [classes.finding("lost_write", (None,) * 4, None, "Write %s was acknowledged and is not in the database." % number)
              for number in record["writes"]["lost"]]
    judged = {
        "runs": len(case["owed"]),
        "tasks": sum(1 for dag, run in case["owed"] for _key in classes.keys_of_run(dag, run, tasks)),
        "commits": sum(1 for line in lines if line["phase"] == ledger.COMMIT),
        "torn": written["torn"],
    }
    unjudged = list(doubts(case, lines, record, written["broken"], silent, judged))
    unjudged += [sentence(each) for each in found if each["class"] == classes.UNJUDGED]
    return report([each for each in found if each["class"] != classes.UNJUDGED], unjudged, judged, case)


def make_case(lines, record, airflow, tasks, faults):
    """What the rules look at: dicts by run (dag, run) and by task (dag, run, task, map)."""
    exist = {(run["dag"], run["run"]): run["state"] for run in airflow["runs"]}
    asked = {(run["dag"], run["run"]): run for run in record["runs"]}
    owed = {key: {"asked": run["asked"], "tick": False, "why": "was accepted"} for key, run in asked.items()
            if run["answer"] == "accepted" or key in exist}
    owed.update({(tick["dag"], tick["run"]): {"asked": None, "tick": True, "why": "is due by the schedule"} for tick in record["ticks"]})
    told = set(tasks).union(line["dag"] for line in lines)
    of_tasks = tries.collect(lines, [each for each in airflow["instances"] if each["dag"] in told], faults)
    last = [classes.last_known(of_task) for of_task in of_tasks.values()]
    return {
        "exist": exist, "asked": asked, "owed": owed, "tasks": tasks, "faults": faults, "tries": of_tasks,
        "ids": {each["id"] for each in airflow["instances"]},
        "failed": {(one["dag"], one["run"]) for one in last if one and tries.state(one) == "failed"},
    }


def too_early(record, airflow, faults, quiet):
    """Why what is not finished may still become so; empty when it had its time."""
    if not quiet:
        return ""
    moments = [fault[when] for fault in faults for when in ("injected", "healed", "whole")] + [run["asked"] for run in record["runs"]]
    lacking = quiet - (airflow["asked"] - max((moment for moment in moments if moment is not None), default=airflow["asked"]))
    return "But Airflow was asked %.0f s too early to judge that." % lacking if lacking > 0 else ""


def silent_nodes(case, texts, missing_nodes):
    """Nodes without a ledger: those that are told, and all that ran a task."""
    ran = {node for of_task in case["tries"].values() for one in of_task for node in one["nodes"]}
    return sorted(set(missing_nodes) | ran - set(texts))


def doubts(case, lines, record, broken, silent, judged):
    """Sentences about what could not be looked at."""
    for node in silent:
        yield "The ledger of %s is missing." % node
    for node, number, wrong in broken:
        yield "Line %d of the ledger of %s %s." % (number, node, wrong)
    adrift = collections.Counter((line["node"], line["boot"]) for line in lines if line["at"] is None)
    for (node, boot), number in sorted(adrift.items()):
        yield "Nobody knows when the boot %s of %s began: %d lines of the ledger have no moment, and their tasks' tries no order." % (boot, node, number)
    judged_dags = {dag for dag, _run in case["owed"]}
    for dag in sorted(judged_dags - set(case["tasks"])):
        yield "Nobody told which tasks the runs of the DAG %s have." % dag
    for dag in sorted({dag for dag, _run in case["asked"]} - judged_dags):
        yield "No run of the DAG %s was accepted." % dag
    refused = sum(1 for key, run in case["asked"].items() if run["answer"] == "refused" and key not in case["exist"])
    if refused:
        yield "Airflow refused %d runs, of which nothing is known." % refused
    if not record["writes"]["acknowledged"]:
        yield "No write was acknowledged."
    yield from record["problems"]
    for name in ("runs", "tasks", "commits"):
        if not judged[name]:
            yield "There were no %s to judge." % name


def report(found, unjudged, judged, case):
    """The answer of C(judge): violations first, each class in the order of time."""
    names = list(ALLOWED)
    counted = collections.Counter(each["class"] for each in found)
    counts = {name: counted[name] for name in names}
    broken = any(allowed is not None and counts[name] > allowed for name, allowed in ALLOWED.items())
    found.sort(key=lambda each: (names.index(each["class"]), tries.or_never(each["moment"]), sentence(each)))
    return {
        "verdict": "failed" if broken else "unclear" if unjudged else "passed",
        "counts": counts,
        "allowed": dict(ALLOWED),
        "anomalies": [anomaly(each, case) for each in found if each["class"] not in UNLISTED],
        "unjudged": unjudged,
        "judged": judged,
    }
