# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of PostgreSQL out of a backup and the archive, in a directory of its own, which nobody but its own account reaches."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import psycopg2

# A PostgreSQL that replays and does nothing else: no door, no standby, little memory and disk. The cluster's settings lie beside the data.
QUIET = {"listen_addresses": "", "port": 5432, "ssl": "off", "synchronous_standby_names": "", "hot_standby": "off", "shared_preload_libraries": "",
         "shared_buffers": "64MB", "max_wal_size": "256MB", "wal_keep_size": 0, "autovacuum": "off", "logging_collector": "off",
         "log_destination": "stderr", "log_checkpoints": "off"}
# The last segment that was replayed, and the last commit that came after the backup, if any did. What came later would be lost.
REPLAYED = "SELECT pg_walfile_name(pg_last_wal_replay_lsn() - 1), extract(epoch FROM pg_last_xact_replay_timestamp())::float8"
TIMELINE = 8  # letters of a segment's name, which begins with it
SPARE, WAL = 1.2, 1e9  # times the size of the database, and bytes, must be free


class Failure(Exception):
    """It cannot be restored, for a reason in words."""


def run(*words, what):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Failure(f"{what} failed: {' '.join((done.stdout + done.stderr).split())[-600:]}")
    return done.stdout


def remove(directory):
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(directory)


def leave(path, found):
    """Whole, or as it was."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(new, path)


class Beside:
    """found: what is learned on the way, {"backup": label, "newest": s, "seconds": {what: s}}; moments are in seconds since the epoch."""

    def __init__(self, stanza, directory, programs, patience, options=()):
        self.directory, self.programs, self.patience, self.found = directory, programs, patience, {"seconds": {}}
        self.pgbackrest = ["pgbackrest", *options, f"--stanza={stanza}", "--log-level-file=off", "--log-level-console=error"]

    @contextlib.contextmanager
    def timed(self, what):
        began = time.monotonic()
        try:
            yield
        finally:
            self.found["seconds"][what] = round(time.monotonic() - began, 1)

    def ask(self, *words):
        return run(*self.pgbackrest, *words, what=f"pgbackrest {words[-1] if words[-1] == 'info' else words[-2]}")

    def kept(self):
        told = json.loads(self.ask("--output=json", "info"))[0]
        if not told["backup"]:
            raise Failure(f"there is no backup: {told['status']['message']}")
        return told

    def see_room(self, where, size):
        free, needed = shutil.disk_usage(where).free, size * SPARE + WAL
        if free < needed:
            raise Failure(f"{where} has {free / 1e9:.1f} GB free, and needs {needed / 1e9:.1f} GB")

    def unpack(self, size, *options):
        remove(self.directory)
        self.directory.mkdir(mode=0o700)
        self.see_room(self.directory, size)
        with self.timed("restore"):
            run(*self.pgbackrest, *options, "restore", what="pgbackrest restore")

    @contextlib.contextmanager
    def server(self, **settings):
        """A PostgreSQL over what was restored: a function that connects to one of its databases."""
        here = self.directory
        settings = {**QUIET, "unix_socket_directories": here, "hba_file": here / "pg_hba.conf", "ident_file": here / "pg_ident.conf", **settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with tempfile.TemporaryFile("w+") as words, subprocess.Popen([self.programs / "postgres", "-D", here, *options], stdout=words,
                                                                     stderr=words) as process:
            def connect(database="postgres"):
                if process.poll() is not None:
                    raise Failure(f"the restored PostgreSQL ended: {last_words(words)}")
                return contextlib.closing(psycopg2.connect(host=str(here), dbname=database))

            try:
                yield connect
            finally:
                process.send_signal(signal.SIGINT)  # a fast shutdown
                process.wait()
                words.seek(0)
                sys.stderr.write(words.read())

    def replay(self, connect):
        """The last segment. Until all is replayed PostgreSQL lets nobody in."""
        deadline = time.monotonic() + self.patience
        with self.timed("replay"):
            while time.monotonic() < deadline:
                with contextlib.suppress(psycopg2.OperationalError), connect() as connection, connection.cursor() as cursor:
                    cursor.execute(REPLAYED)
                    segment, newest = cursor.fetchone()
                    self.found["newest"] = newest or self.found["newest"]
                    return segment
                time.sleep(0.2)  # without hot standby it tells nobody that it is done, and lets in whoever asks then
        raise Failure(f"the archive was not replayed within {self.patience:.0f} s")


def last_words(words):
    words.seek(0)
    lines = words.read().splitlines() or ["without a word"]
    return next((line for line in lines if "FATAL:" in line or "PANIC:" in line), lines[-1])


def see_all_of_it(segment, kept):
    """PostgreSQL takes any trouble with a segment for the end of the archive, and opens."""
    last = kept["archive"][-1]["max"]
    if segment[TIMELINE:] < last[TIMELINE:]:
        raise Failure(f"replay ended with {segment}, although the archive goes on to {last}: one in between is missing or damaged")
