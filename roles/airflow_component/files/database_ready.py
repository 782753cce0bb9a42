# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait until Airflow's database can be written. Costs next to nothing while there is none."""

import sys
import time

import metadata

INTERVAL = 1


def writable():
    try:
        with metadata.connect("airflow gate") as session:
            return session.is_writable()
    except metadata.Unanswered as error:
        return error


def wait(meanwhile=lambda: None):
    """meanwhile: is called before each look."""
    said = set()  # a door may refuse in two ways in turn
    meanwhile()
    while (answer := writable()) is not True:
        reason = str(answer or "it is a standby, or read-only").strip().splitlines()[0]
        if reason not in said:
            print(f"waiting for a database that can be written: {reason}", file=sys.stderr)
            said.add(reason)
        time.sleep(INTERVAL)
        meanwhile()


if __name__ == "__main__":
    wait()
