# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watchdog knows of processes, by real ones."""
from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

SECONDS = 20
COMPUTE = "import time; [None for _ in iter(lambda: time.process_time() < 0.3, False)]; print(flush=True); time.sleep(60)"
LAUNCH = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]]).wait()"


@pytest.fixture(name="processes", scope="module")
def script():
    spec = importlib.util.spec_from_file_location("processes", ROOT / "roles/airflow_component/files/processes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_wanted_of_processors_is_that_of_the_whole_family(processes):
    with subprocess.Popen([sys.executable, "-c", LAUNCH, COMPUTE], stdout=subprocess.PIPE) as parent:
        parent.stdout.readline()
        [child] = processes.children(parent.pid)
        assert processes.family(parent.pid) == [parent.pid, child]
        both = processes.wanted(processes.family(parent.pid))
        assert both > processes.wanted([child]) > 0.3
        assert processes.wanted([parent.pid]) == pytest.approx(both - processes.wanted([child]), abs=0.1)
        processes.send(signal.SIGKILL, (child, parent.pid))


def test_a_process_has_a_title(processes):
    with subprocess.Popen(["sh", "-c", "echo; read word"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as waits:
        waits.stdout.readline()
        assert processes.title(waits.pid) == "sh -c echo; read word "
        processes.send(signal.SIGKILL, (waits.pid,))


def test_a_process_that_is_gone_needs_no_signal_and_has_nothing(processes):
    with subprocess.Popen(["true"]) as gone:
        gone.wait(SECONDS)
    processes.send(signal.SIGKILL, (gone.pid,))
    assert (processes.children(gone.pid), processes.title(gone.pid), processes.wanted([gone.pid])) == ((), "", 0)
