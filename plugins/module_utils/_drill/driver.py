# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: wants runs, asks and writes without a pause while a drill goes on, and writes down what became of each.

The file has a JSON object a line, with "at" in seconds since the epoch: {"what": "run", "dag", "run", "asked", "answer"},
{"what": "api", "ok"}, {"what": "write", "number"}. So it tells all that happened even if the driver does not live to its end.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import threading
import time

from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError

ACCEPTED, REFUSED, UNKNOWN = "accepted", "refused", "unknown"
CONFLICT = 409
AGAIN = 1.0  # seconds until what got no answer is repeated
NO_TABLE = "42P01"  # the SQLSTATE undefined_table


class Record:
    """A file to which several threads append lines. What is written is out of this process at once."""

    def __init__(self, path, now=time.time):
        self.now = now
        self.lock = threading.Lock()
        self.file = open(path, "a", encoding="utf-8", buffering=1)

    def add(self, what, **told):
        line = json.dumps(dict(told, what=what, at=self.now()))
        with self.lock:
            self.file.write(line + "\n")

    def close(self):
        with self.lock:
            self.file.close()


class Hand(threading.Thread):
    """Does something until it is stopped. What it could not write down or do for a reason of its own is kept as its problem."""

    def __init__(self, what):
        super().__init__(daemon=True)
        self.what, self.problem = what, ""
        self.over = threading.Event()

    def careful(self, act):
        try:
            act()
        except Exception as error:  # a witness that fell silent must be known, whatever silenced it
            self.problem = self.problem or "The load's %s failed: %r." % (self.what, error)

    def stop(self):
        self.over.set()


class Paced(Hand):
    """Acts at a fixed rate, whatever became of the acts before."""

    def __init__(self, what, act, every, at_once=1):
        super().__init__(what)
        self.act, self.every, self.at_once = act, every, at_once

    def run(self):
        with concurrent.futures.ThreadPoolExecutor(self.at_once) as pool:
            due = time.monotonic()
            while not self.over.wait(max(0, due - time.monotonic())):
                pool.submit(self.careful, self.act)
                due += self.every


class Trigger(Paced):
    """Wants a run of a DAG now and then, each with an id of its own.

    A request without an answer may have been accepted, so it is repeated with the same id, which can be accepted only once. One that
    got no answer until the driver stops is unknown.
    """

    def __init__(self, session, record, dag, every, prefix):
        super().__init__("trigger of %s" % dag, self._want, every, at_once=1 + int(60 / every))
        self.session, self.record, self.dag, self.prefix = session, record, dag, prefix
        self.number = 0
        self.counting = threading.Lock()

    def _want(self):
        with self.counting:
            self.number += 1
            run = "%s-%05d" % (self.prefix, self.number)
        asked = self.record.now()
        answer = self._ask(run)
        while answer == UNKNOWN and not self.over.wait(AGAIN):
            answer = self._ask(run)
        self.record.add("run", dag=self.dag, run=run, asked=asked, answer=answer)

    def _ask(self, run):
        try:
            status, _answer = self.session.ask("/api/v2/dags/%s/dagRuns" % self.dag, {"logical_date": None, "dag_run_id": run})
        except SteadyError:
            return UNKNOWN
        if status < 300 or status == CONFLICT:
            return ACCEPTED
        # the API was there, but what it stands on was not
        return UNKNOWN if status >= 500 else REFUSED


class Asker(Paced):
    """Asks for the health of Airflow. Well is what says that the database is well, too."""

    def __init__(self, client, record, url, per_second, seconds):
        super().__init__("question for health", self._ask, 1 / per_second, at_once=1 + int(2 * per_second * seconds))
        self.client, self.record, self.url = client, record, url + "/api/v2/monitor/health"

    def _ask(self):
        asked = self.record.now()
        try:
            answer = self.client.ask_well(self.url)
            well = answer.get("metadatabase", {}).get("status") == "healthy"
        except SteadyError:
            well = None
        self.record.add("api", asked=asked, ok=well)


class Writer(Hand):
    """Commits numbers one after the other, and writes down those that the database acknowledged.

    connect: opens a session of psycopg2; errors: what psycopg2 raises, handed in since not every host has it.
    """

    TABLE = "steady_drill_writes"

    def __init__(self, connect, errors, record, per_second):
        super().__init__("writer")
        self.connect, self.errors, self.record, self.pause = connect, errors, record, 1 / per_second
        self.acknowledged = []

    def begin(self):
        """A table of its own, empty. Raises when the database cannot be written, since then no drill should begin."""
        with self._cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS %s" % self.TABLE)
            cursor.execute("CREATE TABLE %s (number bigint PRIMARY KEY)" % self.TABLE)

    def run(self):
        self.careful(self._write)

    def _write(self):
        number = 0
        while not self.over.wait(self.pause):
            with contextlib.suppress(*self.errors), self._cursor() as cursor:
                while not self.over.wait(self.pause):
                    number += 1
                    cursor.execute("INSERT INTO %s VALUES (%%s)" % self.TABLE, (number,))
                    self.acknowledged.append(number)
                    self.record.add("write", number=number)

    def lost(self, patience=0, clock=time.monotonic, pause=time.sleep):
        """Numbers that were acknowledged and are not there, which is all of them if the table is gone. The table goes. Who cannot ask
        for C(patience) seconds has a problem."""
        end = clock() + patience
        while True:
            try:
                return sorted(set(self.acknowledged) - self._kept())
            except self.errors as error:
                if clock() > end:
                    self.problem = self.problem or "Nobody knows which writes the database kept: %s." % str(error).strip()
                    return []
                pause(AGAIN)

    def _kept(self):
        with self._cursor() as cursor:
            try:
                cursor.execute("SELECT number FROM %s" % self.TABLE)
            except self.errors as error:
                if getattr(error, "pgcode", None) == NO_TABLE:
                    return set()
                raise
            kept = {row[0] for row in cursor.fetchall()}
            with contextlib.suppress(*self.errors):  # the next load begins with another one
                cursor.execute("DROP TABLE %s" % self.TABLE)
        return kept

    @contextlib.contextmanager
    def _cursor(self):
        with contextlib.closing(self.connect()) as session:
            session.autocommit = True
            yield session.cursor()
