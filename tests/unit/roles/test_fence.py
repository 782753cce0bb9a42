# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fence with real processes; the clock and the kernel's list of them are played. That it comes first at a thaw is seen on hosts."""
from __future__ import annotations

import itertools
import json
import signal
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.roles.scripts import load_scripts


class Enough(Exception):
    """The test has seen what it waited for."""


@pytest.fixture(name="group")
def control_groups(tmp_path):
    """{name: processes} of units beside each other."""
    def make(**members):
        for name, processes in members.items():
            (tmp_path / name).mkdir()
            (tmp_path / name / "cgroup.procs").write_text("".join("%d\n" % process for process in processes))
        return tmp_path

    return make


@pytest.fixture(name="fence")
def script(monkeypatch, tmp_path):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    return load_scripts(monkeypatch, "metrics", "control_group", "fence", role="airflow_component")


@pytest.fixture(name="run")
def the_fence(fence, monkeypatch, group, tmp_path):
    """Runs it on a clock that says these moments: (lines of fenced.jsonl, its metrics)."""
    def run(moments, **members):
        looks = iter(moments)

        def clock(_which):
            try:
                return next(looks)
            except StopIteration:
                raise Enough from None

        monkeypatch.setattr(fence, "time", types.SimpleNamespace(sleep=lambda _seconds: None, clock_gettime=clock, CLOCK_BOOTTIME=7))
        monkeypatch.setattr(fence.control_group, "own", lambda: group(**members) / "airflow-fence.service")
        monkeypatch.setattr(sys, "argv", ["fence.py", "--unit", "airflow-worker.service", "--after", "80"])
        with pytest.raises(Enough):
            fence.main()
        lines = (tmp_path / "fenced.jsonl").read_text().splitlines() if (tmp_path / "fenced.jsonl").exists() else []
        return [json.loads(line) for line in lines], (tmp_path / "airflow_fence.prom").read_text()

    return run


def test_all_of_a_host_that_stood_still_for_too_long_are_killed(run, process, capsys):
    tasks, other = [process(), process()], process()
    told, metrics = run([100.0, 100.02, 250.5, 250.51, 250.53], **{"airflow-worker.service": [task.pid for task in tasks], "other.service": [other.pid]})
    assert [task.wait() for task in tasks] == [-signal.SIGKILL] * 2
    assert other.poll() is None
    assert told == [{"woke": 250.5, "ended": 250.51, "still": pytest.approx(150.48), "killed": 2}]
    assert "airflow_fence_kills_total 1\n" in metrics and "airflow_fence_still_seconds 150.48\n" in metrics
    assert capsys.readouterr().out == "this host stood still for 150.5 s: 2 processes of airflow-worker.service were killed, whose tasks run elsewhere by now\n"


def test_who_stood_still_for_less_goes_on(run, process):
    task = process()
    told, metrics = run([100.0, 179.9, 180.0], **{"airflow-worker.service": [task.pid]})
    assert task.poll() is None
    assert told == [] and "airflow_fence_kills_total 0\n" in metrics


def test_a_host_may_stand_still_again_and_without_a_task(run):
    told, metrics = run([0.0, 100.0, 100.1, 100.2, 300.2, 300.3])
    assert [each["still"] for each in told] == [100.0, 200.0]
    assert [each["killed"] for each in told] == [0, 0]
    assert "airflow_fence_kills_total 2\n" in metrics


def test_a_process_that_is_gone_is_none(fence, group, process):
    gone = process("true")
    gone.wait()
    assert fence.control_group.kill(group(**{"airflow-worker.service": [gone.pid]}) / "airflow-worker.service") == set()


def test_a_control_group_is_empty_when_its_processes_are_gone(fence, monkeypatch, process):
    """Also one that comes when others were killed already."""
    task, late, spared = process(), process(), process()
    looks = itertools.count()
    monkeypatch.setattr(fence.control_group, "members", lambda _group: [
        each.pid for first, each in ((0, task), (0, spared), (1, late)) if next(looks) // 3 >= first and each.poll() is None])
    assert fence.control_group.empty("group", [spared.pid], 60) == {task.pid, late.pid}
    assert [each.returncode for each in (task, late, spared)] == [-signal.SIGKILL, -signal.SIGKILL, None]


@pytest.mark.parametrize("text, place", [
    ("0::/system.slice/airflow-fence.service\n", "system.slice/airflow-fence.service"),
    ("4:memory:/x\n1:name=systemd:/system.slice/airflow-fence.service\n0::/system.slice/airflow-fence.service\n",
     "unified/system.slice/airflow-fence.service"),
    ("9:name=systemd:/\n1:cpu:/\n0::/system.slice/airflow-fence.service\n", "unified/system.slice/airflow-fence.service"),
    ("4:memory:/x\n1:name=systemd:/system.slice/airflow-fence.service\n", "systemd/system.slice/airflow-fence.service"),
])
def test_its_own_control_group_is_found_in_each_version(fence, tmp_path, text, place):
    directory = tmp_path / "cgroup" / place
    directory.mkdir(parents=True)
    for known in (directory, tmp_path / "cgroup"):  # a root has all processes
        (known / "cgroup.procs").write_text("41\n42\n")
    (tmp_path / "own").write_text(text)
    roots = [f"{tmp_path}/cgroup", f"{tmp_path}/cgroup/unified", f"{tmp_path}/cgroup/systemd"]
    assert fence.control_group.own(tmp_path / "own", roots, 42) == directory
    with pytest.raises(SystemExit, match="names no unit"):
        fence.control_group.own(tmp_path / "own", roots, 43)
