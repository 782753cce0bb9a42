# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: who listens on which TCP port, from /proc.

In a container without CAP_SYS_PTRACE not even root may see which sockets the processes of other users hold.
Such processes are listed as hidden: one of them owns each socket without an owner.
"""

from __future__ import annotations

import ipaddress
import re
import sys

LISTEN = "0A"
WORD = 8  # hexadecimal digits of one 32-bit word


def decode_address(digits):
    """The kernel prints an address as 32-bit words in the byte order of the machine."""
    words = [digits[start:start + WORD] for start in range(0, len(digits), WORD)]
    raw = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    address = ipaddress.ip_address(raw)
    return str(getattr(address, "ipv4_mapped", None) or address)


def listening_inodes(lines):
    """(address, port, inode) of every listening socket of a /proc/net/tcp{,6} table."""
    for line in lines:
        fields = line.split()
        if len(fields) < 10 or fields[3] != LISTEN:
            continue
        address, port = fields[1].split(":")
        yield decode_address(address), int(port, 16), fields[9]


def unit_of(cgroup):
    """The systemd unit in the text of /proc/PID/cgroup."""
    for line in cgroup.splitlines():
        names = [name for name in line.split("/") if re.search(r"\.(service|scope)$", name)]
        if names:
            return names[-1]
    return ""


def owners(files, inodes):
    """{inode: pid}, and the pids that hide theirs. Process 1 holds sockets for others, so anybody else is preferred."""
    found, hidden = {}, []
    pids = sorted((int(name) for name in files.names("/proc") if name.isdigit()), reverse=True)
    for pid in pids:
        folder = "/proc/%d/fd" % pid
        targets = [files.link("%s/%s" % (folder, descriptor)) for descriptor in files.names(folder)]
        if not any(targets):
            hidden.append(pid)
        for target in targets:
            match = re.match(r"socket:\[(\d+)\]", target)
            if not match or match.group(1) not in inodes:
                continue
            if pid != 1 or match.group(1) not in found:
                found[match.group(1)] = pid
    return found, hidden


def describe(files, pid):
    return {
        "process": files.text("/proc/%d/comm" % pid).strip() if pid else "",
        "unit": unit_of(files.text("/proc/%d/cgroup" % pid)) if pid else "",
    }


def listening(files):
    """Listening sockets with their owners, and the distinct services that hide which ones they own."""
    sockets = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        sockets.extend(listening_inodes(files.lines(table)))
    pids, hidden = owners(files, {inode for (address, port, inode) in sockets})
    answer = []
    for address, port, inode in sorted(sockets, key=lambda socket: (socket[1], socket[0])):
        pid = pids.get(inode)
        answer.append(dict({"address": address, "port": port, "pid": pid}, **describe(files, pid)))
    services = []
    for pid in hidden:
        service = describe(files, pid)
        if service["unit"] and service not in services:  # threads of the kernel belong to no unit
            services.append(service)
    return answer, services
