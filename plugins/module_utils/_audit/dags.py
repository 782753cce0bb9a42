# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: which DAG files lie on a host, so that hosts can be compared."""

from __future__ import annotations

import functools
import hashlib
import os

from ansible_collections.steady.airflow.plugins.module_utils import _dag_set

FOLDER = "core.dags_folder"
LARGEST = 1_000_000  # bytes of a file whose content counts; of a larger one the size does
MOST = 20_000  # files


def look(files, home, options):
    """{folder, files: how many, digest}, or None where the folder is not there or cannot be read."""
    folder = options[FOLDER].get("value") if FOLDER in options else os.path.join(home, "dags")
    if not folder or not os.path.isdir(files.path(folder)):
        return None
    told = _read(files.path(folder))
    return {"folder": folder, **told} if told else None


@functools.cache  # a module looks once, and all components of a host have the same folder
def _read(folder):
    """{files, digest}, or None where some of it cannot be read."""
    digest, number = hashlib.sha256(), 0
    try:
        for path in _dag_set.files(folder):
            number += 1
            digest.update(os.path.relpath(path, folder).encode() + b"\0" + _content(path))
            if number >= MOST:
                break
    except OSError:
        return None
    return {"files": number, "digest": digest.hexdigest()[:16]}


def _content(path):
    size = os.path.getsize(path)
    if size > LARGEST:
        return b"%d\0" % size
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).digest()
