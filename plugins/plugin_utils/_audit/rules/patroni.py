# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: does Patroni hand over when it must, only then, soon, and without losing a commit?"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("postgresql")
TTL, LOOP_WAIT, RETRY_TIMEOUT, START_TIMEOUT = 30, 10, 10, 300  # Patroni's own defaults
LONGEST_START, LONGEST_SLEEP = 60, 2  # s


@BOOK.rule(
    "patroni-asynchronous", "error", "A failover loses commits",
    why="Airflow starts a task once because a row says that it was started. Without synchronous replication the new leader may lack the last rows, "
        "and tasks are started again, or forgotten.",
    remedy="`patronictl edit-config`: synchronous_mode: quorum (before Patroni 4: true)")
def asynchronous(database):
    if database.has_patroni and str(database.patroni("synchronous_mode", False)).lower() in ("false", "off"):
        yield "synchronous_mode is off"


@BOOK.rule(
    "patroni-ttl", "error", "A leader may lose its lease while it is well",
    why="A leader must have time for one loop and two tries of etcd within its lease.", remedy="set ttl to loop_wait + 2 x retry_timeout or more")
def ttl(database):
    if database.has_patroni:
        lease, loop, retry = (float(database.patroni(name, default)) for name, default in (
            ("ttl", TTL), ("loop_wait", LOOP_WAIT), ("retry_timeout", RETRY_TIMEOUT)))
        if loop + 2 * retry > lease:
            yield "ttl is %g s, loop_wait %g s and retry_timeout %g s" % (lease, loop, retry)


@BOOK.rule(
    "patroni-start-timeout", "warning", "A crashed leader keeps its office for minutes",
    why="Patroni starts a crashed leader again for so long before a standby may take over.",
    remedy="set primary_start_timeout to 0, with synchronous replication")
def start_timeout(database):
    seconds = float(database.patroni("primary_start_timeout", database.patroni("master_start_timeout", START_TIMEOUT))) if database.has_patroni else 0
    if seconds > LONGEST_START:
        yield "primary_start_timeout is %g s" % seconds


@BOOK.rule(
    "postgresql-promotion", "note", "The next leader may sleep before it leads",
    why="A standby sleeps for wal_retrieve_retry_interval before it looks for its leader again. One that is told to lead right after a reload, and "
        "Patroni reloads it just before where replication is synchronous, sleeps once more, and refuses all writes for as long.",
    remedy="`patronictl edit-config`: wal_retrieve_retry_interval: 1s, among the parameters of PostgreSQL")
def promotion(database):
    sleep = database.number("wal_retrieve_retry_interval") / 1000
    if database.has_patroni and sleep > LONGEST_SLEEP:
        yield "wal_retrieve_retry_interval is %g s" % sleep


@BOOK.rule(
    "patroni-failsafe", "warning", "No leader without etcd",
    why="When etcd has no majority the leader steps down, although all members of PostgreSQL are well.", remedy="set failsafe_mode: true")
def failsafe(database):
    if database.has_patroni and not database.patroni("failsafe_mode", False):
        yield "failsafe_mode is off"


@BOOK.rule(
    "patroni-paused", "error", "Failover is switched off",
    why="While Patroni is paused no standby takes over.", remedy="`patronictl resume`")
def paused(database):
    if database.has_patroni and database.patroni("pause", False):
        yield "Patroni is paused"
