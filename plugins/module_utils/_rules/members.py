# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules about members' names and addresses, and the virtual address."""

from __future__ import annotations

import ipaddress
import re

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding

LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$")


def is_address(text):
    try:
        ipaddress.ip_address(str(text))
    except ValueError:
        return False
    return True


def every_member(tiers):
    """(tier, member) of all tiers in order."""
    return [(tier, member) for tier, hosts in tiers.items() for member in hosts or []]


def distinct(tiers):
    """Each (name, address) once, however many jobs the host has."""
    seen = {}
    for _tier, member in every_member(tiers):
        seen.setdefault((member["name"], str(member["address"])), member)
    return list(seen)


def duplicate_names(tiers, settings):
    for tier, hosts in tiers.items():
        names = [host["name"] for host in hosts or []]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield finding(
                "inventory-name-twice", tier, "%s is a member more than once" % name,
                "name each host once in the group")
    addresses = {}
    for name, address in distinct(tiers):
        addresses.setdefault(name, []).append(address)
    for name, several in addresses.items():
        if len(several) > 1:
            yield finding(
                "inventory-name-twice", name, "stands for several addresses: %s" % enumerate_names(several),
                "give the host one address in the inventory")


def duplicate_addresses(tiers, settings):
    names = {}
    for name, address in distinct(tiers):
        names.setdefault(address, []).append(name)
    for address, several in names.items():
        if len(set(several)) > 1:
            yield finding(
                "inventory-address-twice", address, "is the address of %s" % " and ".join(sorted(set(several))),
                "give each host its own address, or keep one of the names")


def unusable_addresses(tiers, settings):
    resolved = settings.get("resolved") or {}
    for name, address in distinct(tiers):
        if is_address(address):
            if ipaddress.ip_address(address).is_loopback:
                yield finding(
                    "inventory-address-unusable", name, "the address %s is reachable from itself only" % address,
                    "set ansible_host (or topology_address) to the address the other hosts reach")
        elif not resolved.get(address):
            yield finding(
                "inventory-address-unusable", name, "'%s' is no IP address and does not resolve" % address,
                "set ansible_host (or topology_address) to an IP address")


def host_names(tiers, settings):
    for name, _address in distinct(tiers):
        labels = str(name).split(".")
        # A host listed by its address has no name others could use.
        if is_address(name) or not all(LABEL.match(label) for label in labels):
            yield finding(
                "inventory-name-invalid", name, "is no valid host name",
                "use letters, digits and hyphens (no underscores); the address belongs into ansible_host")


def broker_names(tiers, settings):
    """RabbitMQ's nodes are called rabbit@NAME, and its short names have no dots."""
    for member in tiers.get("rabbitmq") or []:
        if "." in str(member["name"]) and not is_address(member["name"]):
            yield finding(
                "inventory-name-long", member["name"], "RabbitMQ needs names without dots",
                "call the host '%s' in the inventory, with the long name as its ansible_host"
                % str(member["name"]).split(".", maxsplit=1)[0])


def vip(tiers, settings):
    address = settings.get("vip")
    ha = settings.get("ha", True)
    if not address:
        if ha:
            yield finding(
                "inventory-vip-missing", "topology_vip", "is not set",
                "set it to a free address in the network of the load balancers")
        return
    if not is_address(address):
        yield finding("inventory-vip-invalid", "topology_vip", "'%s' is no IP address" % address,
                      "set it to an IP address")
        return
    holders = sorted({name for name, member in distinct(tiers) if member == str(address)})
    # On a single host without load balancers the host itself is the door.
    if holders and (ha or tiers.get("load_balancers")):
        yield finding(
            "inventory-vip-taken", "topology_vip", "%s is the address of %s" % (address, enumerate_names(holders)),
            "set it to an address that no host has")


RULES = (duplicate_names, duplicate_addresses, unusable_addresses, host_names, broker_names, vip)
