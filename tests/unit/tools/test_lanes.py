# SPDX-License-Identifier: GPL-3.0-or-later
"""A lane's stages, with real commands."""

from __future__ import annotations

import re
import sys

import lanes
import pytest

BEGINS = re.compile(r"> (\w+)\] Executing$")


def python(code):
    return [sys.executable, "-c", code]


@pytest.fixture(name="run")
def run_of_a_lane(tmp_path):
    def run(*commands):
        said = []
        lane = lanes.Lane("files", commands, tmp_path, said.append)
        lane.start()
        lane.join()
        return lane, said

    return run


def test_each_command_is_a_stage_with_a_log(run, tmp_path):
    lane, said = run(("lint", python("print('clean')")), ("unit", python("print('=== 3 passed, 1 warning in 0.10s ===')")))
    assert [(stage.title, stage.passed) for stage in lane.done] == [("lint", True), ("unit", True)]
    assert lane.failed is None
    assert lane.tests == ["3 passed, 1 warning"]
    assert (tmp_path / "lint.log").read_text() == "clean\n"
    assert "files unit: 3 passed, 1 warning" in said


def test_a_lane_ends_at_its_first_failure(run, tmp_path):
    lane, said = run(("lint", python("raise SystemExit(3)")), ("unit", python("print('never')")))
    assert (lane.failed.title, lane.failed.log) == ("lint", tmp_path / "lint.log")
    assert [stage.title for stage in lane.done] == ["lint"]
    assert said[-1].startswith("files lint FAILED after")


def test_a_command_that_has_stages_of_its_own_is_told_by_them(run, tmp_path):
    code = r"""
print('\x1b[36mINFO\x1b[0m [three > \x1b[33mcreate] Executing')
print('PLAY [Create] ***')
print('INFO [three > verify] Executing', flush=True)
raise SystemExit(1)"""
    lane, said = run(("hosts", python(code), BEGINS))
    assert [(stage.title, stage.passed) for stage in lane.done] == [("hosts", True), ("create", True), ("verify", False)]
    assert lane.failed.log == tmp_path / "hosts.log"
    assert "files create: Create" in said


def test_what_a_command_computes_is_counted(run):
    lane, _said = run(("unit", python("import time; [None for _ in iter(lambda: time.process_time() < 0.3, False)]")))
    assert lane.done[0].cost.cpu >= 0.3
    assert lane.done[0].cost.seconds >= 0.3
