# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watchdog does of a worker and tells of all: real processes; the database, the broker and systemd are played."""
from __future__ import annotations

import re
import signal
import socket

from ansible_collections.steady.airflow.tests.unit.roles.watchdog_looks import let_pass, wish

SECONDS = 20


def test_a_worker_that_leaves_places_free_while_messages_wait_is_told_to_end(watchdog, systemd, clock, process, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(watchdog.worker, "time", clock)
    monkeypatch.setattr(watchdog.worker, "FREE", re.compile(""))
    monkeypatch.setattr(watchdog.worker.broker.Queues, "there", {"heavy": 3})
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    main = process("bash", "-c", "sleep 60 >/dev/null & echo; wait")
    main.stdout.readline()
    systemd["airflow-worker.service"] = ("active", main.pid)
    let_pass(clock, dog := watchdog.Watchdog(wish("worker")), 170)
    assert main.wait(SECONDS) == -signal.SIGTERM
    assert capsys.readouterr().err == (
        "airflow-worker.service hangs: messages wait (3 in heavy), and it left places free for 100 s; "
        "it ends when its 0 tasks have ended, and systemd starts it again\n")
    told = (tmp_path / "airflow_watchdog.prom").read_text()
    assert 'airflow_watchdog_ended_total{unit="airflow-worker.service"} 1\n' in told
    assert 'airflow_watchdog_messages_waiting{queue="heavy"} 3\n' in told
    assert 'airflow_watchdog_places{state="free"} 1\n' in told
    monkeypatch.setattr(watchdog.worker.broker.Queues, "there", None)
    let_pass(clock, dog, 10)
    assert "messages_waiting{" not in (tmp_path / "airflow_watchdog.prom").read_text()


def test_its_status_is_what_it_saw_last(watchdog, systemd, clock, launched, monkeypatch, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemds:
        systemds.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        systemd["airflow-scheduler.service"] = ("active", launched().pid)
        let_pass(clock, watchdog.Watchdog(wish("scheduler")), 100)
        told = [systemds.recv(1000).decode() for _round in range(10)]
    assert told[0] == "STATUS=sees 1 components"
    assert told[-1] == "STATUS=sees 1 components; airflow-scheduler.service gave no sign of life for 30 s"


def test_who_cannot_tell_guards_all_the_same_and_says_so_once(watchdog, systemd, clock, launched, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "gone"))
    scheduler = launched()
    systemd["airflow-scheduler.service"] = ("active", scheduler.pid)
    let_pass(clock, watchdog.Watchdog(wish("scheduler")), 170)
    assert scheduler.wait(SECONDS) == -signal.SIGKILL
    assert capsys.readouterr().err.count("cannot be told as status and metrics") == 1


def test_of_a_worker_that_does_not_run_nothing_is_told(watchdog, systemd, clock, process, monkeypatch, tmp_path):
    monkeypatch.setattr(watchdog.worker, "FREE", re.compile(""))
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    main = process("bash", "-c", "sleep 60 >/dev/null & echo; wait")
    main.stdout.readline()
    systemd["airflow-worker.service"] = ("active", main.pid)
    let_pass(clock, dog := watchdog.Watchdog(wish("worker")), 10)
    assert "airflow_watchdog_places" in (tmp_path / "airflow_watchdog.prom").read_text()
    systemd["airflow-worker.service"] = ("inactive", 0)
    let_pass(clock, dog, 10)
    assert "airflow_watchdog_places" not in (tmp_path / "airflow_watchdog.prom").read_text()
