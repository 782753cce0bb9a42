# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watchdog sees and does: real processes and a real HTTPS server; the database and systemd are played."""
from __future__ import annotations

import http.server
import signal
import socket
import sys
import threading

import pytest

from ansible_collections.steady.airflow.tests.unit.authorities import unfit_server
from ansible_collections.steady.airflow.tests.unit.roles.watchdog_looks import let_pass, wish

ENOUGH = 1000  # seconds of silence that nobody is forgiven
SECONDS = 20


def test_a_silent_scheduler_is_killed_and_said_so(watchdog, systemd, database, clock, launched, capsys):
    scheduler = launched()
    [copy] = watchdog.processes.children(scheduler.pid)
    systemd["airflow-scheduler.service"] = ("active", scheduler.pid)
    database.beats = {"SchedulerJob": (7, "10:00")}
    dog = watchdog.Watchdog(wish("scheduler"))
    let_pass(clock, dog, 150)
    assert scheduler.poll() is None
    let_pass(clock, dog, 20)
    assert scheduler.wait(SECONDS) == -signal.SIGKILL
    assert capsys.readouterr().err == (
        "airflow-scheduler.service hangs: no sign of life for 100 s while the database could be written; "
        "killing %d, %d, systemd starts it again\n" % (copy, scheduler.pid))


def test_a_new_heartbeat_is_a_sign_of_life(watchdog, systemd, database, clock, launched):
    scheduler = launched()
    systemd["airflow-scheduler.service"] = ("active", scheduler.pid)
    dog = watchdog.Watchdog(wish("scheduler"))
    for number in range(ENOUGH // 10):
        database.beats = {"SchedulerJob": (7, number // 5)}
        let_pass(clock, dog, 10)
    assert scheduler.poll() is None
    assert (socket.gethostname(), ["SchedulerJob", "DagProcessorJob", "TriggererJob"]) in database.asked


def test_without_a_database_nobody_is_killed_and_it_is_said_once(watchdog, systemd, database, clock, launched, capsys):
    scheduler = launched()
    systemd["airflow-scheduler.service"] = ("active", scheduler.pid)
    dog = watchdog.Watchdog(wish("scheduler"))
    database.refuses = "connection refused\nIs the server running?"
    let_pass(clock, dog, 20)
    database.refuses = "connection timeout expired"
    let_pass(clock, dog, ENOUGH)
    database.refuses = None
    let_pass(clock, dog, 60)
    assert scheduler.poll() is None
    assert database.connections == (ENOUGH + 20) // 10 + 1
    assert capsys.readouterr().err.splitlines() == [
        "nobody is judged while the database cannot be written: connection refused", "the database can be written again"]


@pytest.mark.parametrize("state, of_it", [("activating", True), ("inactive", False), ("deactivating", True)])
def test_a_unit_that_is_not_up_is_left_alone(watchdog, systemd, clock, process, state, of_it):
    other = process()
    systemd["airflow-scheduler.service"] = (state, other.pid if of_it else 0)
    let_pass(clock, watchdog.Watchdog(wish("scheduler")), ENOUGH)
    assert other.poll() is None


def test_a_dag_processor_that_stands_by_is_left_alone(watchdog, systemd, database, clock, process):
    launcher = process()
    systemd["airflow-dag-processor.service"] = ("active", launcher.pid)
    database.beats = {"DagProcessorJob": (3, "yesterday")}
    let_pass(clock, watchdog.Watchdog(wish("dag_processor")), ENOUGH)
    assert launcher.poll() is None


def test_of_one_that_hangs_the_launcher_with_the_lock_goes_last(watchdog, systemd, clock, launched, monkeypatch):
    launcher = launched()
    systemd["airflow-dag-processor.service"] = ("active", launcher.pid)
    killed = []
    monkeypatch.setattr(watchdog.processes.os, "kill", lambda process, number: killed.append((process, number)))
    [child] = watchdog.processes.children(launcher.pid)
    let_pass(clock, watchdog.Watchdog(wish("dag_processor")), 170)
    assert killed == [(child, signal.SIGKILL), (launcher.pid, signal.SIGKILL)]
    monkeypatch.undo()
    watchdog.processes.send(signal.SIGKILL, (child,))


class Refusing(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(500)

    do_HEAD = do_GET

    def log_message(self, *_words):
        pass


@pytest.fixture(name="server")
def https_server(tmp_path):
    server = http.server.HTTPServer(("127.0.0.1", 0), Refusing)
    server.socket = unfit_server(tmp_path).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield "127.0.0.1:%d" % server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("to_get", [Refusing.do_HEAD, lambda _handler: None], ids=["any answer", "a refusal while all threads are busy"])
def test_an_answer_is_a_sign_of_life(watchdog, systemd, clock, process, server, monkeypatch, to_get):
    monkeypatch.setattr(Refusing, "do_GET", to_get)
    api_server = process()
    systemd["airflow-api-server.service"] = ("active", api_server.pid)
    let_pass(clock, watchdog.Watchdog(wish("api_server", api=server)), 300)
    assert api_server.poll() is None


def test_an_api_server_that_does_not_answer_is_killed(watchdog, systemd, clock, process, monkeypatch):
    for asked in ("SIGN", "REFUSAL"):
        monkeypatch.setattr(watchdog, asked, ("GET", 0.01))
    api_server = process()
    systemd["airflow-api-server.service"] = ("active", api_server.pid)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        let_pass(clock, watchdog.Watchdog(wish("api_server", api="127.0.0.1:%d" % silent.getsockname()[1])), 170)
    assert api_server.wait(SECONDS) == -signal.SIGKILL


def test_heartbeats_under_a_name_that_only_airflow_knows_are_not_looked_at(watchdog, systemd, database, clock, launched, tmp_path, capsys):
    (tmp_path / "airflow.cfg").write_text("[core]\nhostname_callable = airflow.utils.net.get_host_ip_address\n")
    scheduler = launched()
    systemd["airflow-scheduler.service"] = ("active", scheduler.pid)
    dog = watchdog.Watchdog(wish("scheduler"))
    let_pass(clock, dog, ENOUGH)
    assert scheduler.poll() is None
    assert "only Airflow knows what hostname_callable = airflow.utils.net.get_host_ip_address" in capsys.readouterr().err
    assert {host for host, _jobs in database.asked} == {None}


def test_the_loop_says_whom_it_watches(watchdog, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["watchdog.py", "--patience", "90", "--start", "60", "--api", "192.0.2.11:8080", "scheduler", "worker"])
    monkeypatch.setattr(watchdog.Watchdog, "round", lambda self: sys.exit(0))
    with pytest.raises(SystemExit):
        watchdog.main()
    assert capsys.readouterr().err == "watching airflow-scheduler.service, airflow-worker.service; patience 90 s\n"


@pytest.mark.parametrize("runs_tasks, asked", [("worker", [7, 8]), ("scheduler", [7])])
def test_what_tasks_compute_is_no_excuse_for_who_runs_them(watchdog, monkeypatch, runs_tasks, asked):
    monkeypatch.setattr(watchdog.processes, "family", lambda main: [main, 8])
    monkeypatch.setattr(watchdog.processes, "wanted", list)
    dog = watchdog.Watchdog(wish("scheduler"))
    dog.wish.runs_tasks = runs_tasks
    assert dog.sight([7], "scheduler", None).wanted == asked
