# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks each minute, and when a backup or a drill has ended (SIGUSR1), whether the backups can be relied on.

It tells it as the status of its unit, as metrics, and as JSON for whoever asks: backups.json has what the module pgbackrest_info returns,
"proof", what the last restore drill left or null, and "time".
"""

import argparse
import json
import pathlib
import signal
import sys
import time

import metrics
from beside import decoded, run
from judge import judge, newest_directory
from server import Failure

INTERVAL = 60  # seconds between two looks
PATIENCE = 120  # seconds for an answer of pgBackRest, which tries some requests three times
LONGEST = 86400  # seconds that a restore drill may take
DESCRIPTIONS = {
    "look_timestamp_seconds": "When the backups were looked at last.",
    "healthy": "Whether there is a backup that is young enough and was made without errors, and the archive keeps up.",
    "newest_timestamp_seconds": "When the newest backup ended.",
    "newest_bytes": "Size of the database in it.",
    "stored_bytes": "What all backups together take in the repository, without the archive.",
    "archived_timestamp_seconds": "When the newest segment of write-ahead log came.",
    "proven": "Whether the last restore drill could restore the backup that was the newest.",
    "proven_timestamp_seconds": "When that drill began.",
    "restore_seconds": "How long it took to restore and to replay.",
}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stanza", required=True)
    parser.add_argument("--oldest", type=float, required=True, help="hours after which the newest backup is too old")
    parser.add_argument("--furthest-behind", type=float, required=True, help="seconds after which the archive is too far behind")
    parser.add_argument("--proof", type=pathlib.Path, required=True, help="what the last restore drill left")
    parser.add_argument("--interval", type=float, default=INTERVAL, help="seconds between two looks")
    return parser.parse_args()


def ask(stanza, *words):
    quiet = ["--log-level-file=off", "--log-level-console=off", "--log-level-stderr=error"]
    command = ["pgbackrest", f"--stanza={stanza}", "--io-timeout=8", *quiet, "--output=json", *words]
    return decoded(run(*command, what=f"pgbackrest {words[0]}", seconds=PATIENCE))


def look(wish, before):
    """What backups.json says. before: what it said."""
    try:
        stanza = ask(wish.stanza, "info")[0]
        directory = newest_directory(stanza)
        seen = judge(stanza, ask(wish.stanza, "repo-ls", directory) if directory else {}, time.time(), wish.oldest, wish.furthest_behind)
    except (Failure, ValueError, LookupError) as error:
        seen = {"healthy": False, "problems": [str(error)], "backups": [], "archive": {"came": None}}
    return {**seen, "proof": proof(wish.proof, seen, before), "time": time.time()}


def proof(path, seen, before):
    """Of a backup that is still there, without what its tables hold: that is nobody's business. While one is made the last one counts."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if told.get("running") and time.time() - told["began"] < LONGEST:
        return before and before["proof"]
    gone = seen["backups"] and told.get("backup") not in [None, *(one["label"] for one in seen["backups"])]
    return None if gone else {name: told.get(name) for name in ("proven", "problem", "began", "backup", "seconds")}


def samples(seen):
    """As metrics.exposition takes them; what is not known is left out."""
    newest, proven = (seen["backups"] or [None])[-1], seen["proof"]
    found = {
        "look_timestamp_seconds": seen["time"],
        "healthy": int(seen["healthy"]),
        "newest_timestamp_seconds": newest and newest["stop"],
        "newest_bytes": newest and newest["size"],
        "stored_bytes": sum(one["stored"] or 0 for one in seen["backups"]) if newest else None,
        "archived_timestamp_seconds": seen["archive"]["came"],
        "proven": proven and int(proven["proven"]),
        "proven_timestamp_seconds": proven and proven["began"],
        "restore_seconds": sum(proven["seconds"][what] for what in ("restore", "replay")) if proven and proven["proven"] else None,
    }
    return {metric: {None: value} for metric, value in found.items() if value is not None}


def words(seen):
    known, newest = seen["proof"], (seen["backups"] or [None])[-1]
    proven = "nothing of it was ever restored" if not known else f"{known['backup']} is proven" if known["proven"] else f"not proven: {known['problem']}"
    return "; ".join(seen["problems"] or [f"{len(seen['backups'])} backups, the newest one {newest['label']}"]) + "; " + proven


def main():
    wish, seen, said = parse(), None, None
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    while True:
        seen = look(wish, seen)
        metrics.status(words(seen))
        metrics.publish("airflow_backup.prom", metrics.exposition("airflow_backup", DESCRIPTIONS, samples(seen)))
        metrics.publish("backups.json", json.dumps(seen, indent=2, sort_keys=True) + "\n")
        if seen["problems"] != said:
            print(*(seen["problems"] or ["all is well with the backups"]), sep="\n", file=sys.stderr, flush=True)
            said = seen["problems"]
        signal.sigtimedwait({signal.SIGUSR1}, wish.interval)


if __name__ == "__main__":
    main()
