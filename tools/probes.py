# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that never stop asking: how long was the API's door closed, how long could nothing be written?"""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.client
import ssl
import threading
import time

API_PER_SECOND = 5  # each asks the database three times, so a faster one would slow down what it measures
API_TIMEOUT = 1


def longest_gap(moments, start, end):
    """The longest time between two successes, of those from start to end and the ones right before and after."""
    moments = sorted(moments)
    inside = [moment for moment in moments if start <= moment <= end]
    before = [moment for moment in moments if moment < start][-1:] or [start]
    after = [moment for moment in moments if moment > end][:1] or [end]
    around = before + inside + after
    return max((later - earlier for earlier, later in zip(around, around[1:])), default=end - start)


class ApiDoor(threading.Thread):
    """Requests at a fixed rate, whatever became of the ones before, until stop(); `successes` holds when each successful one was made."""

    def __init__(self, host, port, authority):
        super().__init__(daemon=True)
        self.host, self.port = host, port
        self.context = ssl.create_default_context(cadata=authority)
        self.successes = []
        self.over = threading.Event()

    def stop(self):
        self.over.set()
        self.join()

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
            if status == http.client.OK:
                self.successes.append(moment)
