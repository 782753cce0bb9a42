# SPDX-License-Identifier: GPL-3.0-or-later
"""Restores a member of the database, which is stopped, to the newest state that is kept or to a moment, and puts its former data aside.

All is made ready beside the data: a backup unpacked, the archive replayed as far as wished, PostgreSQL opened on a timeline of its own and
stopped again. Only then do both change places. What was done, or why nothing was, is left in a file as JSON:

{"restored": bool, "problem": null or text, "began": s, "newest": s of the last commit in it, "seconds": {"restore", "replay"},
 "former": where the data lie that were there, or null}; moments are in seconds since the epoch.

With --plan nothing is done, and what would be is told: {"backup": label of the newest one, "oldest": s of the earliest moment that can be
restored, "bytes": of the database, "kept": the number of the cluster whose backups they are, "here": that of the data that are there, or null}.
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

from beside import Beside, Failure, leave, remove, run, see_all_of_it

NEEDED_NO_MORE = ("restore_command", "recovery_target_time", "recovery_target_action", "recovery_target_timeline", "recovery_target_inclusive")


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
    parser.add_argument("--programs", required=True, type=pathlib.Path, help="directory of PostgreSQL's programs")
    parser.add_argument("--patience", type=float, required=True, help="seconds for the archive to be replayed")
    parser.add_argument("--to", type=moment, help="the moment, YYYY-MM-DD HH:MM:SS+HH:MM; without it the newest state that is kept")
    parser.add_argument("--timeline", default="latest", help="which one to follow to it")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--plan", action="store_true")
    what.add_argument("--result", type=pathlib.Path)
    return parser.parse_args()


class Restore(Beside):
    def __init__(self, wish):
        beside = wish.data.with_name(wish.data.name + ".restored")
        super().__init__(wish.stanza, beside, wish.programs, wish.patience, [f"--pg1-path={beside}"])
        self.wish = wish

    def plan(self):
        kept = self.kept()
        backups, size = kept["backup"], kept["backup"][-1]["info"]["size"]
        oldest = min(one["timestamp"]["stop"] for one in backups)
        if self.wish.to and not oldest <= self.wish.to.timestamp() <= time.time():
            raise Failure(f"{self.wish.to} cannot be restored: the earliest moment is {utc(oldest)}, and the latest one is now")
        if os.path.ismount(self.wish.data):
            raise Failure(f"{self.wish.data} is a disk of its own, and cannot be put aside; mount it at a directory above")
        remove(self.directory)  # of one that did not come to its end
        self.see_room(self.wish.data.parent, size)
        return {"backup": backups[-1]["label"], "oldest": oldest, "bytes": size, "kept": str(kept["db"][-1]["system-id"]), "here": self.here()}

    def here(self):
        if not (self.wish.data / "global/pg_control").exists():
            return None
        told = run(self.programs / "pg_controldata", self.wish.data, what="to read whose data are there")
        return next(line.split()[-1] for line in told.splitlines() if line.startswith("Database system identifier:"))

    def restore(self):
        self.see_stopped()
        self.plan()
        kept = self.kept()
        how = [f"--target-timeline={self.wish.timeline}"]
        if self.wish.to:
            how += ["--type=time", f"--target={self.wish.to:%Y-%m-%d %H:%M:%S.%f}+00", "--target-action=promote"]
        self.found["newest"] = None
        self.unpack(kept["backup"][-1]["info"]["size"], *how)
        # what it writes is archived as soon as it is in its place
        with self.server(archive_mode="on", archive_command="") as connect:
            segment = self.replay(connect)
            if not self.wish.to:
                see_all_of_it(segment, kept)
            self.open(connect)
        return self.change_places()

    def see_stopped(self):
        if subprocess.run([self.programs / "pg_ctl", "status", "--pgdata", self.wish.data], stdout=subprocess.DEVNULL, check=False).returncode == 0:
            raise Failure(f"a PostgreSQL runs over {self.wish.data}")

    def open(self, connect):
        with connect() as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for name in NEEDED_NO_MORE:
                    cursor.execute(f"ALTER SYSTEM RESET {name}")
                cursor.execute("CHECKPOINT")

    def change_places(self):
        data, former = self.wish.data, None
        if data.exists():
            former = data.with_name(f"{data.name}.before-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
            os.rename(data, former)
        os.rename(self.directory, data)
        os.sync()
        return former


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def main():
    wish = parse()
    restore, began, former, problem = Restore(wish), time.time(), None, None
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("told to end before anything was restored"))
    try:
        if wish.plan:
            print(json.dumps(restore.plan()))
            return
        leave(wish.result, {"began": began, "restored": False, "problem": "it was begun, and did not come to its end"})
        former = restore.restore()
    except (Failure, psycopg2.Error, OSError) as error:
        problem = str(error).strip()
        remove(restore.directory)
    if not wish.plan:
        leave(wish.result, {**restore.found, "began": began, "restored": problem is None, "problem": problem, "former": former and str(former)})
    sys.exit(problem)


if __name__ == "__main__":
    main()
