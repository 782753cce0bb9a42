# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a DAG that start every few seconds while something is done to the demo's hosts, and what became of each."""

from __future__ import annotations

import threading
import time

from airflow_api import FINAL_STATES, ApiError, wait_for
from demo import ROOT, playbook
from traffic import Traffic

DAG = "steady_load"
SOURCE = ("-e", f"dag_sync_source={ROOT / 'tests/dags'}")  # a run of site.yml without it puts the demo's DAG files back
RUN_SECONDS = 600  # for the last of the runs to end


class Load:
    def __init__(self, airflow, every, prefix):
        self.airflow, self.every = airflow, every
        self.traffic = Traffic(airflow, DAG, every, prefix)
        self.states = {}

    def deploy(self, stages):
        """Puts its DAG files in place of the demo's."""
        sync(*SOURCE)(stages)

    def remove(self, stages):
        sync()(stages)

    def start(self, stages):
        wait_for(lambda: self.airflow.login() or True, 60)
        wait_for(lambda: not self.airflow.unpause(DAG)["is_stale"], 120)  # until a dag-processor has read the file
        self.traffic.start()
        wait_for(lambda: self.traffic.accepted and self.state(self.traffic.accepted[0]) == "running", 60)
        threading.Event().wait(self.every * 2)  # so that tasks of a minute run on several hosts

    def state(self, run_id):
        return self.airflow.state(DAG, run_id)

    def finish(self, stages):
        """No new runs; waits for those that were accepted."""
        self.traffic.stop()
        deadline = time.monotonic() + RUN_SECONDS
        for run_id in self.traffic.accepted:
            left = max(1, deadline - time.monotonic())
            try:
                wait_for(lambda: self.state(run_id) in FINAL_STATES, left)
            except ApiError as error:
                stages.progress(f"{run_id}: {error}")
            self.states[run_id] = self.state(run_id)

    def failed(self):
        return [run_id for run_id, state in self.states.items() if state != "success"]

    def retried(self):
        """Tasks that needed more than one try, with what became of each try."""
        found = []
        for run_id in self.traffic.accepted:
            for instance in self.airflow.task_instances(DAG, run_id):
                if instance["try_number"] > 1 or instance["state"] != "success":
                    path = f"/api/v2/dags/{DAG}/dagRuns/{run_id}/taskInstances/{instance['task_id']}/tries"
                    tries = self.airflow.request("GET", path)["task_instances"]
                    found.append({"run": run_id, "task": instance["task_id"], "state": instance["state"], "tries": [
                        {key: one[key] for key in ("try_number", "state", "hostname", "queued_when", "start_date", "end_date")} for one in tries]})
        return found


def sync(*source):
    return playbook("playbooks/site.yml", "--tags", "dags", *source)
