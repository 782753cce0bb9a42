# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host's firewall lets in follows from who is where.

PRIVATE to the collection. Pure functions: dictionaries in, dictionaries out.
"""

from __future__ import annotations

import ipaddress

from ansible_collections.steady.airflow.plugins.module_utils._topology import tiers_of

FAMILIES = {"ip": 4, "ip6": 6}


def rules(access, tiers, name, vip, people, operators):
    """Return whom a host lets in: ``[{port, what, at, ip, ip6}]``, one entry for each guarded port and address.

    access: ``[{tier, port, what, from, door_port, door}]``: tiers that connect to a tier's members, and to the door before them.
    tiers: ``{tier: [member, ...]}``.
    name: the host's name in the inventory.
    vip: the address of the doors.
    people: networks that C(people) among the callers stands for.
    operators: ``{port: networks}`` that are let in as well.

    ``at`` is the address that is called, empty for any; ``ip`` and ``ip6`` are the networks that may call. Without load
    balancers the doors are at the members, and so are those who come through them. Without a VIP they are at any address of the balancers.
    """
    own = tiers_of(tiers, name)
    balanced = bool(tiers.get("load_balancers"))
    doors_at = vip if balanced else ""
    extra = {str(port): networks for port, networks in (operators or {}).items()}

    def entry(row, port, callers, at=""):
        sources = [source for caller in callers for source in (people if caller == "people" else _addresses(tiers, caller, doors_at))]
        told = _by_family(sources + list(extra.get(str(port), [])))
        if at:
            told = {family: networks if ipaddress.ip_address(at).version == FAMILIES[family] else [] for family, networks in told.items()}
        return dict(told, port=port, what=row["what"], at=at)

    found = []
    for row in access:
        door = row.get("door") or []
        if door and "load_balancers" in own:
            found.append(entry(row, row["door_port"], door, doors_at))
        if row["tier"] in own:
            found.append(entry(row, row["port"], row["from"] + ([] if balanced else door)))
    return found


def _addresses(tiers, tier, vip):
    """Addresses from which a tier's members call: one that balances loads may do so from the VIP while it holds it."""
    members = tiers.get(tier) or []
    holders = [member["name"] for member in tiers["load_balancers"]] if vip else []
    return [member["address"] for member in members] + [vip] * any(member["name"] in holders for member in members)


def _by_family(sources):
    """``{ip, ip6}``: each network once, in order; those within another one are left out."""
    networks = list(dict.fromkeys(ipaddress.ip_network(source) for source in sources))
    return {
        family: [_short(network) for network in networks if network.version == version and not _is_within(network, networks)]
        for family, version in FAMILIES.items()
    }


def _is_within(network, networks):
    return any(other != network and other.version == network.version and network.subnet_of(other) for other in networks)


def _short(network):
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)
