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
    """Services listen at their address, and rules of who may connect name it; what a name resolves to may change, and differs by who asks."""
    resolved = settings.get("resolved") or {}
    for name, address in distinct(tiers):
        if not is_address(address):
            yield finding("inventory-address-unusable", name, "'%s' is a name, and members meet by IP addresses" % address,
                          own_address(name, [each for each in resolved.get(address) or [] if is_usable(each)]))
        elif not is_usable(address):
            yield finding("inventory-address-unusable", name, "the address %s is none by which other hosts reach it" % address,
                          "set ansible_host (or topology_address) to the address the other hosts reach")
        else:
            yield from usual_form(name, address, "set ansible_host (or topology_address) to %s")


def is_usable(address):
    """Can other hosts reach it, as far as it tells by itself? One with a zone (``%``) means something on its own host only."""
    read = ipaddress.ip_address(address)
    if getattr(read, "ipv4_mapped", None) or getattr(read, "scope_id", None):
        return False
    return not (read.is_loopback or read.is_unspecified or read.is_link_local or read.is_multicast)


def usual_form(who, address, remedy):
    """Services say an address in one form, and it is compared as a text with what they say."""
    usual = str(ipaddress.ip_address(address))
    if address != usual:
        yield finding("inventory-address-form", who, "'%s' is not the form by which services call it" % address, remedy % usual)


def one_family(tiers, settings):
    """Members meet by IPv4, or by IPv6, and so does the VIP, which keepalived tells by the family of its own address."""
    hosts = [(name, address) for name, address in distinct(tiers) if is_address(address) and is_usable(address)]
    versions = [ipaddress.ip_address(address).version for _name, address in hosts]
    if len(set(versions)) > 1:
        fewer = min((4, 6), key=versions.count)
        some = ["%s (%s)" % host for host, version in zip(hosts, versions) if version == fewer]
        yield finding("inventory-address-family", enumerate_names(some),
                      "the other members' addresses are IPv%d, and all members must meet by the same family" % (10 - fewer),
                      "set topology_address to an address of the same family on all hosts; Ansible may connect by another one (ansible_host)")


def own_address(name, resolved):
    if len(resolved) == 1:
        return "set topology_address: %s for %s, to which it resolves here, if the other hosts reach it by that" % (resolved[0], name)
    told = ", such as one of these, to which it resolves here: %s" % enumerate_names(resolved) if resolved else ""
    return "set topology_address for %s to the IP address by which the other hosts reach it%s" % (name, told)


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


def external_door(tiers, settings):
    door = settings.get("external_door")
    if not door:
        return
    if settings.get("vip"):
        yield finding("inventory-door-both", "topology_external_door", "topology_vip is set as well, and only one of them can lead to the doors",
                      "remove topology_vip, or topology_external_door")
    if not is_address(door) and not all(LABEL.match(label) for label in str(door).split(".")):
        yield finding("inventory-door-invalid", "topology_external_door", "'%s' is no address and no name" % door, "set it without scheme and port")
    if not settings.get("ha", True) and not tiers.get("load_balancers"):  # else it is told by itself
        yield finding("inventory-tier-missing", "load_balancers", "no host has this job", "put hosts into the inventory group 'load_balancers'")


def vip(tiers, settings):
    if settings.get("external_door"):
        return
    address = settings.get("vip")
    ha = settings.get("ha", True)
    if not address:
        if ha:
            yield finding(
                "inventory-vip-missing", "topology_vip", "is not set",
                "set it to a free address in the network of the load balancers, or set topology_external_door to what leads to them")
        return
    if not is_address(address) or not is_usable(str(address)):
        yield finding("inventory-vip-invalid", "topology_vip", "'%s' is no address that a host can have" % address,
                      "set it to a free address in the network of the load balancers")
        return
    yield from usual_form("topology_vip", str(address), "set it to %s")
    version = ipaddress.ip_address(str(address)).version
    balancers = [str(member["address"]) for member in tiers.get("load_balancers") or []]
    if any(is_address(each) and ipaddress.ip_address(each).version != version for each in balancers):
        yield finding("inventory-vip-family", "topology_vip", "%s is IPv%d, and the load balancers' addresses are not" % (address, version),
                      "set it to a free address of their family, in their network (%s)" % enumerate_names(balancers))
    holders = sorted({name for name, member in distinct(tiers) if member == str(address)})
    # On a single host without load balancers the host itself is the door.
    if holders and (ha or tiers.get("load_balancers")):
        yield finding(
            "inventory-vip-taken", "topology_vip", "%s is the address of %s" % (address, enumerate_names(holders)),
            "set it to an address that no host has")


RULES = (duplicate_names, duplicate_addresses, unusable_addresses, one_family, host_names, broker_names, external_door, vip)
