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
    """The interface on whose own network the IPv4 address lies, or an empty string."""
    best, name = -1, ""
    wanted = int(ipaddress.IPv4Address(address))
    for line in files.lines("/proc/net/route")[1:]:
        fields = line.split()
        destination, gateway, mask = (route_word(fields[index]) for index in (1, 2, 7))
        if gateway == 0 and wanted & mask == destination and mask > best:
            best, name = mask, fields[0]
    return name


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
