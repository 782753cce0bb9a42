# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: is a host fit for its tiers? Judges the answer of host_info."""

from __future__ import annotations

import fnmatch
import ipaddress

from ansible_collections.steady.airflow.plugins.module_utils._rules import authority, needs
from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding, judge
from ansible_collections.steady.airflow.plugins.module_utils._rules.members import is_address
from ansible_collections.steady.airflow.plugins.module_utils._rules.services import VARIABLE

CLOCK_TOLERANCE = 1.0


def subject(host, expected):
    return expected.get("name") or host["hostname"]


def is_airflow(expected):
    return any(tier in needs.AIRFLOW_TIERS for tier in expected.get("tiers") or [])


def system(host, expected):
    supported = expected.get("supported") or needs.SUPPORTED
    seen = host["distribution"]
    versions = [str(version) for version in supported.get(seen["id"], [])]
    if seen["version"] not in versions:
        wanted = ["%s %s" % (name, version) for name in sorted(supported) for version in supported[name]]
        yield finding(
            "host-system-unsupported", subject(host, expected),
            "runs %s %s" % (seen["id"] or "an unknown system", seen["version"]),
            "use one of: %s" % enumerate_names(wanted))


def own_name(host, expected):
    """Parts of the stack meet by inventory names, and Airflow and RabbitMQ tell theirs by the host's own one."""
    name = expected.get("name")
    if name and host["hostname"] != name:
        yield finding(
            "host-name-differs", subject(host, expected),
            "calls itself %s; Airflow's task logs and RabbitMQ are reached by that name, not by the inventory's"
            % (host["hostname"] or "nothing"),
            "run 'hostnamectl set-hostname %s' there, or rename it in the inventory" % name)


def systemd(host, expected):
    if not host["systemd"]:
        yield finding("host-systemd-missing", subject(host, expected), "systemd is not process 1",
                      "use a host (or a container) that was started by systemd")


def privileges(host, expected):
    if not host["privileged"]:
        yield finding("host-not-root", subject(host, expected), "the connection does not get root's privileges",
                      "set ansible_become and let the account use sudo")


def python(host, expected):
    """Only where Airflow is installed from a lock file of the collection."""
    locks, version = expected.get("locks"), expected.get("airflow_version")
    if locks is None or version is None or not is_airflow(expected):
        return
    pythons = sorted(str(each) for locked, each in locks if str(locked) == str(version))
    if pythons and host["python"] not in pythons:
        yield finding(
            "host-python-unlocked", subject(host, expected),
            "has Python %s; there is no lock file of Airflow %s for it" % (host["python"] or "(unknown)", version),
            "use a system with one of: Python %s" % enumerate_names(pythons))


def memory(host, expected):
    table = dict(needs.MEMORY_MB, **(expected.get("memory_mb") or {}))
    tiers = expected.get("tiers") or []
    wanted = needs.BASE_MEMORY_MB + sum(table.get(tier, 0) for tier in tiers)
    if host["memory_mb"] < wanted:
        yield finding(
            "host-memory-low", subject(host, expected),
            "has %d MB of memory, its tiers need %d MB" % (host["memory_mb"], wanted),
            "give it more memory, or move some of its tiers (%s) to another host" % enumerate_names(tiers))


def disk(host, expected):
    """Paths on one file system share its room, so their needs add up."""
    devices = {}
    for path, wanted in (expected.get("disk_mb") or {}).items():
        if path in host["filesystems"]:
            devices.setdefault(host["filesystems"][path]["device"], []).append((path, int(wanted)))
    for paths in devices.values():
        free = host["filesystems"][paths[0][0]]["free_mb"]
        wanted = sum(need for path, need in paths)
        if free < wanted:
            yield finding(
                "host-disk-full", subject(host, expected),
                "%d MB free for %s, %d MB needed" % (free, enumerate_names(path for path, need in paths), wanted),
                "free or add disk space there")


def allowed_owners(expected):
    """{port: patterns} over all tiers of the host: two tiers may share a port on different addresses."""
    allowed = {}
    for tier in expected.get("tiers") or []:
        for port in (expected.get("ports") or {}).get(tier) or []:
            allowed.setdefault(int(port), []).extend(needs.OWNERS[tier])
    return allowed


def is_allowed(service, patterns):
    names = [name for name in (service["process"], service["unit"]) if name]
    return any(fnmatch.fnmatch(name, pattern) for name in names for pattern in patterns)


