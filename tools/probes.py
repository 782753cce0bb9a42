# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that never stop asking: how long was the API's door closed, how long could nothing be written?"""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.client
import ssl
import threading
import time

import psycopg2

API_PER_SECOND = 5  # each asks the database three times, so a faster one would slow down what it measures
API_TIMEOUT = 1
WRITES_PER_SECOND = 10
TABLE = "host_loss_probe"
# This client gives up sooner than Airflow's do: it is to notice the end of an outage, not to ride it out.
PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 2}


def longest_gap(moments, start, end):
    """The longest time between two successes, of those from start to end and the ones right before and after."""
    moments = sorted(moments)
    inside = [moment for moment in moments if start <= moment <= end]
    before = [moment for moment in moments if moment < start][-1:] or [start]
    after = [moment for moment in moments if moment > end][:1] or [end]
    around = before + inside + after
    return max((later - earlier for earlier, later in zip(around, around[1:])), default=end - start)


class Probe(threading.Thread):
    """Runs until stop(); `successes` holds the moment at which each successful request was made."""

    def __init__(self):
        super().__init__(daemon=True)
        self.successes = []
        self.over = threading.Event()

    def stop(self):
        self.over.set()
        self.join()


class ApiDoor(Probe):
    """Requests at a fixed rate, whatever became of the ones before."""

    def __init__(self, host, port, authority):
        super().__init__()
        self.host, self.port = host, port
        self.context = ssl.create_default_context(cadata=authority)
        self.answers = []  # moments of any answer: the VIP and HAProxy are there, even if they say no

    def run(self):
        with concurrent.futures.ThreadPoolExecutor(4 * API_PER_SECOND * API_TIMEOUT) as pool:
            due = time.monotonic()
            while not self.over.wait(max(0, due - time.monotonic())):
                pool.submit(self.ask)
                due += 1 / API_PER_SECOND

    def ask(self):
        moment = time.monotonic()
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=API_TIMEOUT, context=self.context)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/api/v2/monitor/health")
            status = connection.getresponse().status
            self.answers.append(moment)
            if status == http.client.OK:
                self.successes.append(moment)


class Writer(Probe):
    """Commits numbers one after the other and remembers those that the database said it has."""

    def __init__(self, **login):
        super().__init__()
        self.login = login
        self.number = 0
        self.acknowledged = set()
        with self.session() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
            cursor.execute(f"CREATE TABLE {TABLE} (number bigint PRIMARY KEY)")

    @contextlib.contextmanager
    def session(self):
        with contextlib.closing(psycopg2.connect(**self.login, **PATIENCE, application_name="host loss")) as connection:
            connection.autocommit = True
            yield connection.cursor()

    def run(self):
        while not self.over.is_set():
            with contextlib.suppress(psycopg2.Error), self.session() as cursor:
                while not self.over.wait(1 / WRITES_PER_SECOND):
                    self.write(cursor)
            self.over.wait(1 / WRITES_PER_SECOND)

    def write(self, cursor):
        self.number += 1
        cursor.execute(f"INSERT INTO {TABLE} VALUES (%s)", (self.number,))
        self.acknowledged.add(self.number)
        self.successes.append(time.monotonic())

    def lost(self):
        """Numbers that were acknowledged and are not there; the table is dropped."""
        with self.session() as cursor:
            cursor.execute(f"SELECT number FROM {TABLE}")
            kept = {row[0] for row in cursor.fetchall()}
            cursor.execute(f"DROP TABLE {TABLE}")
        return self.acknowledged - kept
