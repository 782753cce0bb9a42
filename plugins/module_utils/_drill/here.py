# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what only a host itself knows: whether its units run, what it holds, when its clock began, and when tasks were fenced."""

from __future__ import annotations

import json
import time

from ansible_collections.steady.airflow.plugins.module_utils._clients.airflow import Scheduler
from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, direct_opener
from ansible_collections.steady.airflow.plugins.module_utils._drill import processes, watch
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError

FENCED = "/run/airflow-fence/fenced.jsonl"
BOOT = "/proc/sys/kernel/random/boot_id"
SCHEDULER = "http://127.0.0.1:8974"
SECONDS = 3
WELL = 200
# The one that works; those that stand by have this command only as arguments of their launcher.
DAG_PROCESSOR = ("airflow-dag-processor.service", r"^\S*python\S* \S*/airflow dag-processor|^airflow dag-processor")
TASK = ("airflow-worker.service", r"^airflow worker --")


def look_at_units(run, units, scheduler):
    """A look, as watch.Watch wants it. run: {unit: state}, from a list of units. scheduler: whether one is to be well on this host."""
    def look():
        problems = ["%s is %s" % (unit, state) for unit, state in run(units).items() if state != "active"]
        yield watch.judged(problems + (scheduler_problems() if scheduler else []))

    return look


def scheduler_problems():
    try:
        status = Scheduler.ask(HttpClient(direct_opener(None), SECONDS), SCHEDULER)["status"]
    except SteadyError as error:
        return ["its scheduler does not answer: %s" % error]
    return [] if status == WELL else ["its scheduler does not schedule"]


def has(process, group_of):
    """Is there such a process on this host? group_of: a unit's control group, empty for a unit that does not run."""
    unit, pattern = process
    group = group_of(unit)
    return bool(group and processes.of_unit(group, pattern))


def clock():
    """{id of this boot: moment at which its clock began}."""
    with open(BOOT, encoding="ascii") as opened:
        return {opened.read().strip(): _zero()}


def _zero():
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


def fenced(path=FENCED):
    """[{"woke", "ended": moments}] of each time in this boot that airflow-fence ended tasks of a host that had stood still, if there were any."""
    try:
        with open(path, encoding="ascii") as opened:
            lines = [json.loads(line) for line in opened]
    except FileNotFoundError:
        return []
    zero = _zero()
    return [{name: zero + line[name] for name in ("woke", "ended")} for line in lines if line["killed"]]


def leaders(reports):
    """Who leads what, of the tiers that this host looked at and that told something."""
    told = {tier: report for tier, report in reports.items() if "members" in report}
    found = {}
    if "etcd" in told:
        found["etcd"] = told["etcd"]["leader"]
    if "postgresql" in told:
        found["postgresql"] = told["postgresql"]["leader"]
        found["synchronous"] = [member["name"] for member in told["postgresql"]["members"] if member["sync"]]
    if "rabbitmq" in told:
        led = [queue["leader"] for queue in told["rabbitmq"]["queues"] if queue["leader"] and queue["consumers"] and queue["type"] == "quorum"]
        found["queue"] = sorted(led)[0].split("@", 1)[1] if led else None
    if "redis" in told:
        found["redis"] = told["redis"]["leader"]
    return found
