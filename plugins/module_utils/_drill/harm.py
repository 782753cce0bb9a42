# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what a fault does to a host, and what undoes it. Pure: options in, commands out.

A fault that lasts is a transient unit of systemd, which harms before it starts, sleeps, and heals after it ended, however it ended.
So the host heals itself when the time is over, at C(systemctl stop), and when a command that harms failed half way.
"""

from __future__ import annotations

import shlex

PREFIX = "steady-drill-"
FILES = "/run/steady-drill"
# (hook, interface, port of this host, address of the other side)
ENDS = {"in": ("input", "iifname", "dport", "saddr"), "out": ("output", "oifname", "sport", "daddr")}
# IPv6's own ARP
DISCOVERY = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }"
WALL = (("ingress", "dport"), ("egress", "sport"))
# what limits a unit: the kernel's controller that does, and systemd's property
LIMITS = {"cpu_percent": ("cpu", "CPUQuota=%d%%"), "memory_mb": ("memory", "MemoryMax=%dM"), "io_per_second": ("io", "IOWriteIOPSMax=%s %d")}


def unit(name):
    return PREFIX + name + ".service"


def freeze(fault):
    return [_signal("STOP", fault)], [_signal("CONT", fault)]


def stop(fault):
    killed = [_signal("KILL", fault)] if fault["hard"] else []
    return killed + [["systemctl", "stop", *fault["units"]]], [["systemctl", "start", *fault["units"]]]


def limit(fault):
    """Units get less of the processor, of memory, or of a disk, until they get all again."""
    wished = [setting % ((fault["device"], fault[key]) if key == "io_per_second" else fault[key])
              for key, (_controller, setting) in LIMITS.items() if fault[key]]
    return [_set(each, wished) for each in fault["units"]], [_set(each, [one.split("=")[0] + "=" for one in wished]) for each in fault["units"]]


def fill(fault):
    """Takes the room of a file system, but for what is to be left. The file has no name: its room is free when the process ends."""
    return [], []


def delay(fault):
    chosen = ["delay", "%dms" % fault["delay_ms"]] if fault["delay_ms"] else []
    chosen += ["loss", "%d%%" % fault["percent"]] if not fault["delay_ms"] or fault["percent"] < 100 else []
    device = ["dev", fault["interface"], "root"]
    return [["tc", "qdisc", "replace", *device, "netem", *chosen]], [["tc", "qdisc", "del", *device]]


def cut(fault):
    family = "netdev" if isolates(fault) else "inet"
    return [["nft", "--file", rules_file(fault)]], [["nft", "delete", "table", family, _table(fault)]]


HARM = {"freeze": freeze, "stop": stop, "limit": limit, "fill": fill, "delay": delay, "cut": cut}


def lasting(fault):
    """The command that begins a fault which ends by itself after its C(duration), in seconds."""
    harm, heal = HARM[fault["kind"]](fault)
    words = ["systemd-run", "--quiet", "--collect", "--service-type=exec", "--unit=" + unit(fault["name"])]
    words += ["--property=ExecStartPre=" + shlex.join(each) for each in harm]
    # each is tried, whatever became of the others
    words += ["--property=ExecStopPost=-" + shlex.join(each) for each in heal]
    return words + _meanwhile(fault)


def rules_file(fault):
    return "%s/%s.nft" % (FILES, fault["name"])


def isolates(fault):
    """Nothing is left of the network. Then no neighbour may hear of this host either: a virtual address that it takes would draw traffic."""
    return not (fault["ports"] or fault["peers"] or fault["percent"] < 100 or fault["reject"]) and fault["protocol"] == "tcp" \
        and fault["direction"] == "both"


def rules(fault, devices):
    """nftables rules that cut connections as the fault says. devices: names of all network interfaces but loopback.

    The controller's way in stays open, and so does loopback unless ports of it are to be cut, too.
    """
    if isolates(fault):
        return "table netdev %s {\n%s}\n" % (_table(fault), "".join(_wall(fault, devices, *side) for side in WALL))
    return "table inet %s {\n%s}\n" % (_table(fault), "".join(_chain(fault, end) for end in ENDS if fault["direction"] in (end, "both")))


def _wall(fault, devices, hook, own_port):
    """At the interface, since raw sockets, such as keepalived's, pass the hooks of protocols by. Who knows this host may ask it for its
    address, for the controller's sake; what it tells all neighbours is dropped."""
    lines = ["type filter hook %s devices = { %s } priority 0; policy drop;" % (hook, ", ".join(devices))]
    lines += ["tcp %s %d accept" % (own_port, port) for port in fault["spared_ports"]]
    lines += ["ether type arp ether daddr != ff:ff:ff:ff:ff:ff accept"]
    lines += [DISCOVERY + " ether daddr & 01:00:00:00:00:00 == 00:00:00:00:00:00 accept"]
    return "  chain %s {\n%s  }\n" % (hook, "".join("    %s\n" % line for line in lines))


def _chain(fault, end):
    hook, interface, own_port, peer = ENDS[end]
    spared = ["tcp %s %d accept" % (own_port, port) for port in fault["spared_ports"]]
    verdict = ("numgen random mod 100 < %d " % fault["percent"] if fault["percent"] < 100 else "") + ("reject" if fault["reject"] else "drop")
    loopback = [] if fault["loopback"] and fault["ports"] else ["%s lo accept" % interface]
    lines = ["type filter hook %s priority -150; policy accept;" % hook, *loopback, *spared, DISCOVERY + " accept"]
    lines += [others + which + verdict for others in _others(fault, peer) for which in _which(fault)]
    return "  chain %s {\n%s  }\n" % (hook, "".join("    %s\n" % line for line in lines))


def _others(fault, peer):
    """The other side: a match for each family of which it has addresses, or one for everybody."""
    six = [address for address in fault["peers"] if ":" in address]
    four = [address for address in fault["peers"] if ":" not in address]
    return ["%s %s { %s } " % (family, peer, ", ".join(some)) for family, some in (("ip", four), ("ip6", six)) if some] or [""]


def _which(fault):
    if fault["protocol"] != "tcp":
        return ["meta l4proto %s " % fault["protocol"]]
    if not fault["ports"]:
        return [""]
    # what belongs to such a connection travels to the port one way, and from it the other
    return ["tcp %s { %s } " % (side, ", ".join(map(str, fault["ports"]))) for side in ("dport", "sport")]


def _table(fault):
    return PREFIX.replace("-", "_") + fault["name"].replace("-", "_")


def _signal(name, fault):
    return ["systemctl", "kill", "--signal=" + name, "--kill-whom=all", *fault["units"]]


def _set(name, properties):
    return ["systemctl", "set-property", "--runtime", name, *properties]


FILL = """
import os, sys, time
where, leave, seconds = sys.argv[1], int(sys.argv[2]) << 20, float(sys.argv[3])
taken = os.open(where, os.O_TMPFILE | os.O_WRONLY, 0o600)
seen = os.statvfs(where)
os.posix_fallocate(taken, 0, max(1, seen.f_bavail * seen.f_frsize - leave))
time.sleep(seconds)  # the room is taken for as long as this process lives
"""


def _meanwhile(fault):
    if fault["kind"] == "fill":
        return ["python3", "-c", FILL, fault["path"], str(fault["leave_mb"]), str(fault["duration"])]
    return ["sleep", str(fault["duration"])]
