# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster goes back to what is kept of it: to a moment, under load, and after the loss of all that it had."""

from __future__ import annotations

import contextlib
import datetime
import threading

import psycopg2
import pytest

from repository import DATA

INTERVAL = 0.2  # seconds between two rows
SOME = 20  # rows


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Ledger(threading.Thread):
    """Writes rows through the VIP: acknowledged is [(number, when it was known to be written)], sent is [(number, when it was begun)]."""

    def __init__(self, connect):
        super().__init__(daemon=True)
        self.connect, self.ended = connect, threading.Event()
        self.sent, self.acknowledged = [], []

    def run(self):
        number = 0
        while not self.ended.wait(INTERVAL):
            with contextlib.suppress(psycopg2.Error), self.connect() as connection, connection.cursor() as cursor:
                cursor.execute("CREATE TABLE IF NOT EXISTS steady_ledger (number int)")
                number += 1
                self.sent.append((number, now()))
                cursor.execute("INSERT INTO steady_ledger VALUES (%s)", (number,))
                connection.commit()
                self.acknowledged.append((number, now()))


@pytest.fixture(name="ledger")
def rows_that_come(connect, write):
    write("before the ledger")  # there is a leader
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS steady_ledger")
        connection.commit()
    ledger = Ledger(connect)
    ledger.start()
    yield ledger
    ledger.ended.set()
    ledger.join()


@pytest.fixture(name="numbers")
def what_is_in_the_ledger(connect, eventually):
    def read():
        with contextlib.suppress(psycopg2.OperationalError), connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT number FROM steady_ledger")
            return {number for number, in cursor.fetchall()}
        return None

    return lambda: eventually(read)


def test_the_cluster_goes_back_to_a_moment(ledger, numbers, restore, whole, leads, nodes, eventually, airflow, example, playbook):
    """Under load, and with a failover between the backup and that moment."""
    assert example()[0] == "success"
    former = leads()
    nodes[former].check_output("systemctl kill --signal=KILL patroni")
    failed_over = len(ledger.acknowledged)
    eventually(lambda: len(ledger.acknowledged) > failed_over + SOME)
    before = airflow.trigger("steady_example")
    eventually(lambda: airflow.state("steady_example", before) == "success")
    moment = now()
    eventually(lambda: ledger.acknowledged[-1][1] > moment + datetime.timedelta(seconds=SOME * INTERVAL))
    after = airflow.trigger("steady_example")
    eventually(lambda: airflow.state("steady_example", after) in ("running", "success"))

    begun = now()
    status, text, left = restore(backup_restore_to=moment.isoformat(sep=" "))
    assert status == 0, text
    print(f"Restored, and Airflow at work again, after {(now() - begun).total_seconds():.0f} s: {left['restored']['seconds']}")
    ledger.ended.set()
    ledger.join()

    found = numbers()
    assert {number for number, when in ledger.acknowledged if when < moment} <= found
    assert not found & {number for number, when in ledger.sent if moment < when < begun}
    assert after in {run["run_id"] for run in left["since"]["dag_runs"]}
    assert {run["dag_run_id"] for run in airflow.request("GET", "/api/v2/dags/steady_example/dagRuns")["dag_runs"]} & {before, after} == {before}
    whole()
    assert example()[0] == "success"
    assert playbook("backup")[0] == 0
    assert playbook("restore_drill")[0] == 0


@pytest.mark.parametrize(("wish", "problem"), [
    ({"confirm": ""}, "Begin with -e backup_restore_confirm=airflow"),
    ({"backup_restore_to": "2001-01-01 00:00:00+00:00"}, "cannot be restored: the earliest moment is"),
    ({"backup_restore_to": "2001-01-01 00:00:00"}, "lacks its offset from UTC"),
    ({"backup_restore_host": "node9"}, "backup_restore_host: node9 is no member of the database"),
])
def test_what_nobody_wants_or_cannot_be_changes_nothing(restore, patroni, nodes, wish, problem):
    before = patroni()
    status, text, _left = restore(**wish)
    assert status != 0
    assert problem in text and "The database and Airflow were not touched." in text
    assert [member["timeline"] for member in patroni()] == [member["timeline"] for member in before]
    assert all(node.service("airflow-scheduler").is_running for node in nodes.values())


def test_where_it_fails_all_goes_on_as_before(archived, without, restore, whole, connect, example, nodes, leads):
    gap, _last = archived(), archived()
    with without(gap):
        status, text, _left = restore()
    assert status != 0
    assert "Nothing was restored: replay ended with" in text and "although the archive goes on to" in text
    whole()
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM steady_rows WHERE text = 'one more'")
        assert cursor.fetchone()[0] >= 2
    assert not nodes[leads()].file(f"{DATA}.restored").exists
    assert example()[0] == "success"


def test_what_all_members_lost_comes_back(archived, restore, whole, nodes, patroni, connect, example):
    archived()
    members = [nodes[member["name"]] for member in patroni()]
    for member in members:
        member.check_output("systemctl kill --signal=KILL patroni; systemctl stop patroni")
    for member in members:
        member.check_output(f"rm -rf {DATA}")
    status, text, left = restore()
    assert status == 0, text
    assert left["restored"]["former"] is None
    whole()
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM steady_rows WHERE text = 'one more'")
        assert cursor.fetchone()[0] >= 3
    assert example()[0] == "success"