def ports(host, expected):
    """A socket without a known owner may belong to any service that hides its own: ours gets the benefit of doubt."""
    if not host["privileged"]:
        return  # then every owner is unknown, which has a finding of its own
    allowed = allowed_owners(expected)
    taken = {}
    for entry in host["listening"]:
        patterns = allowed.get(entry["port"])
        candidates = [entry] if entry["pid"] else host["hidden"]
        if patterns and not any(is_allowed(candidate, patterns) for candidate in candidates):
            taken.setdefault((entry["port"], who(entry)), []).append(entry["address"])
    for (port, owner), addresses in taken.items():
        yield finding(
            "host-port-taken", subject(host, expected),
            "port %d (%s) is in use by %s" % (port, enumerate_names(addresses), owner),
            "stop it, let it use another port, move the tier to another host, or choose a free port for the tier in topology_ports")


def who(entry):
    if not entry["pid"]:
        return "an unknown process"
    return "%s (process %s%s)" % (entry["process"], entry["pid"], ", " + entry["unit"] if entry["unit"] else "")


def clock(host, expected):
    if host["clock_synchronised"] is False:
        yield finding("host-clock-unsynchronised", subject(host, expected), "nothing keeps its clock in step",
                      "enable systemd-timesyncd or chrony, and let it reach a time server")


def clock_offset(host, expected):
    """The host's time was read between the controller's two: more cannot be known from one call."""
    tolerance = expected.get("max_clock_offset", CLOCK_TOLERANCE)
    before, after = host.get("controller_time"), expected.get("checked_at")
    offset = 0.0
    if before is not None and host["time"] < before - tolerance:
        offset = host["time"] - before
    elif after is not None and host["time"] > after + tolerance:
        offset = host["time"] - after
    if offset:
        yield finding(
            "host-clock-off", subject(host, expected),
            "its clock is %.1f s %s the controller's" % (abs(offset), "behind" if offset < 0 else "ahead of"),
            "set both clocks right; synchronise them with the same time servers")


def names(host, expected):
    """A name that does not resolve yet is no problem: the node role makes it known."""
    for name, address in (expected.get("names") or {}).items():
        seen = host["names"].get(name) or []
        if not seen or not is_address(address) or str(address) in seen:
            continue
        loopback = any(ipaddress.ip_address(each.split("%")[0]).is_loopback for each in seen)
        # Debian's installer gives every host 127.0.1.1 for its own name: usual, and no obstacle to the node role.
        own = loopback and name in (host["hostname"], expected.get("name"))
        yield finding(
            "host-name-loopback" if loopback else "host-name-wrong", subject(host, expected),
            "%s resolves to %s, not to %s" % (name, enumerate_names(seen), address),
            "correct /etc/hosts or the name server", "warning" if own else "error")


def vip(host, expected):
    door = host["vip"]
    if door and door["answers"] and not door["member"]:
        yield finding(
            "host-vip-in-use", "topology_vip",
            "%s is answered by a stranger with hardware address %s" % (door["address"], door["hardware"]),
            "choose a free address, or remove it from the other machine")


def interface(host, expected):
    """keepalived binds the virtual address to an interface."""
    door = host["vip"]
    if door and not door["interface"] and not expected.get("interface") and "load_balancers" in (expected.get("tiers") or []):
        yield finding(
            "host-vip-interface", subject(host, expected),
            "topology_vip (%s) lies on the network of none of its interfaces (%s)" % (door["address"], enumerate_names(host["addresses"])),
            "choose a free address in the network that the load balancers share, or set keepalived_interface to the interface that is to "
            "have it where a router sends it there")


def external_door(host, expected):
    """The door is called from every host."""
    door = expected.get("external_door")
    if door and not is_address(door) and not host["names"].get(door):
        yield finding("host-door-unknown", subject(host, expected), "%s (topology_external_door) does not resolve there" % door,
                      "let its name server know the name, or /etc/hosts")


def broker(host, expected):
    """To move hosts from one group to the other may be a mistake, and is no error."""
    former, title, others = expected.get("former_broker"), {"rabbitmq": "RabbitMQ", "redis": "Redis"}, {"rabbitmq": "redis", "redis": "rabbitmq"}
    if former:
        other = others[former]
        yield finding(
            "host-broker-changes", subject(host, expected), "has %s, whose place %s takes at the end of this run" % (title[former], title[other]),
            "nothing, if that is meant: queued tasks that nobody took from it are queued again, and it is stopped and emptied; "
            "otherwise move the hosts of the group %s back to %s" % (other, former), "warning")


def services(host, expected):
    for role, service in (expected.get("services") or {}).items():
        where = service.get("address")
        problem = host["services"].get(where)
        if problem:
            yield finding(
                "host-service-unreachable", subject(host, expected), "cannot open a connection to %s (%s): %s" % (where, VARIABLE[role], problem),
                "see that it runs, that the name resolves here, and that firewalls or security groups between let this host in")


RULES = (
    system, own_name, systemd, privileges, python, memory, disk, ports, clock, clock_offset, names, vip, interface, external_door, services, broker,
    authority.due, authority.served)


def host_findings(host, expected):
    return judge(RULES, host, expected)
