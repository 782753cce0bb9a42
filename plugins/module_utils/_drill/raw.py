# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: reads the directory of a drill's raw results. I/O only; what is missing or broken is named."""

from __future__ import annotations

import json
import os

from ansible_collections.steady.airflow.plugins.module_utils._drill import machine, witness
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption

AIRFLOW, RESULT = "airflow.json", "result.json"
PLAN = ("cluster", "seed", "started", "prefix", "campaign", "catalogue", "settings", "versions", "nodes", "tick_began", "pulse_every", "predicted")
SETTINGS = ("api_retries", "api_retry_wait")
ENTRY = ("title", "layer", "kind")
FAULT = ("fault", "number", "parts", "begun", "done", "duration", "problem", "whole", "watched", "clocks", "roles", "victims")
UNTOLD = {"fenced": {}, "machine": machine.worst([])}  # of what drills of former versions did not look at
COLLECTED = ("missing", "load")
LOAD = ("acknowledged", "lost", "stopped", "problems")
SAID = ("asked", "api_port", "unfinished", "runs", "instances")
NO_SELF_TEST = {"done": None, "red": []}


def plan(directory):
    found = _document(directory, "plan.json", PLAN)
    _has(found["settings"], SETTINGS, "plan.json: settings")
    for identity, entry in found["catalogue"].items():
        _has(entry, ENTRY, "plan.json: %s in the catalogue" % identity)
        entry["settings"] = entry.get("settings") or {}
        entry["duration"] = entry.get("duration") or 0
    return found


def airflow(directory):
    return _document(directory, AIRFLOW, SAID)


def read(directory):
    """All of it but for what Airflow said: {"plan", "faults", "entries" and "runs" of the driver's record, "texts" and "missing" of
    the ledgers, "collected", "collected_at": when the ledgers were, "self_test"}.
    """
    planned, collected = plan(directory), _document(directory, "collected.json", COLLECTED)
    _has(collected["load"], LOAD, "collected.json: load")
    texts = _ledgers(directory)
    return {
        "plan": planned,
        "faults": _faults(directory, planned["catalogue"]),
        "texts": texts,
        "missing": sorted(set(collected["missing"]) | set(planned["nodes"]) - set(texts)),
        "collected": collected,
        "collected_at": os.stat(os.path.join(directory, "collected.json")).st_mtime,
        "self_test": _document(directory, "self_test.json", NO_SELF_TEST) if _is_there(directory, "self_test.json") else NO_SELF_TEST,
        **_record(directory, planned["prefix"]),
    }


def _faults(directory, catalogue):
    """The directory is absent where no fault was injected."""
    names = [name for name in _list(directory, "faults") if name.endswith(".json")]
    found = [_document(directory, os.path.join("faults", name), FAULT) for name in names]
    for name, fault in zip(names, found):
        for key, nothing in UNTOLD.items():
            fault.setdefault(key, nothing)
        unknown = [part["fault"] for part in fault["parts"] if part["fault"] not in catalogue]
        if unknown or not fault["parts"]:
            raise BadOption("faults/%s names the fault %s, which the catalogue in plan.json does not have" % (name, ", ".join(unknown) or "''"))
    return found


def _record(directory, prefix):
    content = _text(directory, "load.jsonl")
    try:
        entries = witness.read(content)
        return {"entries": entries, "runs": witness.runs(entries["run"], prefix)}
    except (KeyError, TypeError) as error:
        raise BadOption("load.jsonl has an entry that drill_load does not write: %s" % error) from error


def _ledgers(directory):
    return {node: _text(directory, os.path.join("ledgers", node), "replace") for node in _list(directory, "ledgers")}


def _document(directory, name, keys):
    try:
        found = json.loads(_text(directory, name))
    except ValueError as error:
        raise BadOption("%s is no JSON: %s" % (name, error)) from error
    _has(found, keys, name)
    return found


def _has(found, keys, where):
    if not isinstance(found, dict):
        raise BadOption("%s is no JSON object" % where)
    lacking = [key for key in keys if key not in found]
    if lacking:
        raise BadOption("%s lacks %s" % (where, ", ".join(lacking)))


def _text(directory, name, errors="strict"):
    try:
        # nothing is changed, not even the ends of lines
        with open(os.path.join(directory, name), encoding="utf-8", errors=errors, newline="") as opened:
            return opened.read()
    except OSError as error:
        raise BadOption("%s cannot be read: %s" % (os.path.join(directory, name), error.strerror)) from error
    except UnicodeDecodeError as error:
        raise BadOption("%s is no text in UTF-8" % name) from error


def _is_there(directory, name):
    return os.path.lexists(os.path.join(directory, name))


def _list(directory, name):
    return sorted(os.listdir(os.path.join(directory, name))) if _is_there(directory, name) else []
