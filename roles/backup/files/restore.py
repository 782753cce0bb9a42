# SPDX-License-Identifier: GPL-3.0-or-later
"""Restores a member of the database, which is stopped, to the newest state that is kept or to a moment, and puts its former data aside.

All is made ready beside the data: a backup unpacked, the archive replayed as far as wished, PostgreSQL opened on a timeline of its own and
stopped again. Only then do both change places. What was done, or why nothing was, is left in a file as JSON:

{"restored": bool, "problem": null or text, "began": s, "newest": s of the last commit in it or null, "seconds": {"restore", "replay"},
 "bytes": of the database, "former": where the data lie that were there, or null}; moments are in seconds since the epoch.

With --plan nothing is done, and told is whose the backups are that would be: {"kept": the number of their cluster, "here": that of the data
that are there, or null}.
"""

import argparse
import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import psycopg2

from beside import Beside, leave, remove, run, see_all_of_it
from server import Failure, server
from timelines import at, see_the_way

LATEST = "latest"
NEEDED_NO_MORE = ("restore_command", "recovery_target_time", "recovery_target_action", "recovery_target_timeline", "recovery_target_inclusive")
ANOTHER_DAY = "patroni.dynamic.json"  # Patroni would make the settings of all members those of that day
TOO_LATE = "recovery ended before configured recovery target"


def moment(text):
    """A moment with its offset, since a clock on the wall is not the same everywhere."""
    found = datetime.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} lacks its offset from UTC, such as +00:00")
    return found.astimezone(datetime.timezone.utc)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stanza", required=True)
    parser.add_argument("--data", required=True, type=pathlib.Path, help="where the cluster's data are")
    parser.add_argument("--former", required=True, type=pathlib.Path, help="where they are put")
    parser.add_argument("--programs", required=True, type=pathlib.Path, help="directory of PostgreSQL's programs")
    parser.add_argument("--patience", type=float, required=True, help="seconds for the archive to be replayed")
    parser.add_argument("--to", type=moment, help="the moment, YYYY-MM-DD HH:MM:SS+HH:MM; without it the newest state that is kept")
    parser.add_argument("--timeline", default=LATEST, help="which one to follow to it")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--plan", action="store_true")
    what.add_argument("--result", type=pathlib.Path)
    wish = parser.parse_args()
    if wish.timeline != LATEST and not wish.to:
        parser.error("a timeline leads to a moment, and none is given")
    return wish


class Restore(Beside):
    def __init__(self, wish):
        beside = wish.data.with_name(wish.data.name + ".restored")
        super().__init__(wish.stanza, beside, wish.programs, wish.patience)
        self.wish = wish
        self.found.update(newest=None, former=None, bytes=None)

    def plan(self):
        return {"kept": str(self.see()["db"][-1]["system-id"]), "here": self.here()}

    def see(self):
        """What pgBackRest keeps, where that can be restored."""
        kept = self.kept()
        if self.wish.to:
            self.see_moment(kept)
        if os.path.ismount(self.wish.data):
            raise Failure(f"{self.wish.data} is a disk of its own, and cannot be put aside; mount it at a directory above")
        self.see_room(kept)
        return kept

    def see_moment(self, kept):
        oldest = min(one["timestamp"]["stop"] for one in kept["backup"])
        if not oldest <= self.wish.to.timestamp() <= time.time():
            raise Failure(f"{self.wish.to} cannot be restored: the earliest moment is {at(oldest)}, and the latest one is now")
        if self.wish.timeline == LATEST:
            archive = f"archive/{kept['name']}/{kept['archive'][-1]['id']}"
            see_the_way(self.wish.to, archive, self.told("repo-ls", archive), lambda path: self.ask("repo-get", path))

    def here(self):
        if not (self.wish.data / "global/pg_control").exists():
            return None
        told = run(self.programs / "pg_controldata", self.wish.data, what="to read whose data are there")
        return next(line.split()[-1] for line in told.splitlines() if line.startswith("Database system identifier:"))

    def restore(self):
        self.see_stopped()
        kept = self.see()
        self.found["bytes"] = kept["backup"][-1]["info"]["size"]
        how = [f"--pg1-path={self.directory}", f"--target-timeline={self.wish.timeline}"]
        if self.wish.to:
            how += ["--type=time", f"--target={self.wish.to:%Y-%m-%d %H:%M:%S.%f}+00", "--target-action=promote"]
        self.unpack(*how)
        # what it writes is archived as soon as it is in its place
        with server(self.directory, self.programs, archive_mode="on", archive_command="") as running:
            segment = self.replay(running)
            if not self.wish.to:
                see_all_of_it(segment, kept)
            self.open(running)
        (self.directory / ANOTHER_DAY).unlink(missing_ok=True)
        self.change_places()

    def see_stopped(self):
        if subprocess.run([self.programs / "pg_ctl", "status", "--pgdata", self.wish.data], stdout=subprocess.DEVNULL, check=False).returncode == 0:
            raise Failure(f"a PostgreSQL runs over {self.wish.data}")

    def open(self, running):
        with running.connect() as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for name in NEEDED_NO_MORE:
                    cursor.execute(f"ALTER SYSTEM RESET {name}")
                cursor.execute("CHECKPOINT")

    def change_places(self):
        self.see_stopped()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # between the two
        if self.wish.data.exists():
            os.rename(self.wish.data, self.wish.former)
            self.found["former"] = str(self.wish.former)
        try:
            os.rename(self.directory, self.wish.data)
        except OSError:
            if self.found["former"]:
                os.rename(self.wish.former, self.wish.data)
                self.found["former"] = None
            raise
        os.sync()


def attempt(what):
    """What it returns, and why it failed or None."""
    try:
        return what(), None
    except (Failure, psycopg2.Error, OSError, ValueError, LookupError) as error:
        problem = str(error).strip()
        return None, problem + ("; for the newest state that is kept name no moment" if TOO_LATE in problem else "")


def main():
    wish = parse()
    restore = Restore(wish)
    if wish.plan:
        plan, problem = attempt(restore.plan)
        if plan:
            print(json.dumps(plan))
        sys.exit(problem)
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("told to end before anything was restored"))
    told = {"began": time.time(), "restored": False, "problem": "it was begun, and did not come to its end"}
    leave(wish.result, {**restore.found, **told})
    problem = attempt(restore.restore)[1]
    if problem:
        remove(restore.directory)
    leave(wish.result, {**told, **restore.found, "restored": problem is None, "problem": problem})
    sys.exit(problem)


if __name__ == "__main__":
    main()
