# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge files and units on the controller, by one look at all that the collection keeps on a host.

PRIVATE to the collection. A host that is as wanted needs no further call: the look at its start tells so. A look is
``{salt, files: {path: state}, units: {name: properties}}``. A state holds ``type`` (file, directory, link or absent),
``owner``, ``group``, ``mode`` (a number), ``changed`` (seconds since the epoch), for a file the ``digest`` of its
salted content, for a link its ``target`` and whether it ``resolves`` to something. Links in kept directories are seen, too.
"""

from __future__ import annotations

import hashlib
import hmac

from ansible_collections.steady.airflow.plugins.module_utils import _files, _service
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files

# a line for each path and unit that service_config was ever given on this host
RECORD = "/var/lib/steady-airflow/kept"


def parse_record(lines):
    """Return ``(paths, units)`` from the lines of a record, each once and in order."""
    pairs = list(dict.fromkeys(tuple(line.split(" ", 1)) for line in lines if " " in line))
    return [name for kind, name in pairs if kind == "path"], [name for kind, name in pairs if kind == "unit"]


def record_lines(params):
    """Return the lines that a call of service_config with these options adds."""
    entries = params["files"] + params["secret_files"]
    return ["path %s" % one["path"] for one in entries] + ["unit %s" % one["name"] for one in params["units"]]


def remember(lines):
    """Add lines to the host's record. The record is nothing that anybody asked for, so this is no change."""
    known = Files().lines(RECORD)
    _files.append(RECORD, [line for line in lines if line not in known])


def digest(salt, content):
    """Return what can be compared with another digest of the same salt, and tells nothing else of the content."""
    return hmac.new(salt.encode(), content, hashlib.sha256).hexdigest()


def answer(params, look):
    """Return service_config's result where nothing is to be written, or None where only the host can tell.

    params: its validated options.
    look: what is kept on the host, see above.
    """
    entries = params["files"] + params["secret_files"]
    if not all(_is_as_wanted(entry, look["files"].get(entry["path"]), look["salt"]) for entry in entries):
        return None
    watched = [path for unit in params["units"] for path in unit["restart_on"] + unit["reload_on"]]
    if not look["files"].keys() >= set(watched) or not look["units"].keys() >= {unit["name"] for unit in params["units"]}:
        return None

    if _service.knows_old_files([], [look["units"][unit["name"]] for unit in params["units"]]):
        return None

    def newest(paths):
        return max([look["files"][path]["changed"] for path in paths] or [0.0])

    pending = {
        unit["name"]: _service.pending(look["units"][unit["name"]], newest(unit["restart_on"]), newest(unit["reload_on"]))
        for unit in params["units"]
    }
    if any(_service.begins_in_vain(look["units"][name], need) for name, need in pending.items()):
        return None
    return {"changed": False, "changed_paths": [], "pending": pending, "diff": []}


def _is_as_wanted(wanted, seen, salt):
    if seen is None or seen["type"] != wanted["state"]:
        return False
    if wanted["state"] == "absent":
        return True
    if wanted["state"] == "link":
        return seen["target"] == wanted["target"]
    if wanted["state"] == "file" and seen["digest"] != digest(salt, wanted["content"].encode("utf-8", "surrogateescape")):
        return False
    return (seen["owner"], seen["group"], "%04o" % seen["mode"]) == (wanted["owner"], wanted["group"], wanted["mode"])
