# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: does the database keep what it has confirmed, and is there another one when it dies?"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.database import postgresql as url_of

BOOK = Book("postgresql")
LONGEST_WAIT, MOST_WAITING = 60, 3  # s, and segments of an archive that is away for a moment
LARGE = 50e9  # bytes
OLDEST = 140000  # 13 had its last release in November 2025
LONGEST_IDLE = 600  # s


def off(database, name, consequence):
    if database.setting(name) == "off":
        yield "%s is off: %s" % (name, consequence)


@BOOK.rule(
    "postgresql-durability", "error", "A crash destroys what was confirmed",
    why="PostgreSQL promises that a commit survives only with fsync, full_page_writes and synchronous_commit.", remedy="switch all three on")
def durability(database):
    yield from off(database, "fsync", "a crash may destroy the database")
    yield from off(database, "full_page_writes", "a crash may destroy pages")
    yield from off(database, "synchronous_commit", "a crash loses what was confirmed last")


@BOOK.rule(
    "postgresql-alone", "error", "A leader without a standby",
    why="When it dies Airflow has no database until somebody repairs or restores it.", remedy="add standbys under Patroni")
def standbys(database):
    if database.leads and not [standby for standby in database.seen("standbys") if standby["state"] == "streaming"]:
        yield "no standby receives what it writes"


@BOOK.rule(
    "postgresql-no-failover", "warning", "Nobody makes a standby the leader",
    why="A standby does not take over by itself.", remedy="run PostgreSQL under Patroni, or another manager; mute this if there is one")
def no_failover(database):
    if database.leads and database.seen("standbys") and not database.has_patroni:
        yield "it has standbys and no Patroni"


@BOOK.rule(
    "postgresql-idle-transaction", "error", "A dead session may stop all scheduling",
    why="Schedulers take a lock in the database. A session that dies silently while it holds it keeps it, all schedulers wait, and all heartbeats look well.",
    remedy="ALTER ROLE airflow SET idle_in_transaction_session_timeout = '60s', with the name of Airflow's role")
def idle_transaction(cluster):
    names = {url["user"] for configuration in cluster.configurations if not configuration.problem for url in [url_of(configuration)] if url}
    for database in cluster.all_of("database"):
        for name in sorted(names & set(database.seen("roles"))):
            told = database.role(name).get("idle_in_transaction_session_timeout", database.setting("idle_in_transaction_session_timeout"))
            if database.leads and seconds(told) in (0, None):
                yield database.member, "idle_in_transaction_session_timeout of %s is not set" % name


def seconds(text):
    """PostgreSQL prints this one as a number of milliseconds, or as somebody has written it, such as 60s."""
    number, unit = text.rstrip("minsh"), text[len(text.rstrip("minsh")):]
    factor = {"": 1e-3, "ms": 1e-3, "s": 1, "min": 60, "h": 3600}.get(unit)
    return float(number) * factor if factor and number.isdigit() else None


@BOOK.rule(
    "postgresql-dead-clients", "warning", "Sessions of dead hosts hold their locks for hours",
    why="A client that lost its power says no goodbye. The kernel asks after two hours whether it is there.",
    remedy="set tcp_keepalives_idle = 5, tcp_keepalives_interval = 2, tcp_keepalives_count = 3 and tcp_user_timeout = 10000")
def dead_clients(database):
    idle = database.number("tcp_keepalives_idle")
    if not idle or idle > LONGEST_IDLE:
        yield "tcp_keepalives_idle is %s" % ("the kernel's" if not idle else "%g s" % idle)


@BOOK.rule(
    "postgresql-isolation", "error", "Another isolation than Airflow expects",
    why="Schedulers work by rows that others have just committed, which is READ COMMITTED. With a stricter one their transactions fail.",
    remedy="set default_transaction_isolation to read committed")
def isolation(database):
    if database.setting("default_transaction_isolation") != "read committed":
        yield "default_transaction_isolation is %s" % database.setting("default_transaction_isolation")


@BOOK.rule(
    "postgresql-wal-level", "error", "No standby can follow",
    why="With wal_level minimal PostgreSQL writes less than a standby or a backup needs.", remedy="set wal_level to replica")
def wal_level(database):
    if database.setting("wal_level") == "minimal":
        yield "wal_level is minimal"


@BOOK.rule(
    "postgresql-slots", "warning", "A standby that is away fills the disk",
    why="A slot keeps all that its standby has not read. Without a bound that is until the disk is full, and then the leader stops.",
    remedy="set max_slot_wal_keep_size, or drop the slot")
def slots(database):
    idle = [slot["name"] for slot in database.seen("slots") if not slot["active"]]
    if idle and database.leads and database.setting("max_slot_wal_keep_size") == "-1":
        yield "nobody reads %s, and max_slot_wal_keep_size is not set" % ", ".join(idle)


