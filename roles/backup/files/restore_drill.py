# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that the newest backup can be restored: beside the cluster, on the host that keeps the backups, and takes it away again.

The backup is unpacked, the archive replayed to its end, a PostgreSQL started that nobody but its own account reaches, every table read by
pg_dump, every row counted, every page's checksum compared. What was found, or why nothing was, is left in a file as JSON:

{"proven": bool, "problem": null or text, "began": s, "backup": label, "newest": s, "seconds": {"restore", "replay", "read"},
 "bytes": of all databases, "rows": {"DATABASE SCHEMA.TABLE": number}}; moments are in seconds since the epoch.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import psycopg2

# A PostgreSQL that reads and does nothing else: no door, no archive, no standby, little memory and disk. The cluster's settings lie beside the data.
QUIET = {"listen_addresses": "", "port": 5432, "ssl": "off", "archive_mode": "off", "synchronous_standby_names": "", "hot_standby": "off",
         "shared_preload_libraries": "", "shared_buffers": "64MB", "max_wal_size": "256MB", "wal_keep_size": 0, "autovacuum": "off", "fsync": "off",
         "logging_collector": "off", "log_destination": "stderr"}
DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1"
TABLES = """SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
            WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""
SIZE = "SELECT sum(pg_database_size(oid))::bigint FROM pg_database"
# The last segment that was replayed, and the last commit that came after the backup, if any did. What came later would be lost.
REPLAYED = "SELECT pg_walfile_name(pg_last_wal_replay_lsn() - 1), extract(epoch FROM pg_last_xact_replay_timestamp())::float8"
TIMELINE = 8  # letters of a segment's name, which begins with it
SPARE, WAL = 1.2, 1e9  # times the size of the database, and bytes, must be free


class Failure(Exception):
    """It cannot be restored, for a reason in words."""


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stanza", required=True)
    parser.add_argument("--config", required=True, help="pgBackRest's settings, in which pg1-path is the directory")
    parser.add_argument("--directory", required=True, type=pathlib.Path, help="where it is restored to; emptied before and removed after")
    parser.add_argument("--programs", required=True, type=pathlib.Path, help="directory of PostgreSQL's programs")
    parser.add_argument("--result", required=True, type=pathlib.Path)
    parser.add_argument("--patience", type=float, required=True, help="seconds for the archive to be replayed")
    return parser.parse_args()


def run(*words, what):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failure(f"{what} failed: {' '.join(done.stdout.split())[-600:]}")
    return done.stdout


def remove(directory):
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(directory)


class Drill:
    def __init__(self, wish):
        self.wish, self.found = wish, {"seconds": {}, "rows": {}}
        self.pgbackrest = ["pgbackrest", f"--config={wish.config}", f"--stanza={wish.stanza}", "--log-level-file=off", "--log-level-console=error"]

    @contextlib.contextmanager
    def timed(self, what):
        began = time.monotonic()
        yield
        self.found["seconds"][what] = round(time.monotonic() - began, 1)

    def prove(self):
        kept = self.kept()
        backup = kept["backup"][-1]
        self.found["backup"] = backup["label"]
        self.make_room(backup["info"]["size"])
        with self.timed("restore"):
            run(*self.pgbackrest, "--archive-mode=off", "restore", what="pgbackrest restore")
        with self.server() as connect:
            with self.timed("replay"):
                segment, newest = self.wait_until_replayed(connect)
            self.found["newest"] = newest or backup["timestamp"]["stop"]
            last = kept["archive"][-1]["max"]
            if segment[TIMELINE:] < last[TIMELINE:]:
                raise Failure(f"replay ended with {segment}, although the archive goes on to {last}: one in between is missing or damaged")
            with self.timed("read"):
                self.read(connect)
        run(self.wish.programs / "pg_checksums", "--check", "--pgdata", self.wish.directory, what="to compare checksums")

    def kept(self):
        told = json.loads(run(*self.pgbackrest, "--output=json", "info", what="pgbackrest info"))[0]
        if not told["backup"]:
            raise Failure(f"there is no backup: {told['status']['message']}")
        return told

    def make_room(self, size):
        remove(self.wish.directory)
        self.wish.directory.mkdir(mode=0o700)
        free, needed = shutil.disk_usage(self.wish.directory).free, size * SPARE + WAL
        if free < needed:
            raise Failure(f"{self.wish.directory} has {free / 1e9:.1f} GB free, and needs {needed / 1e9:.1f} GB")

    @contextlib.contextmanager
    def server(self):
        """A PostgreSQL over what was restored: a function that connects to one of its databases."""
        here = self.wish.directory
        settings = {**QUIET, "unix_socket_directories": here, "hba_file": here / "pg_hba.conf", "ident_file": here / "pg_ident.conf"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with subprocess.Popen([self.wish.programs / "postgres", "-D", here, *options], stdout=sys.stderr) as process:
            def connect(database="postgres"):
                if process.poll() is not None:
                    raise Failure("the restored PostgreSQL ended; its last words are in this unit's journal")
                return contextlib.closing(psycopg2.connect(host=str(here), dbname=database))

            try:
                yield connect
            finally:
                process.send_signal(signal.SIGINT)  # a fast shutdown
                process.wait()

    def wait_until_replayed(self, connect):
        """(last segment, moment of the last commit that came after the backup or None). Until then PostgreSQL lets nobody in."""
        deadline = time.monotonic() + self.wish.patience
        while time.monotonic() < deadline:
            with contextlib.suppress(psycopg2.OperationalError), connect() as connection, connection.cursor() as cursor:
                cursor.execute(REPLAYED)
                return cursor.fetchone()
            time.sleep(0.2)  # without hot standby it tells nobody that it is done, and lets in whoever asks then
        raise Failure(f"the archive was not replayed within {self.wish.patience:.0f} s")

    def read(self, connect):
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute(SIZE)
            self.found["bytes"], = cursor.fetchone()
            cursor.execute(DATABASES)
            databases = [name for name, in cursor.fetchall()]
        for database in databases:
            run(self.wish.programs / "pg_dump", f"--host={self.wish.directory}", f"--dbname={database}", "--file=/dev/null", what=f"to read {database}")
            with connect(database) as connection, connection.cursor() as cursor:
                cursor.execute(TABLES)
                for table, in cursor.fetchall():
                    cursor.execute(f"SELECT count(*) FROM {table}")  # a name that PostgreSQL quoted itself
                    self.found["rows"][f"{database} {table}"], = cursor.fetchone()


def leave(path, found):
    """Whole, or as it was."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(new, path)


def main():
    wish = parse()
    drill, began, problem = Drill(wish), time.time(), None
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("told to end before anything was proven"))
    leave(wish.result, {"began": began, "proven": False, "problem": "it was begun, and did not come to its end"})
    try:
        drill.prove()
    except (Failure, psycopg2.Error, OSError) as error:
        problem = str(error).strip()
    finally:
        remove(wish.directory)
    leave(wish.result, {**drill.found, "began": began, "proven": problem is None, "problem": problem})
    sys.exit(problem and f"the backup is not proven: {problem}")


if __name__ == "__main__":
    main()
