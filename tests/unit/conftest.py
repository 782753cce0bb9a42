# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the tests import ansible_collections.steady.airflow from a plain checkout."""

from __future__ import annotations

import importlib
import pathlib
import sys

COLLECTIONS = pathlib.Path(__file__).resolve().parents[2] / "collections"

if COLLECTIONS.is_dir() and "ansible_collections" not in sys.modules:
    sys.path.insert(0, str(COLLECTIONS))
    package = importlib.import_module("ansible_collections")
    # The PyPI package "ansible" brings a regular package of this name, which wins over ours: join the two.
    if str(COLLECTIONS / "ansible_collections") not in list(package.__path__):
        package.__path__.append(str(COLLECTIONS / "ansible_collections"))
