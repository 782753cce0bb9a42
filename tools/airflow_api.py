# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a DAG through Airflow's public API, as any client would."""

from __future__ import annotations

import http.client
import ssl
import time

import checkout  # noqa: F401  pylint: disable=unused-import
from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, brief, direct_opener
from ansible_collections.steady.airflow.plugins.module_utils._drill.session import Session
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, SteadyError as ApiError
from ansible_collections.steady.airflow.plugins.module_utils._topology import host_port

__all__ = ["Airflow", "ApiError", "client", "host_port", "run_dag", "wait_for", "workers"]

REQUEST_SECONDS = 10
POLL_SECONDS = 1
FINAL_STATES = ("success", "failed")


def client(authority, seconds):
    """authority: certificates of those who may vouch for an address, as PEM text; the system's without it. seconds bound one request."""
    return HttpClient(direct_opener(ssl.create_default_context(cadata=authority)), seconds)


class Airflow(Session):
    def __init__(self, url, username, password, authority=None):
        """authority: as for client."""
        super().__init__(client(authority, REQUEST_SECONDS), url, username, password)

    def request(self, method, path, body=None):
        """The decoded answer. Raises ApiError when Airflow did not do what it was asked for, or nobody answered."""
        status, answer = self.ask(path, body, method)
        if status >= http.client.BAD_REQUEST:
            raise BadAnswer(f"{method} {path}: {status} {brief(answer)}")
        return answer

    def unpause(self, dag_id):
        return self.request("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": False})

    def trigger(self, dag_id):
        return self.request("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None})["dag_run_id"]

    def state(self, dag_id, run_id):
        return self.request("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"]

    def task_instances(self, dag_id, run_id):
        return self.request("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances?limit=1000")["task_instances"]


def wait_for(ask, seconds, tell=lambda answer: None):
    """Asks until the answer is a truthy one; an API that fails meanwhile is asked again, since any host may be away."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = ask()
            if answer:
                return answer
            last = "no answer that ends the wait"
        except ApiError as error:
            last = str(error)
        if time.monotonic() > deadline:
            raise ApiError(f"gave up after {seconds} s: {last}")
        tell(last)
        time.sleep(POLL_SECONDS)  # the interval of the poll


def run_dag(airflow, dag_id, seconds=300, tell=lambda text: None):
    """Triggers the DAG, waits until its run is over and returns (state, task instances)."""
    wait_for(lambda: airflow.login() or True, seconds)
    # until a dag-processor has read the file, and has it again where it was away for a while
    wait_for(lambda: not airflow.unpause(dag_id).get("is_stale"), seconds)
    run_id = airflow.trigger(dag_id)
    tell(f"run {run_id}")

    def finished():
        state = airflow.state(dag_id, run_id)
        return state if state in FINAL_STATES else None

    state = wait_for(finished, seconds)
    return state, airflow.task_instances(dag_id, run_id)


def workers(task_instances):
    """The hosts that ran tasks, each with how many."""
    count = {}
    for instance in task_instances:
        host = instance["hostname"]
        if host:
            count[host] = count.get(host, 0) + 1
    return dict(sorted(count.items()))
