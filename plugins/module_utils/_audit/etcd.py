# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what etcd was started with, by its environment and its flags."""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.module_utils._audit import services

SECRET = re.compile(r"PASSWORD|TOKEN|JWT")


def look(files, found):
    """{settings, problem, inside}, or None where none runs. settings: {name: value} as etcd names its variables; a flag counts before a variable."""
    service = next((each for each in found if each["kind"] == "etcd"), None)
    if service is None:
        return None
    told, problem = services.environment_of(files, service)
    told.update(_flags(services.command_line(files, service)))
    return {"settings": {name: value for name, value in told.items() if name.startswith("ETCD_") and not SECRET.search(name)}, "problem": problem,
            "inside": bool(service["container"])}


def _flags(words):
    """--listen-client-urls=URL, or with the value as the next word."""
    found = {}
    for position, word in enumerate(words):
        match = re.match(r"--?([a-z][a-z0-9-]+)(?:=(.*))?$", word)
        if match:
            behind = words[position + 1] if position + 1 < len(words) else ""
            value = match[2] if match[2] is not None else "true" if not behind or behind.startswith("-") else behind
            found["ETCD_" + match[1].upper().replace("-", "_")] = value
    return found
