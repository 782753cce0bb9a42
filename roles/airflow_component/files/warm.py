# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a component of Airflow that ends when its database goes away, and run it again without its imports; see docs/decisions/0024.

Nine tenths of a start are imports, and after a failover of the database all of them would be paid on all hosts at the same moment. This process
imports what the component needs, waits for a database that can be written, and then is copied: the copy is the component. When that ends by itself, what it
left behind is killed, and there is a next copy. One that ends well, or right away, ends this process, too: systemd makes all anew.
"""

import argparse
import contextlib
import gc
import importlib
import os
import signal
import sys
import threading
import time

import control_group
import database_ready
import mended
import metrics

# What a component has imported when it works. A name that is not there in another version is imported later, as without this.
ALL = ("airflow.__main__", "airflow.utils.db", "airflow.utils.serve_logs", "airflow.sdk.execution_time.task_runner", "alembic.command")
MODULES = {
    "scheduler": (*ALL, "airflow.cli.commands.scheduler_command", "airflow.jobs.scheduler_job_runner"),
    "triggerer": (*ALL, "airflow.cli.commands.triggerer_command", "airflow.jobs.triggerer_job_runner"),
}
EXECUTORS = {True: "airflow.providers.celery.executors.celery_executor", False: "airflow.executors.local_executor"}  # has it a broker?
PATIENCE = 60  # seconds for one look at the database, and for killed processes to be gone
SOON = 10  # seconds after its start in which one that ends was never at work


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--broker", help="rabbitmq or redis, of a component that talks to it")
    parser.add_argument("command", nargs="+", help="of Airflow, with its path")
    return parser.parse_args()


def warm(broker, command):
    if broker:
        mended.mend(broker, command)
    for name in (*MODULES[command[1]], EXECUTORS[bool(broker)]):
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"{name} is imported later: {error}", file=sys.stderr)
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    gc.collect()
    gc.freeze()  # what all copies share stays where it is


class Copies:
    """child: the process of the one that runs, or None; asked: whether all are to end."""

    def __init__(self, command):
        self.command, self.child, self.asked = command, None, False
        signal.signal(signal.SIGTERM, self.end)

    def end(self, _signal, _frame):
        if not self.child:
            sys.exit(0)
        self.asked = True
        with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(self.child, signal.SIGTERM)

    def run(self):
        """Its exit code, and for how many seconds it ran."""
        began = time.monotonic()
        self.child = self.copy()
        code = os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        self.child = None
        return code, time.monotonic() - began

    def copy(self):
        # a stop that comes right now is met by the one or the other
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        child = os.fork()
        if not child:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.environ.pop("NOTIFY_SOCKET", None)
        self.child = child
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        if not child:
            mended.run(self.command)
            sys.exit(0)
        return child


def main():
    wish = parse()
    warm(wish.broker, wish.command)
    copies, group = Copies(wish.command), control_group.own()
    while True:
        metrics.status("waits for a database that can be written")
        database_ready.wait(lambda: metrics.notify(f"EXTEND_TIMEOUT_USEC={PATIENCE}000000"))
        metrics.notify("READY=1", f"STATUS=runs {wish.command[1]}")
        if threading.active_count() > 1:  # such as one that sends traces, which a copy would not have
            os.environ.pop("NOTIFY_SOCKET", None)
            sys.exit(mended.run(wish.command))
        code, seconds = copies.run()
        if copies.asked or code == 0 or seconds < SOON:
            sys.exit(0 if copies.asked else abs(code))
        left = len(control_group.empty(group, [os.getpid()], PATIENCE))
        print(f"{wish.command[1]} ended with {code} after {seconds:.0f} s, and {left} processes of it were killed; there is a next one", file=sys.stderr)


if __name__ == "__main__":
    main()
