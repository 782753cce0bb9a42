# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what can be wrong with what tasks did, a function for each class of oracle.ALLOWED. Pure.

They judge a case as oracle.judge makes it, and yield findings. What is absent from a ledger with a gap proves nothing: such a
finding is left to the reader, as C(UNJUDGED). What is written there counts always.
"""

from __future__ import annotations

import itertools

from ansible_collections.steady.airflow.plugins.module_utils._drill import tries
from ansible_collections.steady.airflow.plugins.module_utils._drill.ledger import COMMIT, START

UNJUDGED = "unjudged"
FINISHED = ("success", "failed")


def finding(kind, key, moment, why, hit=None):
    """C(moment) is when it began, null when nobody knows; C(hit) is what explains it."""
    return {"class": kind, "key": key, "moment": None if moment == tries.NEVER else moment, "why": why, "hit": hit}


def absence(kind, key, moment, why, doubt):
    """A finding that rests on something absent; C(doubt) says why it may be there all the same, empty when it cannot."""
    return finding(UNJUDGED, key, moment, "%s %s" % (why, doubt)) if doubt else finding(kind, key, moment, why)


def keys_of_run(dag, run, tasks):
    for task in tasks.get(dag, ()):
        for index in range(task["maps"]) if task["maps"] > 1 else (-1,):
            yield dag, run, task["task"], index


def gap(case, of_task):
    """Why more may have happened than the ledger tells: no try is known, or one of a host whose ledger has a gap or that nobody names."""
    nodes = [node for one in of_task for node in one["nodes"] or [""]] or [""]
    if case["gaps"] and any(not node or node in case["gaps"] for node in nodes):
        return "But the ledger has a gap there."
    return ""


def last_known(of_task):
    """The last try that Airflow knows, or null."""
    return max((one for one in of_task if one["instance"]), key=lambda one: one["number"], default=None)


def is_finished(case, one):
    """Who waits for a failed task will never run; where none failed, it was forgotten."""
    return tries.state(one) in FINISHED or tries.state(one) == "upstream_failed" and (one["dag"], one["run"]) in case["failed"]


def lost(case):
    """An accepted run or a tick absent, or without an end, or a task of it neither committed nor finished.

    Skipped and removed tasks are not finished: no task of the drill has a reason to be. Where a run was still under way when
    Airflow was asked too early, nothing is judged.
    """
    for (dag, run), owed in sorted(case["owed"].items()):
        if (dag, run) not in case["exist"]:
            yield absence("lost", (dag, run, None, None), owed["asked"], "Airflow does not have the run, which %s." % owed["why"],
                          case["early"] if owed["tick"] else "")
            continue
        whole = True
        for key in keys_of_run(dag, run, case["tasks"]):
            of_task = case["tries"].get(key, [])
            # a mapped task that was never expanded has one instance without an index
            known = last_known(of_task) or last_known(case["tries"].get(key[:3] + (-1,), []))
            if any(tries.has_committed(one) for one in of_task) or known and is_finished(case, known):
                continue
            whole = False
            said = "Airflow left it in the state %s" % tries.state(known) if known else "Airflow has no instance of it"
            moment = known["instance"]["start"] if known else None
            yield absence("lost", key, owed["asked"] if moment is None else moment,
                          "It never committed, and %s." % said, case["early"] or gap(case, of_task))
        if whole and case["exist"][dag, run] not in FINISHED:
            yield absence("lost", (dag, run, None, None), owed["asked"],
                          "All its tasks committed, but Airflow left the run in the state %s." % case["exist"][dag, run], case["early"])


def failures(case):
    """Failed for good. Excused is only what had each of its retries + 1 tries touched by a fault: Airflow promised it no more.

    No task of the drill fails by itself, so a try that failed on a worker nobody touched is the fault's doing, with or
    without retries.
    """
    for key, of_task in case["tries"].items():
        last = last_known(of_task)
        if not last or tries.state(last) != "failed":
            continue
        known = [one for one in of_task if one["instance"]]
        spared = [one["number"] for one in known if not one["hits"]]
        promised = last["instance"]["retries"] + 1
        moment = tries.ended(last) if last["lines"] else last["instance"]["end"]
        told = "It failed for good in try %d of %d" % (last["number"], promised)
        if spared:
            yield finding("failed_by_fault", key, moment, "%s, though nothing touched the worker of try %s." % (told, " or ".join(map(str, spared))))
        elif len(known) < promised:
            yield finding("failed_by_fault", key, moment, "%s, with tries left." % told)
        else:
            yield finding("failed_with_worker", key, moment, "%s, and a fault touched the worker of each." % told, last["hits"][0])


def phantoms(case):
    """Airflow says success, the ledger has no commit."""
    judged = {(dag, task["task"]) for dag, given in case["tasks"].items() for task in given}
    for key, of_task in case["tries"].items():
        for one in of_task:
            if (one["dag"], one["task"]) in judged and tries.state(one) == "success" and not tries.has_committed(one):
                yield absence("phantom_success", key, one["instance"]["end"],
                              "Airflow calls try %d a success, but it never committed." % one["number"], gap(case, [one]))


def ghosts(case):
    """A commit of a try that Airflow does not know."""
    for key, of_task in case["tries"].items():
        for one in of_task:
            if tries.has_committed(one) and one["id"] not in case["ids"]:
                commit = tries.phase_lines(one, COMMIT)[0]
                yield finding("ghost", key, commit["at"], "Try %d committed on %s, but Airflow knows no try with the id %s." % (
                    one["number"], one["node"], one["id"]))


def doubles(case):
    """Two tries of a task ran at the same time, or one try in two processes. While it is frozen a try does not run."""
    for key, ran in timed(case):
        for earlier, later in itertools.combinations_with_replacement(ran, 2):
            moment = tries.overlap_began(earlier, later)
            if moment is None:
                continue
            beside = None if earlier is later else tries.after_thaw(earlier, moment)
            if beside is not None and beside <= tries.AT_THAW:
                yield finding("overlap_at_thaw", key, moment, "Try %d on %s was frozen when try %d began on %s, and ended %.3f s after its thaw." % (
                    earlier["number"], earlier["node"], later["number"], later["node"], beside))
            elif earlier is later:
                yield finding("overlapping_double", key, moment, "Try %d ran in two processes at the same time." % later["number"])
            elif tries.ended(earlier) == tries.NEVER:
                yield absence("overlapping_double", key, moment, "Try %d began on %s, and nothing shows that try %d on %s was over." % (
                    later["number"], later["node"], earlier["number"], earlier["node"]), gap(case, [earlier]))
            else:
                yield finding("overlapping_double", key, moment, "Try %d began on %s %.3f s before try %d on %s was over." % (
                    later["number"], later["node"], tries.ended(earlier) - moment, earlier["number"], earlier["node"]))


def second_commits(case):
    """A task committed again, without an overlap. Excused is only who was killed, or cut off for as long as its report lives, between commit and report."""
    for key, ran in timed(case):
        commits = sorted(((line, one) for one in ran for line in tries.phase_lines(one, COMMIT)),
                         key=lambda each: (each[0]["at"], tries.order(each[1])))
        for (commit, first), (again, second) in itertools.pairwise(commits):
            earlier, later = sorted((first, second), key=tries.order)
            if tries.overlap_began(earlier, later) is not None:
                continue  # doubles tells it
            begun = tries.process_began(second, again) if first is second else second["lines"][0]["at"]
            kill = tries.kill_before_report(first, commit["at"], begun, case["call"])
            told = "It committed in try %d on %s, and again in try %d on %s %.3f s later" % (
                first["number"], commit["node"], second["number"], again["node"], again["at"] - commit["at"])
            if kill:
                why = "%s, because the first was killed or cut off before Airflow heard of it." % told
                yield finding("second_commit_with_worker", key, commit["at"], why, kill)
            else:
                yield finding("sequential_second_commit", key, commit["at"], "%s, though nothing came between the first one and its report." % told)


def retries(case):
    """A try began, did not commit, and another followed."""
    for key, of_task in case["tries"].items():
        for one in of_task[:-1]:
            if not tries.phase_lines(one, START) or tries.has_committed(one) or gap(case, [one]):
                continue
            if one["hits"]:
                yield finding("legitimate_retry", key, one["hits"][0]["from"], "A fault touched the worker of try %d." % one["number"], one["hits"][0])
            else:
                moment = tries.ended(one) if one["lines"] else None
                yield finding("retry_without_kill", key, moment, "Try %d on %s was given up, though nothing touched its worker." % (
                    one["number"], one["node"]))


def timed(case):
    """(key, tries that ran, in the order they began) of all tasks whose lines all have moments."""
    for key, of_task in case["tries"].items():
        if not any(one["unplaced"] for one in of_task):
            yield key, sorted((one for one in of_task if one["lines"]), key=tries.order)


RULES = (lost, failures, phantoms, ghosts, doubles, second_commits, retries)