@BOOK.rule(
    "postgresql-autovacuum", "error", "Dead rows stay",
    why="Airflow changes its rows all the time. Without autovacuum tables grow until each query is slow, and at last the database refuses to write.",
    remedy="switch autovacuum on")
def autovacuum(database):
    yield from off(database, "autovacuum", "nobody clears dead rows away")


@BOOK.rule(
    "postgresql-plain", "warning", "PostgreSQL does not offer TLS",
    why="Passwords and data travel in the clear.", remedy="set ssl = on, with ssl_cert_file and ssl_key_file, and ask for it in pg_hba.conf")
def plain(database):
    yield from off(database, "ssl", "nobody can ask for it")


@BOOK.rule(
    "postgresql-md5", "warning", "Passwords as MD5",
    why="Who reads such a hash may log in with it.", remedy="set password_encryption to scram-sha-256, and set all passwords anew")
def md5(database):
    if database.setting("password_encryption") == "md5":
        yield "password_encryption is md5"


@BOOK.rule(
    "postgresql-old", "warning", "A PostgreSQL that gets no more corrections", why="Its series has had its last release.", remedy="upgrade PostgreSQL",
    see=("https://www.postgresql.org/support/versioning/",))
def old(database):
    if database.number("server_version_num") < OLDEST:
        yield "it is version %d" % (database.number("server_version_num") // 10000)


@BOOK.rule(
    "postgresql-checksums", "note", "Damaged pages are not noticed",
    why="Without checksums a page that the disk has damaged is read as if it were right, and replicated.",
    remedy="`pg_checksums --enable` with PostgreSQL stopped, one member after the other")
def checksums(database):
    yield from off(database, "data_checksums", "what the disk damages is believed")


@BOOK.rule(
    "postgresql-idle-session", "warning", "A session sleeps in its transaction",
    why="It keeps its locks. If it is a scheduler's that is gone, no scheduler queues a task until it ends, while all heartbeats are in time.",
    remedy="see pg_stat_activity, end it with pg_terminate_backend, and set idle_in_transaction_session_timeout for Airflow's user")
def idle_session(database):
    if database.leads and database.seen("idle") > LONGEST_WAIT:
        yield "one has done so for %.0f s" % database.seen("idle")


@BOOK.rule(
    "postgresql-blocked", "error", "A session waits for a lock",
    why="Schedulers wait for each other for less than a second. Who waits longer waits for somebody who does not go on.",
    remedy="see pg_locks and pg_blocking_pids() for who has the lock, and end that session with pg_terminate_backend")
def blocked(database):
    if database.leads and database.seen("blocked") > LONGEST_WAIT:
        yield "one has done so for %.0f s" % database.seen("blocked")


@BOOK.rule(
    "postgresql-large", "note", "Years of history",
    why="Airflow keeps all it ever ran unless somebody clears it. Migrations, backups and a new standby take longer with each gigabyte.",
    remedy="`airflow db clean --clean-before-timestamp` regularly, for celery_taskmeta as well")
def large(database):
    for name, size in sorted(database.seen("bytes").items()) if database.leads else ():
        if size > LARGE:
            yield "the database %s has %.0f GB" % (name, size / 1e9)


@BOOK.rule(
    "postgresql-no-archive", "note", "Replicas, and no archive",
    why="What a wrong DELETE takes away is gone on all members within a second. Without an archive of the WAL there is nothing between the last "
        "dump, if anybody makes one, and now.",
    remedy="archive the WAL with pgBackRest, WAL-G or Barman, and restore from it regularly; with dumps alone, mute this",
    see=("https://www.postgresql.org/docs/current/continuous-archiving.html",))
def no_archive(database):
    if database.leads and database.setting("archive_mode") == "off":
        yield "archive_mode is off"


@BOOK.rule(
    "postgresql-archive-refuses", "error", "The archive takes no WAL",
    why="PostgreSQL keeps every segment that archive_command refuses until its disk is full, and then it stops. And there is no way back to any moment "
        "since the first one that was refused.",
    remedy="read in PostgreSQL's log why archive_command fails; until it is mended, watch the disk with pg_wal")
def archive_refuses(database):
    archive = database.seen("archive")
    if database.leads and archive["refused"] and archive["waiting"] > MOST_WAITING:
        yield "%s was refused last, and %d segments wait" % (archive["refused"], archive["waiting"])


@BOOK.rule(
    "postgresql-connections-used", "warning", "Few connections are left",
    why="Who finds no free connection fails. After a failover all clients connect anew at once.",
    remedy="raise max_connections, lower Airflow's pools, or put PgBouncer between")
def connections_used(database):
    used, limit = database.seen("sessions"), database.number("max_connections")
    if database.leads and used > 0.8 * limit:
        yield "%d of %d are used" % (used, limit)
