# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill those of this host's components that run but do nothing; systemd starts them again.

A component is killed when it gave no sign of life for the whole patience, although the database could be written at every
look. A sign of life is a new heartbeat of its job in Airflow's database, or the api-server's answer. What counts as hung is
in hung.py. For another component: write a function that gives its sign, and name it in Watchdog.signs.
"""

import argparse
import configparser
import contextlib
import http.client
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import time

import hung
import metadata
import psycopg

INTERVAL = 5
# What to ask the api-server, and for how many seconds. A thread gives the version, and there are only so many of them; its event
# loop refuses by itself. That there is an answer counts, not which.
SIGN, REFUSAL = ("GET", 10), ("HEAD", 5)
SHOW = ["systemctl", "show", "--property=Id,ActiveState,MainPID"]
# what Airflow may call this host, as far as it can be told without Airflow
NAMES = {"socket.gethostname": socket.gethostname, "socket.getfqdn": socket.getfqdn}
JOBS = {"scheduler": "SchedulerJob", "dag_processor": "DagProcessorJob", "triggerer": "TriggererJob"}
# run by a launcher that stands by: at work only when there is a process below it
LAUNCHED = {"dag_processor"}
# The message is a commit that all synchronous standbys must confirm, as each heartbeat is; nobody reads it.
WRITE = "SELECT pg_logical_emit_message(true, 'airflow watchdog', '')"
HEARTBEATS = """SELECT DISTINCT ON (job_type) job_type, id, latest_heartbeat FROM job
                WHERE hostname = %s AND job_type = ANY(%s) ORDER BY job_type, id DESC"""


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patience", type=float, required=True, help="seconds of silence before a component is killed")
    parser.add_argument("--start", type=float, required=True, help="seconds more for one that was just started")
    parser.add_argument("--api", required=True, help="address and port of this host's api-server")
    parser.add_argument("--path", default="", help="path below which it is, without a slash at the end")
    parser.add_argument("--interval", type=float, default=INTERVAL, help="seconds between two looks")
    parser.add_argument("components", nargs="+")
    return parser.parse_args()


def say(words):
    print(words, file=sys.stderr, flush=True)


def unit_of(component):
    return f"airflow-{component.replace('_', '-')}.service"


def hostname():
    """The name of this host in the table of jobs, or None."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(os.environ["AIRFLOW_CONFIG"])
    chosen = config.get("core", "hostname_callable", fallback=None)
    if chosen not in NAMES:
        say(f"heartbeats are not looked at: only Airflow knows what hostname_callable = {chosen} calls this host")
        return None
    return NAMES[chosen]()


def answers(address, path, method, seconds):
    """Whether the api-server answers. Who gives the answer is not asked: a bad certificate is no hang."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(address, timeout=seconds, context=context)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request(method, path + "/api/v2/version")
        connection.getresponse()
        return True
    return False


def main_processes(units):
    """{unit: main process} of the units that are up; not of those that wait for the database."""
    shown = subprocess.run([*SHOW, *units], check=True, capture_output=True, text=True).stdout
    blocks = [dict(line.split("=", 1) for line in block.splitlines()) for block in shown.strip().split("\n\n")]
    return {block["Id"]: int(block["MainPID"]) for block in blocks if block["ActiveState"] == "active" and block["MainPID"] != "0"}


def children(process):
    try:
        return tuple(map(int, pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return ()


def family(process):
    return [process, *(each for child in children(process) for each in family(child))]


def wanted(processes):
    """Seconds that the threads of these and of all below them had a processor so far, or were ready to run and had none."""
    threads = [thread for each in {one for process in processes for one in family(process)} for thread in pathlib.Path(f"/proc/{each}/task").glob("*")]
    return sum(map(scheduled, threads))


def scheduled(thread):
    try:
        ran, waited, _slices = (thread / "schedstat").read_text().split()
    except (OSError, ValueError):  # it ended just now, or a kernel does not count
        return 0
    return (int(ran) + int(waited)) / 1e9


def kill(processes):
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


class Database:
    """Keeps one connection as long as it works, and says once when it does not."""

    def __init__(self, name):
        self.name, self.connection, self.said = name, None, None

    def heartbeats(self):
        """{type of job: newest heartbeat of this host}, or None when the database could not be written."""
        try:
            if self.connection is None:
                self.connection = metadata.connect("airflow watchdog")
            self.connection.execute(WRITE)
            rows = self.connection.execute(HEARTBEATS, (self.name, list(JOBS.values()))).fetchall() if self.name else []
        except psycopg.Error as error:
            self.tell(str(error).strip().splitlines()[0])
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return None
        self.tell(None)
        return {job: (number, heartbeat) for job, number, heartbeat in rows}

    def tell(self, reason):
        if bool(reason) != bool(self.said):
            say(f"nobody is judged while the database cannot be written: {reason}" if reason else "the database can be written again")
        self.said = reason


class Watchdog:
    def __init__(self, wish):
        self.wish = wish
        self.database = Database(hostname())
        self.limits = hung.Limits(wish.patience, wish.start)
        self.memory = hung.NOTHING
        signs = {"api_server": lambda _beats: time.monotonic() if answers(wish.api, wish.path, *SIGN) else None}
        if self.database.name:
            signs.update({component: lambda beats, job=job: beats.get(job) for component, job in JOBS.items()})
        self.signs = {component: signs[component] for component in wish.components if component in signs}

    def look(self):
        """{unit: Sight} of all that are at work; None when the database could not be written."""
        beats = self.database.heartbeats()
        if beats is None:
            return None
        signs = {component: sign(beats) for component, sign in self.signs.items()}
        refused = "api_server" in signs and signs["api_server"] is None and answers(self.wish.api, self.wish.path, *REFUSAL)
        running = main_processes([unit_of(component) for component in signs]) if signs else {}
        sights = {}
        for component, sign in signs.items():
            main = running.get(unit_of(component))
            below = children(main) if main and component in LAUNCHED else ()
            if main and (below or component not in LAUNCHED):
                # the launcher goes last: it holds the lock until what it launched is gone
                processes = (*below, main)
                sights[unit_of(component)] = hung.Sight(processes, sign, wanted(processes), refused and component == "api_server")
        return sights

    def round(self):
        sights = self.look()
        self.memory = hung.remember(self.memory, time.monotonic(), sights, self.limits)
        sick = hung.hung(self.memory, sights, self.limits)
        for unit, seconds in sick.items():
            processes = sights[unit].processes
            say(f"{unit} hangs: no sign of life for {seconds:.0f} s while the database could be written; "
                f"killing {', '.join(map(str, processes))}, systemd starts it again")
            kill(processes)
        self.memory = hung.killed(self.memory, sick)


def main():
    wish = parse()
    watchdog = Watchdog(wish)
    say(f"watching {', '.join(map(unit_of, watchdog.signs))}; patience {wish.patience:.0f} s")
    while True:
        watchdog.round()
        time.sleep(wish.interval)  # between two looks; it waits for nothing


if __name__ == "__main__":
    main()
