# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure parts of the demo."""

from __future__ import annotations

import demo

MEMBERS = [{"name": "node1"}, {"name": "node2"}]


def test_changes_are_counted_over_all_hosts():
    recap = [
        "PLAY RECAP ***",
        "node1                      : ok=93   changed=4    unreachable=0    failed=0    skipped=7",
        "node2                      : ok=93   changed=3    unreachable=0    failed=0    skipped=7",
        "changed: [node1]",
    ]
    assert demo.changes(recap) == 7
    assert demo.changes([]) == 0


def test_a_row_per_tier_tells_leader_and_problems():
    status = {
        "etcd": {"members": MEMBERS, "leader": "node2", "healthy": True, "problems": []},
        "Airflow": {"members": MEMBERS, "leader": None, "healthy": False, "problems": ["node1 does not answer", "no triggerer"]},
    }
    assert demo.tier_rows(status) == [
        ("etcd", "node1, node2", "node2", "healthy"),
        ("Airflow", "node1, node2", "-", "node1 does not answer; no triggerer"),
    ]
