# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: who answers for the virtual address?

Asked by ARP (RFC 5227 probe): exact, at once, whatever a firewall drops, and no older entry of the
neighbour cache deceives. Comparing the hardware addresses of the members tells whether the one who
answers is one of ours, so no other host needs to be asked and a run limited to one host sees the same.
"""

from __future__ import annotations

import ipaddress
import select
import socket
import struct
import time

ARP = 0x0806
BROADCAST = b"\xff" * 6
HEADER = struct.Struct("!6s6sH")
REQUEST, REPLY = 1, 2
PACKET = struct.Struct("!HHBBH6s4s6s4s")


def request(hardware, address):
    """A probe: the sender's address is 0.0.0.0, so no neighbour's cache changes."""
    packet = PACKET.pack(1, 0x0800, 6, 4, REQUEST, hardware, b"\0" * 4, b"\0" * 6, address)
    return HEADER.pack(BROADCAST, hardware, ARP) + packet


def reply(frame):
    """(address, hardware address) of an ARP reply, or None."""
    if len(frame) < HEADER.size + PACKET.size or HEADER.unpack_from(frame)[2] != ARP:
        return None
    fields = PACKET.unpack_from(frame, HEADER.size)
    if fields[4] != REPLY:
        return None
    return str(ipaddress.IPv4Address(fields[6])), fields[5].hex(":")


def arp(interface, wanted, timeout):
    """{address: hardware address} of those that answer within the timeout; OSError without privileges."""
    found = {}
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ARP)) as link:
        link.bind((interface, ARP))
        hardware = link.getsockname()[4]
        for address in wanted:
            link.send(request(hardware, ipaddress.IPv4Address(address).packed))
        deadline = time.monotonic() + timeout
        while len(found) < len(wanted):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([link], [], [], left)[0]:
                break
            answer = reply(link.recv(2048))
            if answer and answer[0] in wanted:
                found.setdefault(answer[0], answer[1])
    return found


def observe(vip, members, own, link, timeout, ask=arp):
    """What is known about the address; C(answers) is None where it cannot be asked from here."""
    seen = {"address": vip, "held": vip in own, "answers": None, "hardware": "", "member": ""}
    if seen["held"] or not link:
        return seen
    others = sorted({member for member in members if is_ipv4(member) and member not in own and member != vip})
    try:
        answers = ask(link, [vip], timeout)
        known = ask(link, others, timeout) if vip in answers and others else {}
    except OSError:
        return seen
    seen["answers"] = vip in answers
    seen["hardware"] = answers.get(vip, "")
    seen["member"] = next((member for member in others if known.get(member) == answers.get(vip, "none")), "")
    return seen


def is_ipv4(text):
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
