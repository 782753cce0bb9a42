# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules about the ports that services are to have."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding

PORTS = range(1, 65536)


def chosen(tiers, settings):
    """C(ports) holds the C(usual) ones, and what was chosen in C(topology_ports) and C(topology_member_ports)."""
    asked = settings.get("ports") or {}
    for variable in ("topology_ports", "topology_member_ports"):
        given = asked.get(variable, {})
        if not isinstance(given, dict):
            yield finding("inventory-port-invalid", variable, "%r is no dictionary" % (given,), "write {SERVICE: PORT}")
            continue
        for name, port in given.items():
            if name not in asked["usual"]:
                yield finding("inventory-port-unknown", variable, "there is no service %s" % name,
                              "choose one of: %s" % enumerate_names(asked["usual"]))
            elif isinstance(port, bool) or not str(port).isdecimal() or int(port) not in PORTS:
                yield finding("inventory-port-invalid", variable, "%r is no port for %s" % (port, name), "choose a number from 1 to 65535")


def twice(tiers, settings):
    """Services of one tier listen at the same address, and so do doors; C(listening) holds the rows of all that listen.

    A door is at another address than the members behind it, so that both may have the same port.
    """
    listening = settings.get("listening") or []
    doors = [(row["door_port"], row["what"]) for row in listening if row.get("door_port")]
    yield from same_port("the doors", doors)
    hosts = {}
    if settings.get("external_door"):  # then doors are at the balancers' own addresses
        hosts = {member["name"]: list(doors) for member in tiers.get("load_balancers") or []}
    for row in listening:
        for member in tiers.get(row["tier"]) or []:
            hosts.setdefault(member["name"], []).append((row["port"], row["what"]))
    told = set()
    for name, rows in hosts.items():
        for each in same_port(name, rows):
            if each["problem"] not in told:  # once, not for each host
                told.add(each["problem"])
                yield each


def same_port(subject, rows):
    whose = {}
    for port, what in rows:
        whose.setdefault(port, []).append(what)
    for port, several in whose.items():
        if len(set(several)) > 1:
            yield finding("inventory-port-twice", subject, "%s are all to have port %s" % (enumerate_names(sorted(set(several))), port),
                          "choose another port for all but one of them, in topology_ports or topology_member_ports")


RULES = (chosen, twice)
