# SPDX-License-Identifier: GPL-3.0-or-later
"""Work for a drill. Every task writes down what it does in a file on its own host, out of reach of what the drill breaks.

A line of the ledger is one write() and is on the disk before the task goes on. Two DAGs have tasks of all shapes, one without and
one with retries; a third is as short as a run can be; of a fourth there is always one at work; a fifth is owed by a schedule.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import socket
import time

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import BaseOperator, chain, dag

LEDGER = "/var/lib/airflow/drill/ledger"
RETRY = datetime.timedelta(seconds=10)
LONGER_THAN_A_HEARTBEAT = 100
POLL = 0.2
# when the drill began, beside this file, to the fraction of a second: the judge counts what the schedule owes from the same moment
BEGAN = datetime.datetime.fromtimestamp(json.loads(pathlib.Path(__file__).with_suffix(".json").read_text())["began"], datetime.timezone.utc)


def witness(phase, context):
    instance = context["ti"]
    line = {
        "t": time.clock_gettime_ns(time.CLOCK_BOOTTIME), "boot": pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
        "node": socket.gethostname(), "pid": os.getpid(), "phase": phase, "dag": instance.dag_id, "run": instance.run_id,
        "task": instance.task_id, "map": instance.map_index, "try": instance.try_number, "ti": str(instance.id),
    }
    ledger = os.open(LEDGER, os.O_WRONLY | os.O_APPEND)
    try:
        # begins with a line feed, too: the line before may have been torn by a power cut
        os.write(ledger, f"\n{json.dumps(line)}\n".encode())
        os.fsync(ledger)
    finally:
        os.close(ledger)


class Work(BaseOperator):
    """Takes some seconds."""

    def __init__(self, seconds=0, **arguments):
        super().__init__(**arguments)
        self.seconds, self.context = seconds, None

    def execute(self, context):
        self.context = context
        witness("start", context)
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            time.sleep(POLL)  # this is the work
        witness("commit", context)

    def on_kill(self):
        if self.context:
            witness("sigterm", self.context)


class Deferred(Work):
    """Takes them without a process."""

    def execute(self, context):
        witness("start", context)
        witness("defer", context)
        self.defer(trigger=TimeDeltaTrigger(datetime.timedelta(seconds=self.seconds)), method_name="resume")

    def resume(self, context, event=None):
        witness("commit", context)


def shapes(retries):
    @dag(dag_id=f"steady_drill_{retries}_retries", schedule=None, max_active_runs=100, max_active_tasks=500, tags=["steady_drill"],
         default_args={"retries": retries, "retry_delay": RETRY})
    def define():
        for name, seconds in {"at_once": 0, "short": 5, "long": 45, "longest": LONGER_THAN_A_HEARTBEAT}.items():
            Work(task_id=name, seconds=seconds)
        chain(*(Work(task_id=f"link_{number}", seconds=1) for number in range(5)))
        # few at a time: workers take tasks in the order of the queue, and the pulse tells nothing while it waits behind these
        Work.partial(task_id="fan", max_active_tis_per_dag=2).expand(seconds=[1] * 20)
        Deferred(task_id="deferred", seconds=10)

    return define()


@dag(dag_id="steady_drill_pulse", schedule=None, max_active_runs=500, max_active_tasks=500, tags=["steady_drill"])
def pulse():
    Work(task_id="beat")


@dag(dag_id="steady_drill_long", schedule=None, max_active_runs=100, max_active_tasks=500, tags=["steady_drill"])
def long():
    Work(task_id="work", seconds=60, retries=2, retry_delay=RETRY)


@dag(dag_id="steady_drill_tick", schedule="* * * * *", start_date=BEGAN, catchup=True,
     max_active_runs=100, tags=["steady_drill"])
def tick():
    Work(task_id="beat")


none, two, pulse, long, tick = shapes(0), shapes(2), pulse(), long(), tick()
