# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories as rules see them, for tests of rules."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules.inventory import inventory_findings

NODES = [{"name": "node%d" % number, "address": "192.0.2.1%d" % number, "zone": None} for number in (1, 2, 3, 4)]
TIERS = ("etcd", "postgresql", "rabbitmq", "load_balancers",
         "api_server", "scheduler", "dag_processor", "triggerer", "worker")
VIP = "192.0.2.10"


def shape(**changes):
    tiers = {tier: NODES[:3] for tier in TIERS}
    tiers["redis"] = []
    tiers.update(changes)
    return tiers


def single():
    return dict({tier: NODES[:1] for tier in TIERS}, load_balancers=[])


def found(tiers, **settings):
    settings.setdefault("vip", VIP)
    return [(each["id"], each["subject"]) for each in inventory_findings(tiers, settings)]


def named(*names):
    return [{"name": name, "address": "192.0.2.%d" % (50 + number)} for number, name in enumerate(names)]
