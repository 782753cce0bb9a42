# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: which faults touch tasks, and from when to when. Pure.

What is not in the table touches no task: whatever became of tasks then is the cluster's doing.
"""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.module_utils._drill.tries import FENCE, FREEZE

WORKERS = {"airflow-worker.service", "everything"}  # the second stands for all units of a host
# at the end of the command line of a task's process
TRY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
# over when it was done, so that nothing has to be healed
MOMENTARY = ("kill", "reload", "switchover")


def _any(fault, api_port):
    return True


def _of_worker(fault, api_port):
    return bool(WORKERS.intersection(fault["settings"].get("units") or []))


def _of_one_task(fault, api_port):
    return _of_worker(fault, api_port) and bool(fault["settings"].get("pattern"))


def _from_api(fault, api_port):
    """Tasks talk to nobody but the API."""
    ports, protocol = fault["settings"].get("ports") or [], fault["settings"].get("protocol") or "tcp"
    return not ports and protocol == "tcp" or api_port in ports or fault["layer"] == "airflow"


# (kind of the fault, when it touches tasks, what it does to them, as oracle.judge calls it); the first that fits counts
TABLE = (
    ("power", _any, "host"),
    ("kill", _of_one_task, "task"),
    ("kill", _of_worker, "worker"),
    ("freeze", _of_worker, FREEZE),
    ("stop", _of_worker, "worker"),
    ("cut", _from_api, "cut"),
)


def what(fault, api_port):
    """What an entry of the catalogue does to tasks on its hosts; null for nothing."""
    return next((harm for kind, applies, harm in TABLE if kind == fault["kind"] and applies(fault, api_port)), None)


def lasts(fault, longest):
    """Seconds until what was done is over; C(longest) where the catalogue does not say."""
    return 0 if fault["kind"] in MOMENTARY else fault["duration"] or longest


def victims(told, host):
    """Ids of the tries whose processes were killed there, as Airflow's processes tell them; [null] where nobody tells: then all are meant."""
    found = [TRY.search(command) for command in told["victims"].get(host, [])]
    return [match.group() for match in found if match] or [None]


def kills(told, catalogue, api_port):
    """The kills of an injection, as oracle.judge wants them. A host without a moment was not hit."""
    for part in told["parts"]:
        fault = catalogue[part["fault"]]
        harm = what(fault, api_port)
        for host in part["hosts"] if harm else ():
            if host in told["begun"]:
                done = told["done"].get(host, told["begun"][host])
                for identity in victims(told, host) if harm == "task" else [None]:
                    yield {"node": host, "from": told["begun"][host], "to": done + lasts(fault, told["duration"]), "what": harm, "ti": identity}
                if harm == FREEZE:
                    yield from fences(told, host)


def fences(told, host):
    """What ended the tasks that a host froze with, when it thawed: nothing of them could live any more when it had looked at all."""
    for fence in told["fenced"].get(host, []):
        if fence["woke"] > told["begun"][host]:
            yield {"node": host, "from": fence["woke"], "to": fence["ended"], "what": FENCE, "ti": None}
