# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the result of a drill, as the report's filters take it. Pure."""

from __future__ import annotations

import collections

from ansible_collections.steady.airflow.plugins.module_utils._drill import (
    driver, instances, ledger, measures, oracle, reruns, touched, tries, work)
from ansible_collections.steady.airflow.plugins.module_utils._drill.incidents import incident
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.module_utils._rules import timing


def result(raw, said, quiet=0):
    """raw: what raw.read gives; said: what testimony.collect wrote down; quiet: as oracle.judge has it."""
    plan, load = raw["plan"], raw["collected"]["load"]
    hits = sorted((told for told in raw["faults"] if told["begun"]), key=lambda told: min(told["begun"].values()))
    clocks = merged([told["clocks"] for told in raw["faults"]])
    lines = ledger.place(ledger.read(raw["texts"])["lines"], clocks)
    airflow = instances.told(said, lines)
    complete(airflow, raw["collected_at"])
    seen = measures.series(raw["entries"], lines, plan["pulse_every"], raw["missing"])
    record = {
        "runs": raw["runs"],
        "ticks": [{"dag": work.TICK, "run": run} for run in work.ticks(plan["tick_began"], said["asked"])],
        "writes": {"acknowledged": load["acknowledged"], "lost": load["lost"]},
        "problems": load["problems"] + unloaded(raw["faults"], load["stopped"]),
    }
    faults = [incident(told, plan) for told in hits]
    judged = [dict(fault, kills=list(touched.kills(told, plan["catalogue"], said["api_port"]))) for fault, told in zip(faults, hits)]
    of_tasks = tries.collect(lines, airflow["instances"], judged)
    told = measures.of_all(faults, hits, load["stopped"], seen)
    return {
        "cluster": plan["cluster"],
        "seed": plan["seed"],
        "started": plan["started"],
        "ended": load["stopped"],
        "versions": plan["versions"],
        "settings": plan["settings"],
        "campaign": [{"fault": each["fault"], "number": each["number"]} for each in plan["campaign"]],
        "not_made": [{"fault": told["fault"], "number": told["number"], "why": told["problem"]} for told in raw["faults"] if not told["begun"]],
        "faults": [dict(fault, **reruns.beside(more, fault, of_tasks)) for fault, more in zip(faults, told)],
        "oracle": oracle.judge(raw["texts"], clocks, record, airflow, work.TASKS, judged,
                               timing.count_waits(plan["settings"]), raw["missing"], quiet),
        "self_test": raw["self_test"],
        "probes": probes(raw["entries"], load),
    }


def merged(told):
    """{node: {boot: moment}} of all; the last one that knows a boot counts."""
    found = {}
    for clocks in told:
        for node, boots in clocks.items():
            found.setdefault(node, {}).update(boots)
    return found


def unloaded(faults, stopped):
    """What happened when nobody drove a load any more proves nothing; a sentence about it."""
    late = [told["fault"] for told in faults if told["whole"] is not None and told["whole"] > stopped]
    return ["The load had stopped before the cluster was whole again after %s." % ", ".join(late)] if late else []


def complete(airflow, collected_at):
    """A ledger that was collected while tasks ran lacks their lines, and would make them look like tasks that never committed."""
    late = [one for one in airflow["instances"] if one["end"] is not None and one["end"] - tries.AIRFLOW_CLOCK > collected_at]
    if late:
        raise BadOption(
            "The ledgers were collected before task %s of the run %s of %s was over, and %d more. Wait for all of them first, with judge: false" % (
                late[0]["task"], late[0]["run"], late[0]["dag"], len(late) - 1))


def probes(entries, load):
    answers = collections.Counter(entry["answer"] for entry in entries["run"])
    return {
        "writes": load["acknowledged"],
        "requests": len(entries["api"]),
        "triggers": {answer: answers[answer] for answer in (driver.ACCEPTED, driver.REFUSED, driver.UNKNOWN)},
    }
