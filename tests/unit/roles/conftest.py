# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The watchdog with real processes; the database, the broker and systemd are played."""
from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.roles.scripts import load_scripts


LAUNCHER = "import signal, subprocess; child = subprocess.Popen(['sleep', '60']); print(flush=True); child.wait(); signal.pause()"


class Unanswered(Exception):
    """As metadata's."""


class Database:
    """As much of a session as is used."""

    def __init__(self):
        self.beats, self.refuses, self.asked, self.connections = {}, None, [], 0

    def connect(self, _name):
        self.connections += 1
        return self

    def heartbeats(self, host, jobs):
        if self.refuses:
            raise Unanswered(self.refuses)
        self.asked.append((host, jobs))
        return self.beats

    def close(self):
        pass


class Queues:
    """What waits at the broker; None when it does not tell."""

    there = {}

    def __init__(self, names):
        self.names = names

    def leave(self):
        pass

    def waiting(self):
        if self.there is None:
            raise ConnectionError("timed out")
        return {name: self.there.get(name, 0) for name in self.names}


@pytest.fixture(name="database")
def session():
    return Database()


@pytest.fixture(name="clock")
def monotonic():
    """Seconds pass when a test says so."""
    clock = types.SimpleNamespace(now=0.0)
    clock.monotonic = lambda: clock.now
    return clock


@pytest.fixture(name="watchdog")
def script(monkeypatch, tmp_path, database, clock):
    (tmp_path / "airflow.cfg").write_text("[core]\nhostname_callable = socket.gethostname\nfernet_key = 100%%\n")
    monkeypatch.setenv("AIRFLOW_CONFIG", str(tmp_path / "airflow.cfg"))
    monkeypatch.setitem(sys.modules, "metadata", types.SimpleNamespace(connect=database.connect, Unanswered=Unanswered))
    monkeypatch.setitem(sys.modules, "broker", types.SimpleNamespace(Queues=Queues, Silence=ConnectionError))
    module = load_scripts(monkeypatch, "hung", "said", "processes", "worker", "metrics", "report", "watchdog", role="airflow_component")
    monkeypatch.setattr(module, "time", clock)
    return module


@pytest.fixture(name="systemd")
def units(monkeypatch, watchdog):
    """{unit: (state, main process)}"""
    shown = {}

    def show(command, **_how):
        asked = [name for name in command if name.endswith(".service")]
        blocks = ["Id=%s\nActiveState=%s\nMainPID=%s\n" % (name, *shown[name]) for name in asked]
        return types.SimpleNamespace(stdout="\n".join(blocks))

    monkeypatch.setattr(watchdog, "subprocess", types.SimpleNamespace(run=show))
    return shown


@pytest.fixture(name="process")
def processes():
    running = []

    def start(*command):
        process = subprocess.Popen(command or ["sleep", "60"], stdout=subprocess.PIPE, start_new_session=True)
        running.append(process)
        return process

    yield start
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture(name="launched")
def processes_below_another(process):
    """A process with one below it, as most components have."""
    def start():
        launcher = process(sys.executable, "-c", LAUNCHER)
        launcher.stdout.readline()
        return launcher

    return start
