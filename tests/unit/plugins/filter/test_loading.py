# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible loads all files with filters in each of its forks: they must not load what they do not need yet."""
from __future__ import annotations

import subprocess
import sys

from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

LOAD_ALL = """
import importlib, pkgutil, sys
sys.path[:0] = %r
import ansible.errors
before = set(sys.modules)
package = importlib.import_module("ansible_collections.steady.airflow.plugins.filter")
for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print("\\n".join(set(sys.modules) - before))
"""
HEAVY = ("cryptography", "plugins.plugin_utils._certificates", "plugins.plugin_utils._drill", "plugins.module_utils._drill", "._rules.host")


def test_filters_load_little():
    program = LOAD_ALL % [path for path in sys.path if path]
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=FIXTURES).stdout.splitlines()
    assert "ansible_collections.steady.airflow.plugins.filter.certificates" in loaded
    assert [name for name in loaded if any(heavy in name for heavy in HEAVY)] == []
