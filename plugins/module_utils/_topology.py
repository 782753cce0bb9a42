# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from an inventory: who does which job, and where each door is.

PRIVATE to the collection. Pure functions: dictionaries in, dictionaries out.

A member is ``{name, address, zone}``; a tier is an ordered list of members.
"""

from __future__ import annotations

import ipaddress

# The tier behind each door.
BEHIND = {"airflow": "api_server", "postgresql": "postgresql", "broker": "rabbitmq"}
APART = 10000  # from a member's port to that of a door at the same address
PRIVILEGED = range(1, 1024)  # only root, and who was given the right, may listen there


def member(name, variables):
    """Return the member that a host is.

    name: inventory name of the host.
    variables: mapping with its variables; ``topology_address`` wins over ``ansible_host``, which wins over the name.
    """
    address = variables.get("topology_address") or variables.get("ansible_host") or name
    return {"name": str(name), "address": str(address), "zone": variables.get("topology_zone")}


def tiers(group_of_tier, groups, hostvars):
    """Return ``{tier: [member, ...]}`` in inventory order; a tier whose group is absent is empty.

    group_of_tier: ``{tier: name of its inventory group}``.
    groups, hostvars: as Ansible has them.
    """
    seen = {}

    def once(name):
        if name not in seen:
            seen[name] = member(name, hostvars[name])
        return seen[name]

    return {tier: [once(name) for name in groups.get(group, [])] for tier, group in group_of_tier.items()}


def ports(usual, chosen, of_members, external=False):
    """Return ``{doors: {service: port}, members: {service: port}}``: where each door is, and where a service listens on its members.

    usual: ``{service: port}``, complete.
    chosen: those that the user wants elsewhere.
    of_members: those whose members are to listen at another port than their door.
    external: whether doors are at the load balancers' own addresses, where members may listen, too.

    Members listen at the port of their door, or, where that is a privileged one or at the same address, at the usual port.
    """
    away = {name: usual[name] + APART for name in BEHIND if name in usual} if external else {}
    doors = {**usual, **away, **_numbers(chosen)}
    stay = [name for name, port in doors.items() if name in BEHIND and (external or port in PRIVILEGED)]
    members = {name: usual[name] if name in stay else port for name, port in doors.items() if name in usual}
    return {"doors": doors, "members": {**members, **_numbers(of_members)}}


def _numbers(given):
    """Ports may come from a command line, as texts. What is no mapping is a finding of the preflight, and nothing here."""
    entries = given.items() if isinstance(given, dict) else []
    return {name: int(port) if str(port).isdecimal() else port for name, port in entries}


def endpoints(tiers_, vip, ports_):
    """Return ``{door: {host, port}}``: the doors between tiers.

    ports_: what ``ports`` returns.

    With load balancers every door is on the VIP; without them it is at the first member of the tier behind it.
    A door whose tier has no member is left out.
    """
    found = {}
    for door, tier in BEHIND.items():
        members = tiers_.get(tier) or []
        if not members:
            continue
        at_vip = bool(vip and tiers_.get("load_balancers"))
        found[door] = {"host": vip if at_vip else members[0]["address"], "port": ports_["doors" if at_vip else "members"][door]}
    return found


def listening(access):
    """Return ``{tier: {port: what}}``: the TCP ports at which the services of each tier listen.

    access: ``[{tier, port, what, door_port}]``; where there is a ``door_port`` the load balancers listen at it.
    """
    found = {}
    for row in access:
        for tier, port in ((row["tier"], row["port"]), ("load_balancers", row.get("door_port"))):
            if str(port).isdecimal():
                found.setdefault(tier, {})[int(port)] = row["what"]
    return found


def tiers_of(tiers_, name):
    """Return the tiers that the host ``name`` is a member of, in the order of ``tiers_``."""
    return [tier for tier, members in tiers_.items() if any(one["name"] == name for one in members)]


def local_identities(identities, tiers_, names, door_names):
    """Return the certificates that a host needs: ``[{name, owner, names, uses}]``, names and uses as OpenSSL writes them.

    identities: ``{name: {tier, owner}}``; with ``door`` others meet the service at ``door_names``, too, with ``client``
    the certificate also says who a client is, and with ``subject`` others want that common name in it.
    tiers_: tiers of the host.
    names, door_names: names and addresses of the host and of the doors; empty ones are left out.
    """
    return [
        {
            "name": identity,
            "owner": wish["owner"],
            "names": _typed(names + ["localhost", "127.0.0.1"] + (door_names if wish.get("door") else [])),
            "uses": ["serverAuth", "clientAuth"] if wish.get("client") else ["serverAuth"],
            **({"subject": wish["subject"]} if "subject" in wish else {}),
        }
        for identity, wish in identities.items() if wish["tier"] in tiers_
    ]


def host_port(host, port):
    """Return ``host:port`` as URLs and lists of members have it: an IPv6 address stands in brackets (RFC 3986, section 3.2.2)."""
    return ("[%s]:%s" if ":" in str(host) else "%s:%s") % (host, port)


def host_cidr(address):
    """Return the network of one address alone, such as ``192.0.2.11/32``."""
    return str(ipaddress.ip_network(address))


def erlang_address(address):
    """Return an IP address as a term of Erlang: ``{192,0,2,11}``, and ``{8193,3512,0,0,0,0,0,17}`` for 2001:db8::11."""
    read = ipaddress.ip_address(address)
    size = 1 if read.version == 4 else 2
    return "{%s}" % ",".join(str(int.from_bytes(read.packed[at:at + size], "big")) for at in range(0, len(read.packed), size))


def _typed(names):
    """Each name once, with its kind: ``DNS:node1`` or ``IP:192.0.2.11``."""
    return list(dict.fromkeys("%s:%s" % ("IP" if _is_address(name) else "DNS", name) for name in names if name))


def _is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
