# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who wants runs of a DAG, and somebody who asks for Airflow's health, whatever state the cluster is in: as a drill has them, and nothing kept."""

from __future__ import annotations

import time

from airflow_api import client, host_port
from ansible_collections.steady.airflow.plugins.module_utils._drill import driver, witness

API_PER_SECOND = 5  # each asks the database three times, so a faster one would slow down what it measures
API_TIMEOUT = 1


class Told:
    """What a driver tells."""

    now = staticmethod(time.time)

    def __init__(self):
        self.entries = []

    def add(self, what, **told):
        self.entries.append(dict(told, what=what, at=self.now()))


class Ended:
    """One that has ended when it was stopped."""

    def stop(self):
        super().stop()
        self.join()


class Traffic(Ended, driver.Trigger):
    """Wants a run every few seconds, each with an id of its own, until the API accepted it."""

    def __init__(self, airflow, dag_id, interval, prefix):
        super().__init__(airflow, Told(), dag_id, interval, time.strftime(f"{prefix}-%Y%m%d-%H%M%S"))

    @property
    def accepted(self):
        return [each["run"] for each in self.record.entries if each["answer"] == driver.ACCEPTED]

    @property
    def others(self):
        """Runs that were refused, or of which nobody knows."""
        return [each["run"] for each in self.record.entries if each["answer"] != driver.ACCEPTED]


class ApiDoor(Ended, driver.Asker):
    """Asks without a pause; longest_gap tells for how long nobody answered."""

    def __init__(self, host, port, authority):
        super().__init__(client(authority, API_TIMEOUT), Told(), f"https://{host_port(host, port)}", API_PER_SECOND, API_TIMEOUT)

    def longest_gap(self, begin, end):
        """Seconds of the longest one that reaches into the time between these moments since the epoch, as far as it is known."""
        moments = [each["at"] for each in self.record.entries if each["ok"]]
        around = witness.outages(moments, min([begin, *moments]), max([end, *moments]), 0)
        return witness.longest([each for each in around if each[0] < end and each[1] > begin])
