# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept, who leads, and rows to find again."""

from __future__ import annotations

import contextlib
import json

import psycopg2
import pytest

from repository import DIRECTORY, STANZA


@pytest.fixture(name="keeper")
def host_that_keeps_the_backups(nodes):
    return nodes["node3"]


@pytest.fixture(name="kept")
def what_is_kept(keeper):
    """What pgBackRest says of this cluster."""
    command = f"runuser -u postgres -- pgbackrest --stanza={STANZA} --log-level-file=off --output=json info"
    return lambda: json.loads(keeper.check_output(command))[0]


@pytest.fixture(name="write")
def a_row_in_the_database(connect, eventually):
    """As soon as a leader is behind the door."""
    def insert(text):
        with contextlib.suppress(psycopg2.OperationalError), connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS steady_rows (text text)")
            cursor.execute("INSERT INTO steady_rows VALUES (%s)", (text,))
            connection.commit()
            return True
        return False

    return lambda text: eventually(lambda: insert(text))


@pytest.fixture(name="leads")
def who_leads(patroni):
    return lambda: next(member["name"] for member in patroni() if member["role"] == "leader")


@pytest.fixture(name="archived")
def one_more_segment(write, nodes, leads, kept, eventually):
    """Has one more segment of write-ahead log archived, with a row in it: its name."""
    def archive():
        before = kept()["archive"][-1]["max"]
        write("one more")
        nodes[leads()].check_output("cd / && runuser -u postgres -- psql --command 'SELECT pg_switch_wal()'")
        return eventually(lambda: kept()["archive"][-1]["max"] > before and kept()["archive"][-1]["max"])

    return archive


@pytest.fixture(name="without")
def archive_without_a_segment(keeper):
    """A context in which a segment is missing."""
    @contextlib.contextmanager
    def missing(segment):
        path = keeper.check_output(f"find {DIRECTORY}/archive -name '{segment}-*'")
        keeper.check_output(f"mv {path} {DIRECTORY}/gap")
        try:
            yield
        finally:
            keeper.check_output(f"mv {DIRECTORY}/gap {path}")

    return missing


@pytest.fixture(name="restore")
def restored_by_the_playbook(playbook, tmp_path):
    """(status, what it said in one line, what it left for people to look at)"""
    def run(confirm=STANZA, **options):
        words = {"backup_restore_confirm": confirm, "backup_restore_reports": str(tmp_path), **options}
        status, text = playbook("restore", "-e", json.dumps(words))
        reports = sorted(tmp_path.glob("restore-*.json"))
        return status, " ".join(text.split())[-3000:], json.loads(reports[-1].read_text()) if reports else None

    return run


@pytest.fixture(name="count", scope="session")
def members_of_the_database(patroni):
    """How many there are before anything happens to them."""
    return len(patroni())


@pytest.fixture(name="whole")
def all_members_stream(patroni, eventually, count):
    return lambda: eventually(lambda: sorted(member["state"] for member in patroni()) == ["running"] + ["streaming"] * (count - 1))
