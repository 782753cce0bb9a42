# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill those of this host's components that run but do nothing; systemd starts them again.

A component is killed when it gave no sign of life for the whole patience, although the database could be written at every
look. A sign of life is a new heartbeat of its job in Airflow's database, the api-server's answer, or that the worker takes
what waits for it (worker.py): it is told to end, and finishes its tasks. What counts as hung is in hung.py. For another
component: write a function that gives its sign, and name it in Watchdog.signs.
"""

import argparse
import configparser
import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import time

import hung
import metadata
import processes
import report
import worker
from said import Said, say

INTERVAL = 5
# What to ask the api-server, and for how many seconds. A thread gives the version, and there are only so many of them; its event
# loop refuses by itself. That there is an answer counts, not which.
SIGN, REFUSAL = ("GET", 10), ("HEAD", 5)
SHOW = ["systemctl", "show", "--property=Id,ActiveState,MainPID"]
# what Airflow may call this host, as far as it can be told without Airflow
NAMES = {"socket.gethostname": socket.gethostname, "socket.getfqdn": socket.getfqdn}
JOBS = {"scheduler": "SchedulerJob", "dag_processor": "DagProcessorJob", "triggerer": "TriggererJob"}
# run by a process that stands by, or waits for the database: at work only when there is a process below it
LAUNCHED = {"dag_processor", "scheduler", "triggerer"}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patience", type=float, required=True, help="seconds of silence before a component is killed")
    parser.add_argument("--start", type=float, required=True, help="seconds more for one that was just started")
    parser.add_argument("--api", required=True, help="address and port of this host's api-server")
    parser.add_argument("--path", default="", help="path below which it is, without a slash at the end")
    parser.add_argument("--queues", default="default", type=lambda names: names.split(","), help="of this host's worker")
    parser.add_argument("--runs-tasks", default="worker", help="the component whose children are tasks")
    parser.add_argument("--interval", type=float, default=INTERVAL, help="seconds between two looks")
    parser.add_argument("components", nargs="+")
    return parser.parse_args()


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


class Database:
    """Keeps one session as long as it works, and says once when it does not."""

    def __init__(self, name):
        self.name, self.session = name, None
        self.unwritten = Said("nobody is judged while the database cannot be written: {}", "the database can be written again")

    def heartbeats(self):
        """{type of job: newest heartbeat of this host}, or None when the database could not be written."""
        try:
            if self.session is None:
                self.session = metadata.connect("airflow watchdog")
            beats = self.session.heartbeats(self.name, list(JOBS.values()))
        except metadata.Unanswered as error:
            self.unwritten.say(str(error).strip().splitlines()[0])
            if self.session is not None:
                self.session.close()
            self.session = None
            return None
        self.unwritten.say(None)
        return beats


class Watchdog:
    def __init__(self, wish):
        self.wish = wish
        self.database = Database(hostname())
        self.limits = hung.Limits(wish.patience, wish.start)
        self.memory = hung.NOTHING
        self.worker = None
        signs = {"api_server": lambda _main, _beats: time.monotonic() if answers(wish.api, wish.path, *SIGN) else None}
        if self.database.name:
            signs.update({component: lambda _main, beats, job=job: beats.get(job) for component, job in JOBS.items()})
        if "worker" in wish.components:
            self.worker = worker.Worker(wish.queues)
            signs["worker"] = lambda main, _beats: self.worker.sign(main)
        self.signs = {component: signs[component] for component in wish.components if component in signs}
        self.told = Said("what is seen cannot be told as status and metrics: {}", "what is seen is told again")
        self.ended = {unit_of(component): 0 for component in self.signs}

    def look(self):
        """{unit: Sight} of all that are at work; None when the database could not be written."""
        if self.worker:
            self.worker.forget()
        beats = self.database.heartbeats()
        if beats is None:
            return None
        running = main_processes([unit_of(component) for component in self.signs]) if self.signs else {}
        sights = {}
        for component, sign in self.signs.items():
            main = running.get(unit_of(component))
            below = processes.children(main) if main and component in LAUNCHED else ()
            if main and (below or component not in LAUNCHED):
                # who launched it goes last, and holds its lock until it is gone
                sights[unit_of(component)] = self.sight((*below, main), component, sign(main, beats))
        return sights

    def sight(self, its_processes, component, sign):
        # what tasks compute is no excuse for who runs them
        at_work = its_processes if component == self.wish.runs_tasks else [each for one in its_processes for each in processes.family(one)]
        refused = component == "api_server" and sign is None and answers(self.wish.api, self.wish.path, *REFUSAL)
        return hung.Sight(its_processes, sign, processes.wanted(at_work), refused)

    def round(self):
        sights = self.look()
        self.memory = hung.remember(self.memory, time.monotonic(), sights, self.limits)
        sick = hung.hung(self.memory, sights, self.limits)
        for unit, seconds in sick.items():
            self.end(unit, sights[unit].processes, seconds)
        self.memory = hung.killed(self.memory, sick)
        self.told.say(report.tell(self.memory, sights, self.ended, self.worker))

    def end(self, unit, its_processes, seconds):
        if unit == unit_of("worker"):
            waiting = ", ".join(f"{count} in {queue}" for queue, count in self.worker.waiting.items() if count)
            say(f"{unit} hangs: messages wait ({waiting}), and it left places free for {seconds:.0f} s; {self.worker.end(*its_processes)}")
        else:
            say(f"{unit} hangs: no sign of life for {seconds:.0f} s while the database could be written; "
                f"killing {', '.join(map(str, its_processes))}, systemd starts it again")
            processes.send(signal.SIGKILL, its_processes)
        self.ended[unit] += 1


def main():
    wish = parse()
    watchdog = Watchdog(wish)
    say(f"watching {', '.join(map(unit_of, watchdog.signs))}; patience {wish.patience:.0f} s")
    while True:
        watchdog.round()
        time.sleep(wish.interval)  # between two looks; it waits for nothing


if __name__ == "__main__":
    main()
