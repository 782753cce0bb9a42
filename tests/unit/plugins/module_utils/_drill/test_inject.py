# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import sys

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import harm, inject, processes
from ansible_collections.steady.airflow.plugins.module_utils._drill.inject import Harm
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption, SteadyError
from ansible_collections.steady.airflow.tests.unit.plugins.module_utils._drill.test_harm import fault

RUNNING = "MainPID=31\nControlGroup=/system.slice/a.service\n"
DEAD = "MainPID=0\nControlGroup=\n"
UNITS = "steady-drill-F07-1.service loaded active running sleep 60\nsteady-drill-F20-2.service loaded active running sleep 60\n"


@pytest.fixture(name="host")
def recorded_host():
    class Host:
        def __init__(self):
            self.ran, self.killed, self.paused, self.answers = [], [], [], []

        def run(self, command):
            self.ran.append(command)
            return self.answers.pop(0) if self.answers else RUNNING

        def harm(self, dry=False):
            return Harm(self.run, self.killed.append, dry, self.paused.append)

    return Host()


def test_the_main_process_is_killed_as_often_as_asked_for(host):
    host.answers = [RUNNING, DEAD, RUNNING.replace("31", "32")]
    injected = host.harm()
    injected.inject(fault("kill", units=["a.service"], pattern=None, times=3, every=1.5))
    assert host.killed == [31, 32]
    assert host.paused == [1.5, 1.5]
    assert injected.commands == [["kill", "-KILL", "31"], ["kill", "-KILL", "32"]]


def test_a_unit_without_a_process_is_an_error(host):
    host.answers = [DEAD]
    with pytest.raises(SteadyError, match="no process of a.service was found"):
        host.harm().inject(fault("kill", units=["a.service"], pattern=None, times=1, every=1))


def test_a_process_that_comes_and_goes_is_waited_for(host, monkeypatch):
    found = [[], [], [41], [41]]
    monkeypatch.setattr(processes, "of_unit", lambda group, pattern: found.pop(0))
    monkeypatch.setattr(processes, "command_line", lambda pid: "task %d" % pid)
    moments = iter((10.0, 20.0, 21.0, 22.0))
    injected = Harm(host.run, host.killed.append, pause=host.paused.append, now=lambda: next(moments))
    injected.inject(fault("kill", units=["a.service"], pattern="task", times=1, every=1))
    assert (host.killed, host.paused) == ([41], [1, 1])
    assert (injected.begun, injected.victims) == (22.0, ["task 41"])


def test_a_process_that_never_comes_is_an_error(host, monkeypatch):
    monkeypatch.setattr(processes, "of_unit", lambda group, pattern: [])
    with pytest.raises(SteadyError, match="no process of a.service was found"):
        host.harm().inject(fault("kill", units=["a.service"], pattern="task", times=1, every=1, patience=5))
    assert host.paused == [1] * 5


def test_a_dry_run_kills_and_runs_nothing(host):
    for kind in ("kill", "reload", "stop", "cut"):
        injected = host.harm(dry=True)
        injected.inject(fault(kind, units=["a.service"], pattern=None, times=1, every=1))
        assert injected.commands
    assert host.killed == []
    assert {command[1] for command in host.ran} == {"show"}


def test_units_are_reloaded_in_a_row(host):
    host.harm().inject(fault("reload", units=["a.service"], pattern=None, times=2, every=0))
    assert host.ran == 2 * [["systemctl", "reload", "a.service"]]


def test_rules_are_written_before_the_unit_reads_them(host, tmp_path, monkeypatch):
    monkeypatch.setattr(harm, "FILES", str(tmp_path / "drill"))
    cut = fault("cut", ports=[2379])
    host.harm().inject(cut)
    assert (tmp_path / "drill/F07-1.nft").read_text() == harm.rules(cut, inject.devices())
    assert host.ran == [harm.lasting(cut)]


@pytest.mark.parametrize("there, limits, lacking", [
    ([], {"cpu_percent": 5}, "cpu: .* names none"), (["cpu", "pids"], {"cpu_percent": 5, "memory_mb": 9}, "memory: .* names cpu pids")])
def test_a_limit_that_systemd_cannot_set_is_an_error(host, monkeypatch, there, limits, lacking):
    monkeypatch.setattr(inject, "controllers", lambda: there)
    with pytest.raises(SteadyError, match=lacking):
        host.harm().inject(fault("limit", units=["a.service"], **limits))
    assert host.ran == []
    monkeypatch.setattr(inject, "controllers", lambda: ["cpu", "memory"])
    host.harm().inject(fault("limit", units=["a.service"], **limits))
    assert host.ran[0][0] == "systemd-run"


def test_controllers_are_those_of_the_kernel(tmp_path):
    (tmp_path / "controllers").write_text("cpuset cpu io memory\n")
    assert inject.controllers(tmp_path / "controllers") == ["cpuset", "cpu", "io", "memory"]
    assert inject.controllers(tmp_path / "none") == []


@pytest.mark.parametrize("kind, option", [("freeze", "units"), ("limit", "units"), ("delay", "interface"), ("fill", "path")])
def test_what_a_kind_cannot_do_without_is_named(host, kind, option):
    with pytest.raises(BadOption, match="%s needs the option %s" % (kind, option)):
        host.harm().inject(fault(kind, **{option: None}))
    assert host.ran == []


@pytest.mark.parametrize("name, asked", [("all", "steady-drill-*.service"), ("F07-1", "steady-drill-F07-1.service")])
def test_healing_stops_what_is_there(host, name, asked):
    host.answers = [UNITS]
    healed = host.harm()
    healed.heal(name)
    assert host.ran[0][-1] == asked
    assert healed.commands == [["systemctl", "stop", "steady-drill-F07-1.service", "steady-drill-F20-2.service"]]


def test_nothing_to_heal_is_no_change(host):
    host.answers = [""]
    healed = host.harm()
    healed.heal("all")
    assert healed.commands == []


# recorded: a process in a container with the first version of control groups and the second beside it, and one with the second alone
MIXED = "9:name=systemd:/\n8:pids:/\n0::/system.slice/a.service\n"
FIRST, SECOND = "1:name=systemd:/system.slice/a.service\n", "0::/system.slice/a.service/child\n"


def test_a_process_is_found_by_its_command_line_in_its_units_group_and_below(tmp_path):
    for pid, group, command in [(33, MIXED, "input marked"), (31, FIRST, "input marked"), (32, SECOND, "input marked"), (34, SECOND, "other marked"),
                                (35, "0::/system.slice/a.service2\n", "input marked"), (36, "0::/b/system.slice/a.service\n", "input marked")]:
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "cgroup").write_text(group)
        (tmp_path / str(pid) / "cmdline").write_text(command.replace(" ", "\0") + "\0")
    (tmp_path / "37").mkdir()  # it ended just now
    (tmp_path / "sys").mkdir()
    assert processes.of_unit("/system.slice/a.service", "input.* marked$", str(tmp_path)) == [31, 32, 33]
    assert processes.of_unit("/system.slice/a.service", "no such", str(tmp_path)) == []


def test_a_command_line_is_that_of_the_process():
    with subprocess.Popen([sys.executable, "-c", "input(1)", "marked"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.read(1) == b"1"  # it runs what it is to be found by
        assert processes.command_line(process.pid).endswith("-c input(1) marked")
        process.communicate(b"\n")
