# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: modules that are loaded when one of their functions is called.

Ansible forks for each task and host, and each fork that meets one of a collection's filters loads all files with filters. So a file
with filters loads nothing by itself but what is small.
"""

from __future__ import annotations

import importlib

PLUGINS = "ansible_collections.steady.airflow.plugins."


class Late:
    """Stands for a module below plugins/, such as C(plugin_utils._due); its attributes are the module's functions."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, function):
        def call(*arguments, **named):
            return getattr(importlib.import_module(PLUGINS + self._name), function)(*arguments, **named)

        return call
