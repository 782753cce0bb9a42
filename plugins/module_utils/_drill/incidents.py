# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what a drill's report tells of a fault, but for what was measured. Pure."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._drill.touched import MOMENTARY

PHRASES = {
    "postgresql_leader": "led PostgreSQL",
    "etcd_leader": "led etcd",
    "queue_leader": "led queues of the broker",
    "redis_master": "was Redis' master",
    "vip_holder": "held the VIP",
    "dag_processor": "ran the DAG processor",
}
NOTHING = "led nothing"
# what must hold after every fault, in seconds
BOUND = {"redundancy": 120}


def incident(told, plan):
    """told: a file of faults/; plan: plan.json."""
    entries = [plan["catalogue"][part["fault"]] for part in told["parts"]]
    names = [part["fault"] for part in told["parts"]]
    return {
        "fault": told["fault"],
        "number": told["number"],
        "title": "; ".join(entry["title"] for entry in entries),
        "layer": entries[0]["layer"],
        "targets": list(dict.fromkeys(host for part in told["parts"] for host in part["hosts"])),
        "roles": roles(told["roles"]),
        "injected": min(told["begun"].values()),
        "healed": healed(told, entries),
        "whole": told["whole"],
        "problem": told["problem"],
        "machine": told["machine"],
        "bound": dict(BOUND, **larger([entry.get("bounds") or {} for entry in entries])),
        "predicted": larger([plan["predicted"].get(name) or {} for name in names]),
    }


def healed(told, entries):
    """When the last host was healed: with the blow, where nothing of it lasts."""
    last = max([*told["begun"].values(), *told["done"].values()])
    return last if all(entry["kind"] in MOMENTARY for entry in entries) else last + told["duration"]


def larger(given):
    """Of faults at the same time the larger number each. What one of them has no number for has none."""
    common = set(given[0]).intersection(*given[1:])
    return {name: max(each[name] for each in given) for name in given[0] if name in common}


def roles(told):
    """What the hosts did right before, as half a sentence: {host: roles}."""
    done = {host: _listed([PHRASES.get(role, "had the role " + role) for role in names]) for host, names in told.items()}
    if len(done) == 1:
        return "it " + next(iter(done.values()))
    return "; ".join("%s %s" % each for each in done.items()) or "it " + NOTHING


def _listed(phrases):
    return " and ".join([", ".join(phrases[:-1]), *phrases[-1:]] if len(phrases) > 1 else phrases) or NOTHING
