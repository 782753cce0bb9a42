# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: the host's addresses, its links, and what names resolve to."""

from __future__ import annotations

import ipaddress
import re
import socket
import struct
import sys
import threading
import time

NO_LINK = 0x0200 | 0x80000000  # RTF_REJECT, RTF_LOCAL of linux/route.h and linux/ipv6_route.h


def addresses(files):
    """Every address of the host but loopback and link-local ones."""
    found = set()
    last = ""
    for line in files.lines("/proc/net/fib_trie"):
        leaf = re.search(r"\|-- (\S+)", line)
        if leaf:
            last = leaf.group(1)
        elif "/32 host LOCAL" in line:
            found.add(ipaddress.ip_address(last))
    for line in files.lines("/proc/net/if_inet6"):
        found.add(ipaddress.ip_address(bytes.fromhex(line.split()[0])))
    kept = [address for address in found if not address.is_loopback and not address.is_link_local]
    return [str(address) for address in sorted(kept, key=lambda address: (address.version, address))]


def link_to(files, address):
    """The interface on whose own network the address lies, or an empty string."""
    wanted = ipaddress.ip_address(address)
    links = links_by_ipv4(files) if wanted.version == 4 else links_by_ipv6(files)
    return max(((network.prefixlen, name) for network, name in links if wanted in network), default=(0, ""))[1]


def links_by_ipv4(files):
    """(network, interface) of each network that is reached without a gateway."""
    for line in files.lines("/proc/net/route")[1:]:
        fields = line.split()
        destination, gateway, mask = (route_word(fields[index]) for index in (1, 2, 7))
        if gateway == 0:
            yield ipaddress.ip_network((destination, bin(mask).count("1"))), fields[0]


def links_by_ipv6(files):
    """The same. Routes that refuse, and those to the host's own addresses, lead to no link."""
    for line in files.lines("/proc/net/ipv6_route"):
        destination, length, _source, _length, gateway, _metric, _references, _uses, flags, name = line.split()
        if not int(gateway, 16) and not int(flags, 16) & NO_LINK:
            yield ipaddress.ip_network((bytes.fromhex(destination), int(length, 16))), name


def route_word(digits):
    """A word of /proc/net/route, which has the byte order of the machine."""
    return struct.unpack("!I", int(digits, 16).to_bytes(4, sys.byteorder))[0]


def lookup(name):
    try:
        answers = socket.getaddrinfo(name, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return []
    return sorted({answer[4][0] for answer in answers})


def resolve(names, timeout, look_up=lookup):
    """{name: addresses}, all asked at once: a dead name server must not cost its timeout per name."""
    found = {}

    def ask(name):
        found[name] = look_up(name)

    threads = [threading.Thread(target=ask, args=(name,), daemon=True) for name in names]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + timeout
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    answered = dict(found)
    return {name: answered.get(name, []) for name in names}
