# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: waits until Airflow has finished a drill's runs, and writes down what it says of them. I/O only."""

from __future__ import annotations

import http.client
import time
import urllib.parse

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import brief
from ansible_collections.steady.airflow.plugins.module_utils._drill import dags, instances, work
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, SteadyError

POLL = 3.0  # seconds between two looks
AGAIN = 60.0  # seconds in which what was not answered is asked again
MARGIN = 60.0  # so many seconds before the drill, no run of it can be due
OF_RUN = ("dag_id", "dag_run_id", "run_type", "run_after", "state")
OF_TRY = ("dag_id", "dag_run_id", "task_id", "map_index", "try_number", "state", "hostname", "pid", "start_date", "end_date", "max_tries")


def collect(session, plan, patience, now=time.time, pause=time.sleep):
    """What is kept of Airflow's answers: {"asked": moment, "api_port", "unfinished": [what was not], "runs", "instances"}.

    Each instance has its tries of the past as C(earlier). Airflow has no more runs of these DAGs after C(asked), since they are paused.
    """
    asked, left = settle(session, plan, patience, now, pause)
    end = now() + AGAIN
    while True:
        try:
            return _said(session, plan, asked, left)
        except SteadyError:
            if now() >= end:
                raise
        pause(POLL)


def _said(session, plan, asked, left):
    runs = [_kept(run, OF_RUN) for dag in work.DAGS for run in runs_of(session, dag, plan)]
    mine = {(run["dag_id"], run["dag_run_id"]) for run in runs}
    found = []
    for dag in work.DAGS:
        path = "/api/v2/dags/%s/dagRuns/~/taskInstances?%s" % (dag, _since(plan))
        found += [each for each in session.all_of(path, "task_instances") if (each["dag_id"], each["dag_run_id"]) in mine]
    return {
        "asked": asked, "api_port": _port(session.url), "unfinished": left, "runs": runs,
        "instances": [_instance(session, each) for each in found],
    }


def settle(session, plan, patience, now=time.time, pause=time.sleep):
    """Pauses the DAGs as soon as all of the drill is finished, at the latest when the patience is at its end.

    Airflow does not go on with a run whose DAG is paused. So the DAG with the schedule is not paused before a moment at which
    nothing of it is under way, and goes on if a run began right then. Returns that moment, and what is not finished.
    """
    paused, end = True, now() + patience  # an earlier look may have paused them
    while True:
        last = now() >= end
        try:
            if paused:
                set_paused(session, False)
                paused = False
            if last or not unfinished(session, plan, now()):
                moment, paused = now(), True
                set_paused(session, True)
                left = unfinished(session, plan, moment)
                if last or not left:
                    return moment, left
        except SteadyError:
            if last:
                raise
        pause(POLL)  # the interval of the poll: Airflow tells nobody when a run is over


def set_paused(session, paused):
    unknown = [dag for dag in work.DAGS if dags.pause(session, dag, paused) is None]
    if unknown:
        raise BadAnswer("Airflow does not know the DAG %s" % ", ".join(unknown))


def unfinished(session, plan, moment):
    """Runs under way, and runs that the schedule owes and that are not there yet, as "DAG run"."""
    found = [(dag, run["dag_run_id"]) for dag in work.DAGS for run in runs_of(session, dag, plan, "&state=queued&state=running")]
    there = {run["dag_run_id"] for run in runs_of(session, work.TICK, plan)}
    found += [(work.TICK, run) for run in work.ticks(plan["tick_began"], moment) if run not in there]
    return ["%s %s" % each for each in found]


def runs_of(session, dag, plan, states=""):
    path = "/api/v2/dags/%s/dagRuns?%s%s" % (dag, _since(plan), states)
    return [run for run in session.all_of(path, "dag_runs") if work.belongs(run, plan)]


def _since(plan):
    return urllib.parse.urlencode({"run_after_gte": work.iso(min(plan["started"], plan["tick_began"]) - MARGIN)})


def _instance(session, each):
    """A first try that is not waiting to be tried again has no past."""
    answered = _tries(session, each) if each["try_number"] > 1 or each["state"] in (None, instances.WAITS) else [each]
    earlier = [_kept(one, OF_TRY) for one in instances.over(each, answered)]
    return dict(_kept(each, OF_TRY), id=each["id"], earlier=earlier)


def _tries(session, each):
    run, task = (urllib.parse.quote(each[name], safe="") for name in ("dag_run_id", "task_id"))
    index = "" if each["map_index"] < 0 else "/%d" % each["map_index"]
    path = "/api/v2/dags/%s/dagRuns/%s/taskInstances/%s%s/tries" % (each["dag_id"], run, task, index)
    status, answer = session.ask(path)
    if status != http.client.OK:
        raise BadAnswer("%s answered status %d: %s" % (path, status, brief(answer)))
    return answer["task_instances"]


def _port(url):
    told = urllib.parse.urlsplit(url)
    return told.port or (http.client.HTTPS_PORT if told.scheme == "https" else http.client.HTTP_PORT)


def _kept(told, names):
    return {name: told[name] for name in names}
