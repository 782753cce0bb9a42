# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A component that is run again without its imports: real processes; Airflow, the database and control groups are played by files."""
from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

SCRIPTS = ROOT / "roles/airflow_component/files"
SECONDS = 20
# each line is what happened, and in which process
TELL = "import os\ndef tell(words):\n    with open(os.environ['TOLD'], 'a') as file:\n        file.write('%s %d\\n' % (words, os.getpid()))\n"
PLAYED = {
    "told.py": TELL,
    "database_ready.py": "import told\ndef wait(meanwhile):\n    meanwhile()\n    told.tell('waits')",
    "mended.py": "import runpy, sys, told\nmend = lambda broker, command: told.tell('mends %s for %s' % (broker, command[1]))\n"
                 "def run(command):\n    sys.argv = command\n    runpy.run_path(command[0], run_name='__main__')",
    "control_group.py": "import told\nown = lambda: 'group'\ndef empty(group, spared, seconds):\n"
                        "    told.tell('kills all of %s but %d' % (group, *spared))\n    return [1, 2, 3]",
    "airflow/__init__.py": "",
    "airflow/__main__.py": "import told\ntold.tell('imports')",
    "sqlalchemy/orm.py": "configure_mappers = lambda: None",
}
COMPONENT = "import os, signal, sys, time, told\ntold.tell('runs %s' % ' '.join(sys.argv[1:]))\nassert 'NOTIFY_SOCKET' not in os.environ\n"
# it ends with 1 as long as there are files to remove, and then well
FAILS_TWICE = COMPONENT + """
left = [name for name in ('first', 'second') if os.path.exists(os.path.join(os.path.dirname(os.environ['TOLD']), name))]
if left:
    os.remove(os.path.join(os.path.dirname(os.environ['TOLD']), left[0]))
    sys.exit(1)
"""


@pytest.fixture(name="start")
def script(tmp_path):
    """Starts it; whoever ends in less than this many seconds was never at work."""
    running = []
    for name, text in PLAYED.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def start(component, soon, *options):
        (tmp_path / "command").write_text(component)
        program = "import sys; sys.path.append(%r); import warm; warm.SOON = %r; sys.argv[0] = 'warm.py'; warm.main()" % (str(SCRIPTS), soon)
        environment = dict(os.environ, PYTHONPATH=str(tmp_path), PYTHONDONTWRITEBYTECODE="1", TOLD=str(tmp_path / "told"))
        process = subprocess.Popen([sys.executable, "-c", program, *options, "--", str(tmp_path / "command"), "scheduler"], env=environment, text=True,
                                   stderr=subprocess.PIPE, start_new_session=True)
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture(name="told")
def what_happened(tmp_path):
    """[(words, process)]"""
    return lambda: [(line.rsplit(" ", 1)[0], int(line.rsplit(" ", 1)[1])) for line in (tmp_path / "told").read_text().splitlines()]


def test_one_that_ends_by_itself_is_run_again_without_an_import(start, told, tmp_path):
    (tmp_path / "first").touch()
    (tmp_path / "second").touch()
    process = start(FAILS_TWICE, 0, "--broker", "redis")
    _out, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    again = ["kills all of group but %d" % process.pid, "waits", "runs scheduler"]
    assert [words for words, _process in told()] == ["mends redis for scheduler", "imports", "waits", "runs scheduler", *again, *again]
    assert {whose for words, whose in told() if not words.startswith("runs")} == {process.pid}
    copies = [whose for words, whose in told() if words.startswith("runs")]
    assert len({*copies, process.pid}) == 4
    assert said.count("scheduler ended with 1 after 0 s, and 3 processes of it were killed; there is a next one") == 2
    assert "airflow.jobs.scheduler_job_runner is imported later: No module named 'airflow.jobs'" in said


@pytest.mark.parametrize("ending, code", [("sys.exit(0)", 0), ("sys.exit(3)", 3), ("os.kill(os.getpid(), signal.SIGKILL)", 9)])
def test_one_that_ends_right_away_is_left_to_systemd(start, told, ending, code):
    process = start(COMPONENT + ending, 60)
    assert process.wait(SECONDS) == code
    assert [words for words, _process in told()] == ["imports", "waits", "runs scheduler"]


def test_who_is_to_end_lets_the_component_do_so(start, told):
    process = start(COMPONENT + "signal.signal(signal.SIGTERM, lambda *_: (told.tell('ends'), sys.exit(5)))\n"
                                "print('up', file=sys.stderr, flush=True)\nwhile True:\n    signal.pause()", 0)
    while "up" not in process.stderr.readline():
        pass
    process.terminate()
    assert process.wait(SECONDS) == 0
    assert [words for words, _process in told()] == ["imports", "waits", "runs scheduler", "ends"]


def test_one_that_waits_for_the_database_ends_at_once(start, tmp_path):
    (tmp_path / "database_ready.py").write_text("import signal, sys\ndef wait(meanwhile):\n    print('waits', file=sys.stderr, flush=True)\n    signal.pause()")
    process = start(COMPONENT, 0)
    while "waits" not in process.stderr.readline():
        pass
    process.terminate()
    assert process.wait(SECONDS) == 0
    assert not (tmp_path / "told").read_text().count("runs")


def test_one_with_threads_is_not_copied(start, told, tmp_path):
    (tmp_path / "airflow/__main__.py").write_text("import threading, time\nthreading.Thread(target=time.sleep, args=(0.5,)).start()")
    process = start(COMPONENT, 0)
    assert process.wait(SECONDS) == 0
    assert told() == [("waits", process.pid), ("runs scheduler", process.pid)]


def test_what_it_does_is_told_to_systemd(start, tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        assert start(COMPONENT, 60).wait(SECONDS) == 0
        assert [systemd.recv(1000).decode() for _time in range(3)] == [
            "STATUS=waits for a database that can be written", "EXTEND_TIMEOUT_USEC=60000000", "READY=1\nSTATUS=runs scheduler"]
