# SPDX-License-Identifier: GPL-3.0-or-later
"""How the loss of a host is measured and judged."""

from __future__ import annotations

import pytest
from host_loss_report import report, verdict
from probes import longest_gap


def loss(**changed):
    return dict({"host": "node1", "roles": ["VIP"], "tiers": {"RabbitMQ": 40.2}, "vip_gap": 0.9, "api_gap": 22.1, "write_gap": 21.4,
                 "whole_after": 61.0, "problem": ""}, **changed)


def result(**changed):
    return dict({"losses": [loss()], "runs": {"success": 12}, "retried": [], "refusals": [], "lost_writes": [], "writes": 900,
                 "twice_at_once": [], "failed": []}, **changed)


@pytest.mark.parametrize(("moments", "gap"), [
    ([1, 2, 3, 4, 5, 6], 1),
    ([0, 1, 4, 5, 6], 3),
    ([6, 4, 5, 1, 0], 3),  # requests overlap, so they may end out of order
    ([0, 9], 9),  # nothing succeeded within: what counts is the whole time between
    ([0, 1, 2, 3], 2.5),  # nothing after: up to the end
    ([], 4),
])
def test_the_longest_gap_reaches_over_the_edges(moments, gap):
    assert longest_gap(moments, 1.5, 5.5) == gap


def test_a_cluster_that_lost_nothing_is_let_off():
    assert not verdict(result(), limit=120)


@pytest.mark.parametrize(("changed", "expected"), [
    ({"failed": ["loss-007"]}, "did not succeed: loss-007"),
    ({"losses": [loss(whole_after=120.1)]}, "not whole within 120 s: node1"),
    ({"losses": [loss(problem="RabbitMQ is not healthy")]}, "not whole within 120 s: node1"),
    ({"lost_writes": [41]}, "are lost: 41"),
    ({"twice_at_once": [("run", "minute")]}, "twice at the same time"),
])
def test_each_broken_promise_is_named(changed, expected):
    [sentence] = verdict(result(**changed), limit=120)
    assert expected in sentence


def test_the_report_tells_roles_gaps_and_tries():
    tries = [{"hostname": "node1", "state": "failed", "start_date": "2026-01-31T12:00:00Z", "end_date": None}]
    text = "\n".join(report(result(retried=[{"run": "loss-001", "task": "minute", "tries": tries}])))
    assert "node1  VIP     0.9 s" in text
    assert "RabbitMQ 40" in text
    assert "loss-001 minute: node1 failed 12:00:00-?" in text
