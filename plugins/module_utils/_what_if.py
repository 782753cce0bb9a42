# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what is left when a host or a zone dies, by the inventory alone. Pure."""

from __future__ import annotations

MAJORITY = ("etcd", "rabbitmq", "redis")  # whose members decide together: more than half of them must live


def what_if(tiers, queues=None):
    """One for each host, then one for each zone: {kind, name, hosts, tiers, effects}.

    tiers: {tier: {left, of}} of those that lose members. effects: sentences about what no longer works; none if all goes on.
    queues: {worker's name: the queues that it serves}.
    """
    zones = {}
    names = []
    for members in tiers.values():
        for member in members or []:
            if member["name"] not in names:
                names.append(member["name"])
            if member.get("zone"):
                zones.setdefault(member["zone"], set()).add(member["name"])
    losses = [("host", name, {name}) for name in names] + [("zone", zone, zones[zone]) for zone in sorted(zones)]
    return [_loss(kind, name, lost, tiers, queues or {}) for kind, name, lost in losses]


def _loss(kind, name, lost, tiers, queues):
    counts, effects = {}, []
    for tier, members in tiers.items():
        left = [member for member in members or [] if member["name"] not in lost]
        if len(left) < len(members or []):
            counts[tier] = {"left": len(left), "of": len(members)}
            effects += _effects(tier, len(left), len(members))
    return {"kind": kind, "name": name, "hosts": sorted(lost), "tiers": counts, "effects": effects + _unserved(lost, queues)}


def _effects(tier, left, of):
    if left == 0:
        return ["no %s is left" % tier]
    if tier in MAJORITY and left * 2 <= of:
        return ["%s has no majority: %d of %d" % (tier, left, of)]
    return []


def _unserved(lost, queues):
    served = {queue for name, own in queues.items() if name not in lost for queue in own}
    gone = sorted({queue for name, own in queues.items() if name in lost for queue in own} - served)
    return ["nobody serves the queue %s" % queue for queue in gone]


def lines(losses):
    """A table for people: a loss and what it means."""
    rows = [("If this dies", "then")] + [("%s %s" % (loss["kind"], loss["name"]), "; ".join(loss["effects"]) or "all goes on") for loss in losses]
    width = max(len(first) for first, _second in rows)
    return ["%-*s  %s" % (width, first, second) for first, second in rows]
