# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command while holding a lock in Airflow's database, so that one host of several runs it.

The lock belongs to the session, so the database gives it to another host as soon as this one's connection is gone. Both
sides notice a lost connection within some ten seconds, so for a few seconds two hosts may run the command; the one that
lost its connection cannot write meanwhile.
"""

import argparse
import signal
import subprocess
import sys
import time

import metadata

STOP_SECONDS = 8


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lock", required=True, help="name of the lock")
    parser.add_argument("--interval", type=float, default=2, help="seconds between two looks")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def acquire(session, name, interval):
    while not session.take(name):
        time.sleep(interval)


def stop(child):
    """Ask the command to end, then make it: return when it is gone."""
    child.send_signal(signal.SIGTERM)
    try:
        return child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def guard(session, child, interval):
    """Return the command's exit code. It is stopped when the lock's connection is lost."""
    while True:
        try:
            return child.wait(interval)
        except subprocess.TimeoutExpired:
            pass
        try:
            session.ask("SELECT 1")
        except metadata.Unanswered as error:
            print(f"the lock is lost: {error}", file=sys.stderr)
            stop(child)
            return 1


def main():
    wish = parse()
    with metadata.connect(f"airflow only one {wish.lock}") as session:
        print(f"standing by for the lock {wish.lock}", file=sys.stderr)
        acquire(session, wish.lock, wish.interval)
        print(f"holding the lock {wish.lock}", file=sys.stderr)
        # a stop that comes while the command is being started must not leave it behind
        asked = []
        signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
        with subprocess.Popen(wish.command) as child:
            signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGTERM))
            if asked:
                child.send_signal(signal.SIGTERM)
            return guard(session, child, wish.interval)


if __name__ == "__main__":
    sys.exit(main())
