# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: who on a link answers for an address?

Asked by ARP (a probe of RFC 5227) or by Neighbour Discovery (one of RFC 4862, section 5.4): exact, at once, whatever a firewall
drops, and no older entry of a neighbour cache deceives. A probe names nobody as its sender, so no neighbour's cache changes.
"""

from __future__ import annotations

import ipaddress
import select
import socket
import struct
import time

ARP, IPV6 = 0x0806, 0x86DD
BROADCAST = b"\xff" * 6
ETHERNET = struct.Struct("!6s6sH")

REQUEST, REPLY = 1, 2
ARP_PACKET = struct.Struct("!HHBBH6s4s6s4s")

ICMPV6, HOPS = 58, 255  # who is further away than the link cannot have sent a packet with all its hops left
SOLICITATION, ADVERTISEMENT = 135, 136
IPV6_HEADER = struct.Struct("!IHBB16s16s")
ICMPV6_PACKET = struct.Struct("!BBHI16s")
GROUP = bytes.fromhex("ff0200000000000000000001ff000000")  # all whose address ends with the same three bytes


def request(hardware, address):
    """The frame that asks for an IPv4 address; its sender's address is 0.0.0.0."""
    packet = ARP_PACKET.pack(1, 0x0800, 6, 4, REQUEST, hardware, b"\0" * 4, b"\0" * 6, ipaddress.IPv4Address(address).packed)
    return ETHERNET.pack(BROADCAST, hardware, ARP) + packet


def reply(frame):
    """(address, hardware address) of an ARP reply, or None."""
    if len(frame) < ETHERNET.size + ARP_PACKET.size or ETHERNET.unpack_from(frame)[2] != ARP:
        return None
    fields = ARP_PACKET.unpack_from(frame, ETHERNET.size)
    if fields[4] != REPLY:
        return None
    return str(ipaddress.IPv4Address(fields[6])), fields[5].hex(":")


def solicitation(hardware, address):
    """The frame that asks for an IPv6 address; its sender's address is ::."""
    wanted = ipaddress.IPv6Address(address).packed
    group, nobody = GROUP[:13] + wanted[13:], b"\0" * 16
    packet = ICMPV6_PACKET.pack(SOLICITATION, 0, 0, 0, wanted)
    packet = ICMPV6_PACKET.pack(SOLICITATION, 0, checksum(nobody + group + struct.pack("!II", len(packet), ICMPV6) + packet), 0, wanted)
    return ETHERNET.pack(b"\x33\x33" + group[12:], hardware, IPV6) + IPV6_HEADER.pack(6 << 28, len(packet), ICMPV6, HOPS, nobody, group) + packet


def advertisement(frame):
    """(address, hardware address) of a neighbour's advertisement, or None."""
    if len(frame) < ETHERNET.size + IPV6_HEADER.size + ICMPV6_PACKET.size:
        return None
    _to, hardware, kind = ETHERNET.unpack_from(frame)
    _flow, _size, protocol, hops, _sender, _receiver = IPV6_HEADER.unpack_from(frame, ETHERNET.size)
    if (kind, protocol, hops) != (IPV6, ICMPV6, HOPS):
        return None
    told, _code, _checksum, _flags, address = ICMPV6_PACKET.unpack_from(frame, ETHERNET.size + IPV6_HEADER.size)
    return (str(ipaddress.IPv6Address(address)), hardware.hex(":")) if told == ADVERTISEMENT else None


def checksum(content):
    """The sum that ICMPv6 has over a packet and the addresses around it (RFC 1071)."""
    total = sum(struct.unpack("!%dH" % (len(content) // 2), content))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


PROTOCOLS = {4: (ARP, request, reply), 6: (IPV6, solicitation, advertisement)}


def ask(interface, wanted, timeout):
    """{address: hardware address} of those that answer within the timeout; OSError without privileges.

    wanted: addresses of one family.
    """
    found = {}
    kind, question, answer = PROTOCOLS[ipaddress.ip_address(wanted[0]).version]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(kind)) as link:
        link.bind((interface, kind))
        hardware = link.getsockname()[4]
        for address in wanted:
            link.send(question(hardware, address))
        deadline = time.monotonic() + timeout
        while len(found) < len(wanted):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([link], [], [], left)[0]:
                break
            told = answer(link.recv(2048))
            if told and told[0] in wanted:
                found.setdefault(*told)
    return found
