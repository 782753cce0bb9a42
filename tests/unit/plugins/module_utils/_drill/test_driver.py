# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sqlite3
import threading
import time

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import driver, witness
from ansible_collections.steady.airflow.plugins.module_utils._errors import Unreachable

SECONDS = 10


@pytest.fixture(name="record")
def written(tmp_path):
    record = driver.Record(tmp_path / "record")
    record.entries = lambda: witness.read((tmp_path / "record").read_text(encoding="utf-8"))
    yield record
    record.close()


def poll(said):
    """Waits until it is so; threads tell nobody what they did."""
    deadline = time.monotonic() + SECONDS
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # the interval of the poll


@pytest.fixture(name="until")
def started(record):
    """Starts a thread and lets it go on until the record says so."""
    def until(thread, said):
        thread.start()
        poll(lambda: said(record.entries()))
        thread.stop()
        thread.join(SECONDS)
        assert not thread.is_alive()
        return record.entries()

    return until


class Airflow:
    """Answers triggers in turn; the last answer is given for ever."""

    def __init__(self, *answers):
        self.answers, self.asked, self.lock = list(answers), [], threading.Lock()

    def ask(self, path, body):
        with self.lock:
            self.asked.append((path, body["dag_run_id"]))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer, {}


def test_each_run_has_an_id_of_its_own_and_comes_at_its_time(record, until):
    airflow = Airflow(200)
    runs = until(driver.Trigger(airflow, record, "d", 0.02, "drill"), lambda seen: len(seen["run"]) >= 3)["run"]
    assert [run["answer"] for run in runs[:3]] == ["accepted"] * 3
    assert {run["run"] for run in runs} >= {"drill-00001", "drill-00002", "drill-00003"}
    assert airflow.asked[0] == ("/api/v2/dags/d/dagRuns", "drill-00001")


@pytest.mark.parametrize("answers, told", [
    ([Unreachable("no answer"), 200], "accepted"),
    ([Unreachable("no answer"), 409], "accepted"),  # the first request had been heard
    ([500, 503, 200], "accepted"),
    ([404], "refused"),
])
def test_the_same_id_is_asked_for_until_there_is_an_answer(record, until, monkeypatch, answers, told):
    monkeypatch.setattr(driver, "AGAIN", 0.01)
    airflow = Airflow(*answers)
    [run] = until(driver.Trigger(airflow, record, "d", 60, "drill"), lambda seen: seen["run"])["run"]
    assert (run["run"], run["answer"]) == ("drill-00001", told)
    assert airflow.asked == [("/api/v2/dags/d/dagRuns", "drill-00001")] * len(answers)


def test_a_run_without_an_answer_at_the_end_is_unknown(record, until):
    trigger = driver.Trigger(Airflow(Unreachable("no answer")), record, "d", 60, "drill")
    trigger.start()
    trigger.stop()
    trigger.join(SECONDS)
    assert [run["answer"] for run in record.entries()["run"]] == ["unknown"]


@pytest.mark.parametrize("answer, well", [
    ({"metadatabase": {"status": "healthy"}}, True),
    ({"metadatabase": {"status": "unhealthy"}}, False),
    (Unreachable("no answer"), None),
])
def test_airflow_is_well_when_its_database_is(record, until, answer, well):
    class Client:
        def ask_well(self, url):
            assert url == "https://vip:8080/api/v2/monitor/health"
            if isinstance(answer, Exception):
                raise answer
            return answer

    seen = until(driver.Asker(Client(), record, "https://vip:8080", 100, 1), lambda seen: len(seen["api"]) > 2)
    assert {entry["ok"] for entry in seen["api"]} == {well}


class Database:
    """A real database, which refuses sessions for a while."""

    def __init__(self, path):
        self.path, self.refusals = path, 0

    def connect(self):
        if self.refusals:
            self.refusals -= 1
            raise sqlite3.OperationalError("connection refused")
        return Session(self.path, timeout=1, check_same_thread=False, isolation_level=None)


class Session(sqlite3.Connection):
    autocommit = True

    def cursor(self):
        return super().cursor(Cursor)


class Cursor(sqlite3.Cursor):
    def execute(self, statement, values=()):
        return super().execute(statement.replace("%s", "?"), values)


def test_what_was_acknowledged_is_written_down_and_what_is_gone_is_told(record, until, tmp_path):
    database = Database(tmp_path / "database")
    writer = driver.Writer(database.connect, (sqlite3.Error,), record, 200)
    writer.begin()
    database.refusals = 2
    numbers = [entry["number"] for entry in until(writer, lambda seen: len(seen["write"]) > 3)["write"]]
    assert numbers == writer.acknowledged == list(range(1, len(numbers) + 1))
    with sqlite3.connect(database.path) as session:
        session.execute("DELETE FROM steady_drill_writes WHERE number = 2")
    database.refusals = 1
    assert writer.lost(60, pause=lambda seconds: None) == [2]
    assert writer.problem == ""
    assert writer.lost(-1) == []
    assert writer.problem == "Nobody knows which writes the database kept: no such table: steady_drill_writes."


def test_all_is_lost_with_the_table():
    class Gone(sqlite3.Error):
        pgcode = driver.NO_TABLE

    class Session:
        def cursor(self):
            return self

        def execute(self, statement):
            raise Gone

        def close(self):
            pass

    writer = driver.Writer(Session, (sqlite3.Error,), None, 200)
    writer.acknowledged = [2, 1]
    assert (writer.lost(), writer.problem) == ([1, 2], "")


def test_who_cannot_write_down_what_he_sees_has_a_problem(record, tmp_path):
    def full(what, **told):
        raise OSError(28, "No space left on device")

    record.add = full
    database = Database(tmp_path / "database")
    trigger = driver.Trigger(Airflow(200), record, "d", 0.01, "drill")
    writer = driver.Writer(database.connect, (sqlite3.Error,), record, 200)
    writer.begin()
    for one in (trigger, writer):
        one.start()
    poll(lambda: trigger.problem and writer.problem)
    for one in (trigger, writer):
        one.stop()
        one.join(SECONDS)
    assert trigger.problem == "The load's trigger of d failed: OSError(28, 'No space left on device')."
    assert writer.problem == "The load's writer failed: OSError(28, 'No space left on device')."
