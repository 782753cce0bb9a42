# SPDX-License-Identifier: GPL-3.0-or-later
"""A setting that Redis reads at its start only is changed while a DAG runs, and changed back."""

from __future__ import annotations

import itertools

import pytest

SHARE = "0.2"
UNIT = "redis-server"


@pytest.fixture(name="roll", scope="module", params=[["-e", f"redis_sentinel_memory_share={SHARE}"], []], ids=["changed", "as before"])
def a_rolling_change(request, nodes, playbook, while_dags_run):
    """(what runs by host before it, and after it, states of the DAG's runs meanwhile)"""
    before = {name: running(node) for name, node in nodes.items()}
    (status, text), states = while_dags_run(playbook, "site", *request.param)
    assert status == 0, text[-3000:]
    return before, {name: running(node) for name, node in nodes.items()}, states


def running(node):
    """(bound of memory, main process)"""
    return node.check_output("grep '^maxmemory ' /etc/redis/redis.conf"), node.service(UNIT).systemd_properties["MainPID"]


def absence(node):
    """When it ended last and was ready again, by the clock that all hosts of one machine share."""
    told = node.service(UNIT).systemd_properties
    return int(told["InactiveEnterTimestampMonotonic"]), int(told["ActiveEnterTimestampMonotonic"])


def test_no_task_is_lost_meanwhile(roll):
    assert set(roll[2]) == {"success"}


def test_every_member_runs_with_what_was_changed(roll, nodes):
    before, after, _states = roll
    for name in nodes:
        assert all(old != new for old, new in zip(before[name], after[name]))


def test_one_member_after_the_other_was_away(roll, nodes):
    absences = sorted(absence(node) for node in nodes.values())
    assert all(ended <= began for (_began, ended), (began, _ended) in itertools.pairwise(absences))
