# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that the newest backup can be restored: beside the cluster, on the host that keeps the backups, and takes it away again.

The backup is unpacked, the archive replayed to its end, a PostgreSQL started that nobody but its own account reaches, every table read by
pg_dump, every row counted, every page's checksum compared. What was found, or why nothing was, is left in a file as JSON:

{"proven": bool, "problem": null or text, "began": s, "backup": label, "newest": s, "seconds": {"restore", "replay", "read"},
 "bytes": of all databases, "rows": {"DATABASE SCHEMA.TABLE": number}}; moments are in seconds since the epoch.
"""

import argparse
import pathlib
import signal
import sys
import time

import psycopg2

import rows
from beside import Beside, leave, remove, run, see_all_of_it
from server import Failure, server

SIZE = "SELECT sum(pg_database_size(oid))::bigint FROM pg_database"


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stanza", required=True)
    parser.add_argument("--config", required=True, help="pgBackRest's settings, in which pg1-path is the directory")
    parser.add_argument("--directory", required=True, type=pathlib.Path, help="where it is restored to; emptied before and removed after")
    parser.add_argument("--programs", required=True, type=pathlib.Path, help="directory of PostgreSQL's programs")
    parser.add_argument("--result", required=True, type=pathlib.Path)
    parser.add_argument("--patience", type=float, required=True, help="seconds for the archive to be replayed")
    return parser.parse_args()


class Drill(Beside):
    def prove(self):
        kept = self.kept()
        backup = kept["backup"][-1]
        self.found.update(backup=backup["label"], newest=backup["timestamp"]["stop"])
        self.see_room(kept)
        self.unpack("--archive-mode=off")
        with server(self.directory, self.programs, archive_mode="off", fsync="off") as running:
            see_all_of_it(self.replay(running), kept)
            with self.timed("read"):
                self.read(running.connect)
        run(self.programs / "pg_checksums", "--check", "--pgdata", self.directory, what="to compare checksums")

    def read(self, connect):
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute(SIZE)
            self.found["bytes"], = cursor.fetchone()
        for database in rows.databases(connect):
            run(self.programs / "pg_dump", f"--host={self.directory}", f"--dbname={database}", "--file=/dev/null", what=f"to read {database}")
        self.found["rows"] = rows.count(connect)


def main():
    wish = parse()
    drill, began, problem = Drill(wish.stanza, wish.directory, wish.programs, wish.patience, [f"--config={wish.config}"]), time.time(), None
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("told to end before anything was proven"))
    leave(wish.result, {"began": began, "running": True, "proven": False, "problem": "it was begun, and did not come to its end"})
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
