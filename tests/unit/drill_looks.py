# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module drill_look says on the three nodes of a cluster that is whole: node1 has the VIP, the database and the dag-processor,
node2 leads etcd, node3 the queues.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._drill import seen

NODES = ["node1", "node2", "node3"]
TIERS = {tier: [{"name": node, "address": "192.0.2.1%s" % node[-1]} for node in NODES] for tier in seen.MEMBERS}
LEADERS = {"etcd": "node2", "postgresql": "node1", "synchronous": ["node3", "node2"], "queue": "node3", "redis": "node2"}
UNREACHABLE = {"unreachable": True, "msg": "Failed to connect to the host via ssh"}


def look(whole=100.0, watched=(), leaders=None, vip=False, dag_processor=False, clock=None, task=False, fenced=()):
    return {
        "whole": whole, "leaders": leaders or {}, "vip": vip, "dag_processor": dag_processor, "clock": clock or {"b": 1.0}, "task": task,
        "fenced": list(fenced), "machine": {"waiting": 40, "stolen": 0},
        "watched": {what: {"away": away, "problems": problems} for what, (away, problems) in dict({"host": ([], [])}, **dict(watched)).items()},
    }


def looks(**changes):
    """changes: {node: another look}."""
    return {"node1": look(leaders=LEADERS, vip=True, dag_processor=True), "node2": look(), "node3": look(), **changes}
