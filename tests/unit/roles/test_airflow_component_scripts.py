# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts that Airflow's units call, as processes; the drivers are played by files that the test makes and removes."""
from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

SCRIPTS = ROOT / "roles/airflow_component/files"
DRIVER = '''
import os

HERE = os.path.dirname(__file__)
there = lambda name: os.path.exists(os.path.join(HERE, name))


class Error(Exception):
    pass


class Connection:
    def __enter__(self):
        return self

    def __exit__(self, *_reason):
        """As a cursor."""

    cursor = __enter__

    def close(self):
        open(os.path.join(HERE, "closed"), "w").close()

    def execute(self, question, values=None):
        if there("lost"):
            raise Error("terminating connection due to administrator command")
        self.answer = not there("taken") if "LOCK" in question.upper() else not there("standby")

    def fetchall(self):
        return [[self.answer]]


def connect(*url, autocommit, **how):
    if there("refused"):
        raise Error("connection refused\\nIs the server running?")
    assert autocommit
    assert url == ("postgresql://airflow:100%@192.0.2.10/airflow",) or how == {
        "host": "192.0.2.10", "port": 3306, "user": "airflow", "password": "100%", "database": "airflow", "ssl": {"ca": "/etc/ca.crt"},
        "program_name": how["program_name"], "init_command": "SET SESSION wait_timeout = 40", "connect_timeout": 8, "read_timeout": 8, "write_timeout": 8}
    return Connection()
'''
URLS = {"psycopg": "postgresql+psycopg://airflow:100%%@192.0.2.10/airflow",
        "pymysql": "mysql+pymysql://airflow:100%%25@192.0.2.10:3306/airflow?ssl_ca=/etc/ca.crt&connect_timeout=3"}
SECONDS = 20


@pytest.fixture(name="start", params=URLS)
def scripts(tmp_path, request):
    (tmp_path / f"{request.param}.py").write_text(DRIVER)
    (tmp_path / "airflow.cfg").write_text("[database]\nsql_alchemy_conn = %s\n" % URLS[request.param])
    environment = dict(os.environ, PYTHONPATH=str(tmp_path), AIRFLOW_CONFIG=str(tmp_path / "airflow.cfg"),
                       PYTHONDONTWRITEBYTECODE="1")
    running = []

    def start(name, *arguments):
        process = subprocess.Popen(
            [sys.executable, str(SCRIPTS / name), *arguments],
            env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
        watchdog = threading.Timer(SECONDS, end, [process])
        watchdog.start()
        running.append((process, watchdog))
        return process

    yield start
    for process, watchdog in running:
        watchdog.cancel()
        end(process)
        process.communicate()


def end(process):
    """End a script with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def only_one(start, *command):
    return start("only_one.py", "--lock", "test", "--interval", "0.05", "--", *command)


def until_said(process, words):
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError("it ended without saying %r" % words)


def comes_about(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("code", [0, 3])
def test_the_command_s_result_is_handed_on(start, tmp_path, code):
    process = only_one(start, "sh", "-c", "exit %d" % code)
    assert process.wait(SECONDS) == code
    assert (tmp_path / "closed").exists()


def test_it_stands_by_until_the_lock_is_free(start, tmp_path):
    (tmp_path / "taken").touch()
    process = only_one(start, "touch", str(tmp_path / "ran"))
    until_said(process, "standing by for the lock test")
    assert process.poll() is None and not (tmp_path / "ran").exists()
    (tmp_path / "taken").unlink()
    assert process.wait(SECONDS) == 0
    assert (tmp_path / "ran").exists()


def test_a_lost_lock_stops_the_command(start, tmp_path):
    process = only_one(start, "sh", "-c", "trap 'touch %s/stopped; exit' TERM; touch %s/ready; while :; do sleep 0.05; done" % (
        tmp_path, tmp_path))
    comes_about((tmp_path / "ready").exists)
    (tmp_path / "lost").touch()
    assert process.wait(SECONDS) == 1
    assert (tmp_path / "stopped").exists()


def test_a_stop_is_handed_on_to_the_command(start, tmp_path):
    process = only_one(start, "sh", "-c", "trap 'exit 7' TERM; touch %s/ready; while :; do sleep 0.05; done" % tmp_path)
    comes_about((tmp_path / "ready").exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS) == 7


def test_the_gate_opens_at_once_for_a_database_that_can_be_written(start):
    assert start("database_ready.py").wait(SECONDS) == 0


@pytest.mark.parametrize("state, reason", [("refused", "connection refused\n"), ("standby", "it is a standby, or read-only\n")])
def test_the_gate_waits_and_says_why_once(start, tmp_path, state, reason):
    (tmp_path / state).touch()
    process = start("database_ready.py")
    until_said(process, "waiting for a database that can be written: %s" % reason)
    (tmp_path / state).unlink()
    assert process.wait(SECONDS) == 0
    assert process.stderr.read() == ""
