# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
import time

from ansible_collections.steady.airflow.plugins.module_utils._host import network
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files

FIB_TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.1
              /32 host LOCAL
     +-- 192.0.2.0/24 2 0 2
        |-- 192.0.2.0
           /24 link UNICAST
        |-- 192.0.2.10
           /32 host LOCAL
        |-- 192.0.2.11
           /32 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST
"""
IF_INET6 = """00000000000000000000000000000001 01 80 10 80       lo
fe80000000000000fc000000000000ab 02 40 20 80     eth0
20010db8000000000000000000000011 02 40 00 80     eth0
"""
ROUTE = """Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
eth1	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
"""
IPV6_ROUTE = """20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 1 0 00000001 eth0
fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 1 0 00000001 eth0
20010db8000100000000000000000000 30 00000000000000000000000000000000 00 20010db8000000000000000000000001 00000400 1 0 00000003 eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 20010db8000000000000000000000001 00000400 1 0 00000003 eth0
20010db8000000000000000000000011 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 1 0 80200001 lo
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 1 0 00200200 lo
"""


def host(tmp_path):
    net = tmp_path / "proc/net"
    net.mkdir(parents=True)
    (net / "fib_trie").write_text(FIB_TRIE)
    (net / "if_inet6").write_text(IF_INET6)
    (net / "route").write_text(ROUTE)
    (net / "ipv6_route").write_text(IPV6_ROUTE)
    return Files(str(tmp_path))


def test_addresses_leave_out_loopback_and_link_local(tmp_path):
    assert network.addresses(host(tmp_path)) == ["192.0.2.10", "192.0.2.11", "2001:db8::11"]


def test_the_link_is_the_one_whose_own_network_holds_the_address(tmp_path):
    files = host(tmp_path)
    assert network.link_to(files, "192.0.2.10") == "eth0"
    assert network.link_to(files, "172.17.3.4") == "eth1"
    assert network.link_to(files, "2001:db8::10") == "eth0"


def test_an_address_behind_a_gateway_has_no_link(tmp_path):
    assert network.link_to(host(tmp_path), "198.51.100.7") == ""


def test_names_are_resolved_and_unknown_names_are_empty():
    known = {"node1": ["192.0.2.11"]}
    assert network.resolve(["node1", "node9"], 2, lambda name: known.get(name, [])) == {
        "node1": ["192.0.2.11"], "node9": [],
    }


def test_a_silent_name_server_costs_one_timeout_for_all_names():
    never = threading.Event()
    start = time.monotonic()
    answer = network.resolve(["a", "b", "c"], 0.1, lambda name: ["192.0.2.1"] if name == "b" else never.wait(5))
    assert answer == {"a": [], "b": ["192.0.2.1"], "c": []}
    assert time.monotonic() - start < 2
    never.set()


def test_lookup_answers_with_addresses_or_with_nothing():
    assert "127.0.0.1" in network.lookup("127.0.0.1")
    assert network.lookup("x" * 300) == []
