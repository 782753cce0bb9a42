# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who wants runs of a DAG, now and then, whatever state the cluster is in."""

from __future__ import annotations

import threading
import time

from airflow_api import ApiError


class Traffic(threading.Thread):
    """Triggers a run every few seconds, each with an id of its own, until the API accepted it."""

    def __init__(self, airflow, dag_id, interval, prefix):
        super().__init__(daemon=True)
        self.airflow, self.dag_id, self.interval = airflow, dag_id, interval
        self.prefix = time.strftime(f"{prefix}-%Y%m%d-%H%M%S")
        self.accepted, self.refusals = [], []
        self.over = threading.Event()

    def run(self):
        number = 0
        while not self.over.is_set():
            number += 1
            self.trigger(f"{self.prefix}-{number:03d}")
            self.over.wait(self.interval)

    def trigger(self, run_id):
        """A request without an answer may have been accepted: asking again with the same id says so (409)."""
        while True:
            try:
                self.airflow.request("POST", f"/api/v2/dags/{self.dag_id}/dagRuns", {"logical_date": None, "dag_run_id": run_id})
            except ApiError as error:
                if ": 409 " not in str(error):
                    self.refusals.append((run_id, str(error)))
                    if self.over.wait(1):
                        return
                    continue
            self.accepted.append(run_id)
            return

    def stop(self):
        self.over.set()
        self.join()
