# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: which host watches which tier, and what all of them saw together. Pure.

A look is what the module drill_look returns on one host; looks are {host: look}.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._drill import machine
from ansible_collections.steady.airflow.plugins.module_utils._drill.campaign import BUSY, MEMBERS

# what is looked at: the tier whose members can do that
WATCHERS = {"etcd": "etcd", "postgresql": "postgresql", "rabbitmq": "rabbitmq", "redis": "redis", "airflow": "api_server"}
HOLDERS = {"vip": "vip_holder", "dag_processor": "dag_processor"}


def watched_by(tiers, name, avoided=(), gone=()):
    """What the host of this name is to watch: each tier has one watcher, none of those C(avoided), or at least none C(gone), if there is another."""
    chosen = {}
    for what, tier in WATCHERS.items():
        names = [member["name"] for member in tiers.get(tier) or []]
        there = [each for each in names if each not in gone] or names
        chosen[what] = next((each for each in there if each not in avoided), there[0] if there else None)
    return [what for what, watcher in chosen.items() if watcher == name]


def answered(looks):
    """Looks of hosts that could be asked."""
    return {name: look for name, look in looks.items() if "watched" in look}


def problems(looks):
    """What is wrong with the cluster, one sentence each."""
    there = answered(looks)
    found = ["%s does not answer: %s" % (name, looks[name].get("msg", "")) for name in sorted(set(looks) - set(there))]
    for name, look in sorted(there.items()):
        for tier, seen in sorted(look["watched"].items()):
            found += ["%s: %s" % (name if tier == "host" else tier, problem) for problem in seen["problems"]]
    return found


def seen(looks, tiers):
    """Who has which role right now, as campaign.targets takes it. A host's own name is a role that only it has, unless a role is called so."""
    there = answered(looks)
    leaders = {}
    for look in there.values():
        leaders.update(look["leaders"])
    found = {role: [member["name"] for member in tiers.get(role) or [] if member["name"] in there] for role in MEMBERS}
    found.update(etcd_leader=leaders.get("etcd"), postgresql_leader=leaders.get("postgresql"), queue_leader=leaders.get("queue"),
                 redis_master=leaders.get("redis"))
    for key, role in HOLDERS.items():
        found[role] = next((name for name, look in sorted(there.items()) if look[key]), None)
    found[BUSY] = [name for name in found["worker"] if there[name]["task"]]
    synchronous = leaders.get("synchronous") or []
    found["synchronous"] = sorted(synchronous)
    found["standbys"] = [name for name in found["postgresql"] if name != found["postgresql_leader"]]
    return {**{name: [name] for name in there}, **found}


def roles_of(seen_, name):
    """The roles that only this host has."""
    return sorted(role for role, holder in seen_.items() if holder == name)


def outcome(looks):
    """What became of a fault: {"whole": moment or null, "watched": {tier: {"away"}}, "clocks": {node: {boot: moment}}, "fenced":
    {node: [{"woke", "ended"}]} where any was, "machine": {"waiting", "stolen"}, the worst of all hosts}."""
    there = answered(looks)
    moments = [look["whole"] for look in there.values()]
    watched = {}
    for name, look in sorted(there.items()):
        for tier, told in look["watched"].items():
            watched[name if tier == "host" else tier] = {"away": told["away"]}
    return {
        "whole": None if not moments or None in moments or len(there) < len(looks) else max(moments),
        "watched": watched,
        "clocks": clocks(looks),
        "fenced": {name: look["fenced"] for name, look in sorted(there.items()) if look["fenced"]},
        "machine": machine.worst([look["machine"] for look in there.values()]),
    }


def clocks(looks):
    return {name: look["clock"] for name, look in sorted(answered(looks).items())}
