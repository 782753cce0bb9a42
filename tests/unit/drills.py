# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills written by hand, as short as they get: one run of one task unless told otherwise.

A ledger is written as "MOMENT NODE PHASE TRY", one line each; a try's id is "i" and its number. The clocks of the hosts begin
at different moments.
"""

from __future__ import annotations

import json

from ansible_collections.steady.airflow.plugins.module_utils._drill import oracle

CLOCKS = {"node1": {"b": 0.0}, "node2": {"b": -1000.0}, "node3": {"b": -5.5}}


def line(text, **changes):
    moment, node, phase, number = text.split()
    told = {"t": round((float(moment) - CLOCKS[node]["b"]) * 10**9), "boot": "b", "node": node, "pid": 10, "phase": phase,
            "dag": "d", "run": "r", "task": "t", "map": -1, "try": int(number), "ti": "i" + number}
    return dict(told, **changes)


def texts(lines):
    given = {node: "" for node in CLOCKS}
    for each in lines:
        each = each if isinstance(each, dict) else line(each)
        given[each["node"]] += json.dumps(each) + "\n"
    return given


def instance(number=1, state="success", node="node1", start=1.0, end=11.0, retries=2, **changes):
    told = {"dag": "d", "run": "r", "task": "t", "map": -1, "try": number, "id": "i%d" % number,
            "state": state, "hostname": node, "start": start, "end": end, "retries": retries}
    return dict(told, **changes)


def fault(*kills, name="F29", number=1, injected=0.0, healed=60.0, whole=90.0):
    return {"fault": name, "number": number, "injected": injected, "healed": healed, "whole": whole, "kills": list(kills)}


def kill(moment, node="node1", what="host", to=None, **changes):
    return dict({"node": node, "from": moment, "to": moment + 0.5 if to is None else to, "what": what}, **changes)


def asked(answer="accepted", run="r", moment=0.5):
    return {"dag": "d", "run": run, "asked": moment, "answered": moment + 0.1, "answer": answer}


def drill(lines=(), instances=(), faults=(), **changes):
    """The arguments of oracle.judge."""
    given = {
        "texts": texts(lines),
        "clocks": CLOCKS,
        "record": {"runs": [asked()], "ticks": [], "writes": {"acknowledged": 10, "lost": []}, "problems": []},
        "airflow": {"runs": [{"dag": "d", "run": "r", "state": "success"}], "instances": list(instances)},
        "tasks": {"d": [{"task": "t", "maps": 1}]},
        "faults": list(faults),
        "call": 45.0,
    }
    return dict(given, **changes)


def judge(*args, **kwargs):
    return oracle.judge(**drill(*args, **kwargs))


def found(answer):
    """The classes that have a count."""
    return {name: number for name, number in answer["counts"].items() if number}


GOOD_LINES = ("1 node1 start 1", "10 node1 commit 1")
GOOD = (GOOD_LINES, (instance(),))
