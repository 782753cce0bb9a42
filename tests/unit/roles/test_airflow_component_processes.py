# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watchdog knows of processes, by real ones."""
from __future__ import annotations

import importlib.util
import subprocess
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

SECONDS = 20
COMPUTE = "import time; [None for _ in iter(lambda: time.process_time() < 0.3, False)]; print(flush=True); time.sleep(60)"
LAUNCH = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]]).wait()"


@pytest.fixture(name="watchdog")
def script(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", types.SimpleNamespace(Error=OSError))
    monkeypatch.setitem(sys.modules, "metadata", types.SimpleNamespace())
    monkeypatch.setitem(sys.modules, "hung", types.SimpleNamespace())
    spec = importlib.util.spec_from_file_location("watchdog", ROOT / "roles/airflow_component/files/watchdog.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_wanted_of_processors_is_that_of_the_whole_family(watchdog):
    with subprocess.Popen([sys.executable, "-c", LAUNCH, COMPUTE], stdout=subprocess.PIPE) as parent:
        parent.stdout.readline()
        [child] = watchdog.children(parent.pid)
        both = watchdog.wanted((parent.pid,))
        assert both > watchdog.wanted((child,)) > 0.3
        assert watchdog.wanted((child, parent.pid)) == pytest.approx(both, abs=0.1)
        watchdog.kill((child, parent.pid))


def test_a_process_that_is_gone_needs_no_kill_and_wants_nothing(watchdog):
    with subprocess.Popen(["true"]) as gone:
        gone.wait(SECONDS)
    watchdog.kill((gone.pid,))
    assert watchdog.children(gone.pid) == ()
    assert watchdog.wanted((gone.pid,)) == 0
