# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

from ansible_collections.steady.airflow.plugins.module_utils._host import sockets
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files

HEADING = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
TCP = HEADING + (
    "   0: 0B0200C0:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   105        0 501 1 0 100 0 0 10 0\n"
    "   1: 0100007F:3D38 00000000:0000 0A 00000000:00000000 00:00000000 00000000   106        0 502 1 0 100 0 0 10 0\n"
    "   2: 0B0200C0:1538 0C0200C0:D431 01 00000000:00000000 00:00000000 00000000   105        0 503 1 0 100 0 0 10 0\n"
)
TCP6 = HEADING + (
    "   0: 00000000000000000000000000000000:1111 00000000000000000000000000000000:0000 0A 0:0 00:0 0 106 0 504 1 0\n"
    "   1: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0 106 0 505 1 0\n"
)


def process(root, pid, name, unit, inodes):
    folder = root / "proc" / str(pid)
    (folder / "fd").mkdir(parents=True)
    (folder / "comm").write_text(name + "\n")
    (folder / "cgroup").write_text("0::/%s\n" % unit)
    for number, inode in enumerate(inodes):
        os.symlink("socket:[%s]" % inode, folder / "fd" / str(number))


def test_addresses_are_decoded_from_words_of_the_machine():
    assert sockets.decode_address("0B0200C0") == "192.0.2.11"
    assert sockets.decode_address("0" * 32) == "::"
    assert sockets.decode_address("000080FE000000000000000001000000") == "fe80::1"
    assert sockets.decode_address("0000000000000000FFFF00000100007F") == "127.0.0.1"


def test_the_unit_is_the_innermost_service_or_scope():
    assert sockets.unit_of("0::/system.slice/patroni.service\n") == "patroni.service"
    assert sockets.unit_of("0::/user.slice/user-0.slice/user@0.service/app.slice/x.service\n") == "x.service"
    assert sockets.unit_of("0::/\n") == ""


def test_listening_sockets_have_owners(tmp_path):
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/tcp").write_text(TCP)
    (tmp_path / "proc/net/tcp6").write_text(TCP6)
    process(tmp_path, 1, "systemd", "init.scope", ["504", "502", "1"])
    process(tmp_path, 70, "postgres", "system.slice/patroni.service", ["501", "503"])
    process(tmp_path, 80, "epmd", "system.slice/epmd.service", ["504"])
    process(tmp_path, 2, "kthreadd", "", [])
    process(tmp_path, 90, "java", "system.slice/other.service", [])
    process(tmp_path, 91, "java", "system.slice/other.service", [])
    answer, hidden = sockets.listening(Files(str(tmp_path)))
    found = [(entry["address"], entry["port"], entry["pid"], entry["process"], entry["unit"]) for entry in answer]
    assert hidden == [{"process": "java", "unit": "other.service"}]
    assert found == [
        ("::", 4369, 80, "epmd", "epmd.service"),
        ("192.0.2.11", 5432, 70, "postgres", "patroni.service"),
        ("127.0.0.1", 8080, None, "", ""),
        ("127.0.0.1", 15672, 1, "systemd", "init.scope"),
    ]


def test_a_host_without_proc_listens_nowhere(tmp_path):
    assert sockets.listening(Files(str(tmp_path))) == ([], [])
