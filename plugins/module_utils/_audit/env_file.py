# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: files with the environment of containers and services, as Docker Compose and shells read them."""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.module_utils._audit.services import environment

EXPORT = re.compile(r"^\s*export\s+", re.MULTILINE)
OTHERWISE = re.compile(r"\$\{(\w+)(:?[-?])([^}]*)\}")


def read(content, scope=None):
    """{name: value} of a file's bytes. A value may name variables of scope and of the file itself, with what holds without them.

    What is no text in UTF-8 is read as Latin-1: names and values are ASCII in practice, and comments may be anything.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    known, told = dict(scope or {}), {}
    for name, value in environment(EXPORT.sub("", text)).items():
        told[name] = known[name] = filled(value, known)
    return told


def filled(value, known):
    """The value with ${NAME:-DEFAULT} and its like put in. Where a variable must be there (:?) and is not, its bare name is left."""
    def put(match):
        name, kind, default = match.groups()
        if known.get(name) or (name in known and not kind.startswith(":")):
            return known[name]
        return default if kind.endswith("-") else "${%s}" % name

    return OTHERWISE.sub(put, value)
