# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: which faults a drill injects, in which order, and which hosts each meets. Pure.

The same catalogue, wish and seed give the same campaign. Which hosts a fault meets is chosen right before it, among those that have
its role at that moment.
"""

from __future__ import annotations

import itertools
import random

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption

ALL = "all"
# roles that one host has at most
LEADERS = ("postgresql_leader", "etcd_leader", "queue_leader", "redis_master", "vip_holder", "dag_processor")
# roles that all members of a tier have
MEMBERS = ("etcd", "postgresql", "rabbitmq", "redis", "load_balancers", "api_server", "scheduler", "triggerer", "worker")
BUSY = "busy_worker"  # workers that have a task right now
MAJORITY = "majority"
# entries of the catalogue that are no single value
SHAPES = {"spare": (list, "a list"), "bounds": (dict, "a mapping"), "predicts": (dict, "a mapping"), "settings": (dict, "a mapping")}


def plan(catalogue, wish):
    """The faults of a campaign, in order: [{"fault": id, or two as C(A+B), "number": from 1, "seed": number}].

    catalogue: {id: fault}. wish: {"faults": ids, pairs of them, names of layers, or all, "repeat", "random", "seed": numbers}. Each
    chosen fault comes C(repeat) times, all of them once before any comes again, or as many as C(random) says come in a drawn order,
    again all of them before any comes again. BadOption names what nobody knows.
    """
    chosen = _chosen(catalogue, wish["faults"])
    draw = random.Random(wish["seed"])
    order = list(itertools.islice(_drawn(chosen, draw), wish["random"])) if wish["random"] else chosen * wish["repeat"]
    return [{"fault": fault, "number": number, "seed": draw.randrange(2**32)} for number, fault in enumerate(order, 1)]


def _drawn(chosen, draw):
    while True:
        yield from draw.sample(chosen, len(chosen))


def _chosen(catalogue, names):
    layers = {fault["layer"] for fault in catalogue.values()}
    pairs = [name for name in names if _is_pair(catalogue, name)]
    unknown = [name for name in names if name != ALL and name not in layers and name not in catalogue and name not in pairs]
    if unknown or not names:
        raise BadOption("no fault and no layer is called %s: there are the faults %s, pairs of them of two layers such as F03+F24, the layers %s, and %s" % (
            " or ".join(unknown) or "nothing", ", ".join(sorted(catalogue)), ", ".join(sorted(layers)), ALL))
    return [fault for fault in sorted(catalogue) if {ALL, fault, catalogue[fault]["layer"]}.intersection(names)] + pairs


def _is_pair(catalogue, name):
    """Two faults of different layers at once."""
    parts = parts_of(name)
    return len(parts) == 2 and all(part in catalogue for part in parts) and catalogue[parts[0]]["layer"] != catalogue[parts[1]]["layer"]


def parts_of(name):
    return name.split("+")


def targets(fault, seen, seed):
    """Names of the hosts that a fault meets, sorted. BadOption when nobody, or too few, have its role.

    fault: {"target": role, "hosts": number, C(all) or C(majority), "spare": roles that a host must not have, "prefer": a role that it
    should have if any of them does}; but for the target, all may be absent.
    seen: what the cluster says right now: the name of the one host, or null, for each of C(LEADERS); names of all members that are
    well for each of C(MEMBERS), and of C(BUSY); "synchronous" and "standbys" of PostgreSQL; and each host that answers, by its name.
    """
    names = _candidates(fault["target"], seen)
    names = set(names).difference(*(_candidates(role, seen) for role in fault.get("spare", [])))
    preferred = names.intersection(_candidates(fault["prefer"], seen)) if fault.get("prefer") else set()
    names = sorted(preferred or names)
    wanted = {ALL: max(1, len(names)), MAJORITY: len(names) // 2 + 1}.get(fault.get("hosts", 1), fault.get("hosts", 1))
    if len(names) < wanted:
        raise BadOption("%s of the role %s %s needed, and %s" % (
            wanted, fault["target"], "is" if wanted == 1 else "are", "there is only %s" % ", ".join(names) if names else "there is none"))
    return sorted(random.Random(seed).sample(names, wanted))


def _candidates(role, seen):
    """C(a+b) is who has both roles."""
    found = None
    for each in role.split("+"):
        if each not in seen:
            raise BadOption("no role is called %s: there are %s" % (each, ", ".join(sorted(seen))))
        names = {seen[each]} - {None} if each in LEADERS else set(seen[each])
        found = names if found is None else found & names
    return found


def problems(identity, fault):
    """What is wrong with an entry of the catalogue, one sentence each."""
    known = {"title", "layer", "target", "hosts", "spare", "prefer", "kind", "duration", "bounds", "predicts", "settings"}
    for name in sorted(set(fault) - known):
        yield "%s has the unknown entry %s" % (identity, name)
    for name in ("title", "layer", "target", "kind"):
        if not fault.get(name):
            yield "%s lacks %s" % (identity, name)
    for name, (kind, called) in SHAPES.items():
        if not isinstance(fault.get(name, kind()), kind):
            yield "%s of %s must be %s, and is %s" % (name, identity, called, fault[name])
