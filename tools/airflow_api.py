# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a DAG through Airflow's public API, as any client would. Needs nothing but Python."""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request

REQUEST_SECONDS = 10
POLL_SECONDS = 1
LOGIN = "/auth/token"
FINAL_STATES = ("success", "failed")


def host_port(host, port):
    """Both as URLs have them: an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class ApiError(Exception):
    """Airflow did not do what it was asked for."""


class Unauthorized(ApiError):
    """It wants to know first who asks (401), or does not take the token any more (403)."""


class Airflow:
    def __init__(self, url, username, password, authority=None):
        """authority: certificates of those who may vouch for the address, as PEM text; the system's without it."""
        self.url = url
        # The address is one of our own network: a proxy of the environment does not lead there.
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=authority)))
        self.credentials = {"username": username, "password": password}
        self.token = None

    def request(self, method, path, body=None):
        """The decoded answer. A token that is not taken any more, as its key was replaced, is replaced, too."""
        try:
            return self.send(method, path, body)
        except Unauthorized:
            if path == LOGIN:
                raise
            self.token = None
            self.login()
            return self.send(method, path, body)

    def send(self, method, path, body):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=REQUEST_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            kind = Unauthorized if error.code in (http.client.UNAUTHORIZED, http.client.FORBIDDEN) else ApiError
            raise kind(f"{method} {path}: {error.code} {error.read().decode(errors='replace')[:300]}") from error
        except OSError as error:
            raise ApiError(f"{method} {self.url}{path}: {error}") from error

    def login(self):
        self.token = self.request("POST", LOGIN, self.credentials)["access_token"]

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
