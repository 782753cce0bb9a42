# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of PostgreSQL out of a backup and the archive, in a directory of its own, which nobody but its own account reaches."""

import contextlib
import json
import os
import shutil
import subprocess
import time

from judge import ANOTHER_KEY, unreadable
from server import Failure

# The last segment that was replayed, and the last commit that came after the backup, if any did. What came later would be lost.
REPLAYED = "SELECT pg_walfile_name(pg_last_wal_replay_lsn() - 1), extract(epoch FROM pg_last_xact_replay_timestamp())::float8"
TIMELINE = 8  # letters of a segment's name, which begins with it
SPARE, WAL = 1.2, 1e9  # times the size of the database, and bytes, must be free


def run(*words, what, seconds=None):
    try:
        done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", timeout=seconds,
                              check=False)
    except subprocess.TimeoutExpired:
        raise Failure(f"{what} did not come to its end within {seconds} s") from None
    if done.returncode:
        raise Failure(f"{what} failed: {' '.join((done.stdout + done.stderr).split())[-600:]}")
    return done.stdout


def decoded(text):
    """pgBackRest's JSON, in which stands what it found in a repository that has another key, bytes of all kinds."""
    return json.loads(text, strict=False)


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

    def told(self, *words):
        return decoded(self.ask("--output=json", *words))

    def ask(self, *words):
        return run(*self.pgbackrest, *words, what=f"pgbackrest {words[-1] if words[-1] == 'info' else words[-2]}")

    def kept(self):
        told = self.told("info")[0]
        if unreadable(told):
            raise Failure(f"{unreadable(told)}. {ANOTHER_KEY}")
        if not told["backup"]:
            raise Failure(f"there is no backup: {told['status']['message']}")
        return told

    def see_room(self, kept):
        """Also what one has taken that did not come to its end: that goes first."""
        disk = self.directory.parent
        taken = sum(path.lstat().st_blocks * 512 for path in self.directory.rglob("*"))
        free, needed = shutil.disk_usage(disk).free + taken, kept["backup"][-1]["info"]["size"] * SPARE + WAL
        if free < needed:
            raise Failure(f"{disk} has {free / 1e9:.1f} GB free, and needs {needed / 1e9:.1f} GB")

    def unpack(self, *options):
        remove(self.directory)
        self.directory.mkdir(mode=0o700)
        with self.timed("restore"):
            run(*self.pgbackrest, *options, "restore", what="pgbackrest restore")

    def replay(self, running):
        """Name of the last segment that was."""
        with self.timed("replay"), running.opened(self.patience) as connection, connection.cursor() as cursor:
            cursor.execute(REPLAYED)
            segment, newest = cursor.fetchone()
            self.found["newest"] = newest or self.found["newest"]
            return segment


def see_all_of_it(segment, kept):
    """PostgreSQL takes any trouble with a segment for the end of the archive, and opens."""
    last = kept["archive"][-1]["max"]
    if segment[TIMELINE:] < last[TIMELINE:]:
        raise Failure(f"replay ended with {segment}, although the archive goes on to {last}: one in between is missing or damaged")
