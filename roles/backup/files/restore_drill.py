# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that the newest backup can be restored: beside the cluster, on the host that keeps the backups, and takes it away again.

The backup is unpacked, the archive replayed to its end, a PostgreSQL started that nobody but its own account reaches, every table read by
pg_dump, every row counted, every page's checksum compared. Who begins it may lay beside it which rows the database has that runs, as JSON:
{"rows": {"DATABASE SCHEMA.TABLE": number}, "archived": whether all of that was archived, so that no table may be missing}. What was found,
or why nothing was, is left in a file as JSON:

{"proven": bool, "problem": null or text, "began": s, "backup": label, "newest": s, "seconds": {"restore", "replay", "read"},
 "bytes": of all databases, "rows": {"DATABASE SCHEMA.TABLE": [number in the backup or null, number in the database that runs or null]}};
moments are in seconds since the epoch.
"""

import argparse
import json
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
    parser.add_argument("--running", required=True, type=pathlib.Path, help="the file, if there is one, of what the database has that runs")
    parser.add_argument("--result", required=True, type=pathlib.Path)
    parser.add_argument("--patience", type=float, required=True, help="seconds for the archive to be replayed")
    return parser.parse_args()


def told_of(path):
    """Which rows the database has that runs, and whether all of them were archived."""
    if not path.exists():
        return {}, False
    told = json.loads(path.read_text(encoding="utf-8"))
    return told["rows"], told["archived"]


class Drill(Beside):
    def prove(self, running, archived):
        kept = self.kept()
        backup = kept["backup"][-1]
        self.found.update(backup=backup["label"], newest=backup["timestamp"]["stop"])
        self.see_room(kept)
        self.unpack("--archive-mode=off")
        with server(self.directory, self.programs, archive_mode="off", fsync="off") as restored:
            see_all_of_it(self.replay(restored), kept)
            with self.timed("read"):
                self.compare(self.read(restored.connect), running, archived)
        run(self.programs / "pg_checksums", "--check", "--pgdata", self.directory, what="to compare checksums")

    def read(self, connect):
        """The rows of each table."""
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute(SIZE)
            self.found["bytes"], = cursor.fetchone()
        databases = rows.databases(connect)
        for database in databases:
            run(self.programs / "pg_dump", f"--host={self.directory}", f"--dbname={database}", "--file=/dev/null", what=f"to read {database}")
        return rows.count(connect, databases)

    def compare(self, restored, running, archived):
        self.found["rows"] = {table: [restored.get(table), running.get(table)] for table in sorted({*restored, *running})}
        lacks = sorted(running.keys() - restored.keys())
        if lacks and archived:
            raise Failure(f"what was restored lacks {', '.join(lacks)}, which the database has that runs, and its archive was up to date")


def main():
    wish = parse()
    drill, began, problem = Drill(wish.stanza, wish.directory, wish.programs, wish.patience, [f"--config={wish.config}"]), time.time(), None
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("told to end before anything was proven"))
    leave(wish.result, {"began": began, "running": True, "proven": False, "problem": "it was begun, and did not come to its end"})
    try:
        drill.prove(*told_of(wish.running))
    except (Failure, psycopg2.Error, OSError) as error:
        problem = str(error).strip()
    finally:
        remove(wish.directory)
    leave(wish.result, {**drill.found, "began": began, "proven": problem is None, "problem": problem})
    sys.exit(problem and f"the backup is not proven: {problem}")


if __name__ == "__main__":
    main()
