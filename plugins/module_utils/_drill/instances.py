# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what Airflow's API said of task instances, as the oracle wants it. Pure.

Airflow has an id for each try, and the ledger names it; but of the tries of the past the API tells all except their ids. So
theirs are looked for in the ledger: a try of the same number that ran in the same process, or, as a task that was deferred
ran in several, that began within the try's time. What a try wrote that is found for none of Airflow's stays unknown to it.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._drill import tries
from ansible_collections.steady.airflow.plugins.module_utils._drill.work import epoch

WAITS = "up_for_retry"


def told(said, lines):
    """What oracle.judge calls "airflow". C(said) is what testimony.collect wrote down, C(lines) are placed ones."""
    listed = {each["id"] for each in said["instances"]}
    seen = {}
    for line in lines:
        if line["ti"] not in listed:
            seen.setdefault((*tries.key_of(line), line["try"]), {}).setdefault(line["ti"], []).append(line)
    return {
        "asked": said["asked"],
        "runs": [{"dag": run["dag_id"], "run": run["dag_run_id"], "state": run["state"]} for run in said["runs"]],
        "instances": [one for each in said["instances"] for one in all_tries(each, seen)],
    }


def over(listed, answered):
    """Those of the answer about all tries that are of the past.

    The answer has the listed one, too, last, unless that waits for its next try: then its row in the answer is the past one's.
    """
    before = [one for one in answered if one["try_number"] < listed["try_number"]]
    same = [one for one in answered if one["try_number"] == listed["try_number"]]
    return sorted(before, key=lambda one: one["try_number"]) + (same if listed["state"] == WAITS else same[:-1])


def all_tries(listed, seen):
    """Each try of a task, in order. C(retries) is what the DAG gave it: Airflow raises the number when a task is cleared."""
    rows = [*listed["earlier"], listed]
    retries = max(0, rows[0]["max_tries"])
    found = []
    for before, row in zip([None, *rows], rows):
        one = dict(_try(row, before), retries=retries)
        one["id"] = listed["id"] if row is listed else _identity(one, row["pid"], seen.get((*tries.key_of(one), one["try"]), {}))
        found.append(one)
    if len(found) > 1 and found[-1]["try"] == found[-2]["try"]:
        found[-1]["try"] += 1  # it waits to be tried again: it has a new id already, and a new number only when it is scheduled
    return found


def _try(row, before):
    """A try that never ran has host and moments of the one before it: Airflow writes them anew only when a try begins."""
    ran = before is None or row["start_date"] != before["start_date"]
    ended = before is None or row["end_date"] != before["end_date"]
    return {
        "dag": row["dag_id"], "run": row["dag_run_id"], "task": row["task_id"], "map": row["map_index"], "try": row["try_number"],
        "state": row["state"], "hostname": row["hostname"] or "" if ran else "",
        "start": epoch(row["start_date"]) if ran else None, "end": epoch(row["end_date"]) if ended else None,
    }


def _identity(one, pid, seen):
    """seen: {id: lines} of the ledger's tries of this task and number."""
    if one["start"] is not None:
        for identity, lines in sorted(seen.items()):
            if any((line["node"], line["pid"]) == (one["hostname"], pid) for line in lines):
                return identity
        fitting = [identity for identity, lines in seen.items() if _began_within(one, lines[0]["at"])]
        if len(fitting) == 1:
            return fitting[0]
    return "%s try %d" % (" ".join(map(str, tries.key_of(one))), one["try"])


def _began_within(one, moment):
    return moment is None or one["start"] - tries.AIRFLOW_CLOCK <= moment <= tries.or_never(one["end"]) + tries.AIRFLOW_CLOCK
