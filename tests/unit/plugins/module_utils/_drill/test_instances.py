# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import instances
from ansible_collections.steady.airflow.tests.unit.drill_directory import BEGAN, row

KEY = ("d", "r", "t", -1)


def tried(number, node="node1", start=0.0, end=50.0, **changes):
    return row(KEY, number, node, BEGAN + start, BEGAN + end, **changes)


def line(identity, number, at, node="node1", pid=1):
    return {"dag": "d", "run": "r", "task": "t", "map": -1, "try": number, "ti": identity, "node": node, "pid": pid, "at": at and BEGAN + at}


def told(listed, lines=(), earlier=()):
    said = {"asked": 5.0, "runs": [{"dag_id": "d", "dag_run_id": "r", "state": "success"}], "instances": [dict(listed, earlier=list(earlier))]}
    return instances.told(said, lines)["instances"]


def test_a_try_is_told_as_the_oracle_wants_it():
    assert told(tried(1)) == [{
        "dag": "d", "run": "r", "task": "t", "map": -1, "try": 1, "id": tried(1)["id"], "state": "success", "hostname": "node1",
        "start": BEGAN, "end": BEGAN + 50, "retries": 2}]


def test_runs_are_told_as_the_oracle_wants_them():
    found = instances.told({"asked": 5.0, "runs": [{"dag_id": "d", "dag_run_id": "r", "state": "failed", "run_after": "x"}], "instances": []}, [])
    assert found == {"asked": 5.0, "runs": [{"dag": "d", "run": "r", "state": "failed"}], "instances": []}


def test_a_task_that_never_began_has_no_host_and_no_moments():
    one = told(tried(0, node=None, state="upstream_failed", start_date=None, end_date=None, max_tries=-1))[0]
    assert (one["try"], one["hostname"], one["start"], one["end"], one["retries"]) == (0, "", None, None, 0)


def test_retries_are_those_before_the_task_was_cleared():
    assert [one["retries"] for one in told(tried(2, start=60, max_tries=3), earlier=[tried(1, max_tries=2)])] == [2, 2]


SECOND = tried(2, node="node2", start=60, end=90)
FIRST = tried(1, pid=7, state="failed")


@pytest.mark.parametrize("lines, identity", [
    ([line("A", 1, 1.0, pid=7)], "A"),
    ([line("A", 1, 1.0, pid=7), line("B", 1, 2.0, pid=8)], "A"),
    ([line("B", 1, 2.0, pid=8), line("A", 1, 1.0, pid=7)], "A"),
    # deferred: what Airflow knows is the process that took it up again, and that wrote nothing
    ([line("A", 1, 1.0, node="node3", pid=9)], "A"),
    ([line("A", 1, None, node="node3", pid=9)], "A"),
    # two that may be meant, one that began before Airflow's did or after it was over, and one of another number
    ([line("A", 1, 1.0, pid=8), line("B", 1, 2.0, pid=9)], "d r t -1 try 1"),
    ([line("A", 1, -30.0, pid=8)], "d r t -1 try 1"),
    ([line("A", 1, 70.0, pid=8)], "d r t -1 try 1"),
    ([line("A", 2, 1.0, pid=7)], "d r t -1 try 1"),
    ([], "d r t -1 try 1"),
    # the listed one's own lines
    ([line(SECOND["id"], 1, 1.0, pid=7)], "d r t -1 try 1"),
])
def test_the_id_of_a_try_of_the_past_is_found_in_the_ledger(lines, identity):
    found = told(SECOND, lines, [FIRST])
    assert [one["id"] for one in found] == [identity, SECOND["id"]]
    assert [one["try"] for one in found] == [1, 2]


def test_a_try_that_never_ran_is_not_told_with_the_host_of_the_one_before():
    third = tried(3, node="node2", start=60, end=90)
    second = dict(FIRST, try_number=2)
    found = told(third, [line("A", 2, 1.0, pid=7)], [FIRST, second])
    assert [(one["hostname"], one["start"]) for one in found] == [("node1", BEGAN), ("", None), ("node2", BEGAN + 60)]
    assert found[1]["id"] == "d r t -1 try 2"
    assert found[1]["end"] is None


def test_a_task_that_waits_to_be_tried_again_is_a_try_of_its_own():
    waiting = dict(FIRST, id="new", state="up_for_retry")
    found = told(waiting, [line("A", 1, 1.0, pid=7)], [FIRST])
    assert [(one["try"], one["id"], one["state"], one["hostname"]) for one in found] == [(1, "A", "failed", "node1"), (2, "new", "up_for_retry", "")]


def test_tries_of_the_past_are_told_from_the_one_that_is_listed():
    assert instances.over(SECOND, [FIRST, SECOND]) == [FIRST]
    third = tried(3)
    assert instances.over(third, [SECOND, FIRST, third]) == [FIRST, SECOND]
    assert instances.over(dict(FIRST, state="up_for_retry"), [FIRST]) == [FIRST]
    cleared = dict(FIRST, state=None)
    assert instances.over(cleared, [FIRST, cleared]) == [FIRST]
    assert instances.over(FIRST, [FIRST]) == []
