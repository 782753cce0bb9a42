# SPDX-License-Identifier: GPL-3.0-or-later
"""This checkout: who imports this module may import ansible_collections.steady.airflow from it."""

from __future__ import annotations

import importlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
COLLECTIONS = str(ROOT / "collections")


def _join():
    """The PyPI package "ansible" brings a regular package of this name, which wins over ours: join the two."""
    sys.path.insert(0, COLLECTIONS)
    package = importlib.import_module("ansible_collections")
    ours = f"{COLLECTIONS}/ansible_collections"
    if ours not in list(package.__path__):
        package.__path__.append(ours)


_join()
