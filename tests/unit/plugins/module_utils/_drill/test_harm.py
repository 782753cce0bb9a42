# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import harm

FAULT = {
    "name": "F07-1", "duration": 60, "units": ["a.service", "b.service"], "peers": [], "ports": [], "protocol": "tcp", "direction": "both",
    "percent": 100, "reject": False, "spared_ports": [22], "loopback": False, "hard": False, "pattern": None, "patience": 60,
    "delay_ms": 0, "interface": "eth0", "path": "/d", "leave_mb": 5,
    "cpu_percent": 0, "memory_mb": 0, "io_per_second": 0, "device": None,
}
LASTS = ["systemd-run", "--quiet", "--collect", "--service-type=exec", "--unit=steady-drill-F07-1.service"]


def fault(kind, **options):
    return dict(FAULT, kind=kind, **options)


@pytest.mark.parametrize("wish, harms, heals", [
    (fault("freeze"), ["systemctl kill --signal=STOP --kill-whom=all a.service b.service"],
     ["systemctl kill --signal=CONT --kill-whom=all a.service b.service"]),
    (fault("stop"), ["systemctl stop a.service b.service"], ["systemctl start a.service b.service"]),
    (fault("stop", hard=True), ["systemctl kill --signal=KILL --kill-whom=all a.service b.service", "systemctl stop a.service b.service"],
     ["systemctl start a.service b.service"]),
    (fault("limit", units=["a.service"], cpu_percent=10, memory_mb=200),
     ["systemctl set-property --runtime a.service CPUQuota=10% MemoryMax=200M"], ["systemctl set-property --runtime a.service CPUQuota= MemoryMax="]),
    (fault("limit", units=["a.service"], io_per_second=5, device="/var"),
     ["systemctl set-property --runtime a.service 'IOWriteIOPSMax=/var 5'"], ["systemctl set-property --runtime a.service IOWriteIOPSMax="]),
    (fault("delay", delay_ms=200), ["tc qdisc replace dev eth0 root netem delay 200ms"], ["tc qdisc del dev eth0 root"]),
    (fault("delay", delay_ms=200, percent=5), ["tc qdisc replace dev eth0 root netem delay 200ms loss 5%"], ["tc qdisc del dev eth0 root"]),
    (fault("delay", percent=5), ["tc qdisc replace dev eth0 root netem loss 5%"], ["tc qdisc del dev eth0 root"]),
    (fault("cut", ports=[2379]), ["nft --file /run/steady-drill/F07-1.nft"], ["nft delete table inet steady_drill_F07_1"]),
    (fault("cut"), ["nft --file /run/steady-drill/F07-1.nft"],
     ["nft delete table netdev steady_drill_F07_1"]),
])
def test_a_unit_harms_before_it_sleeps_and_heals_whatever_became_of_it(wish, harms, heals):
    assert harm.lasting(wish) == [
        *LASTS, *("--property=ExecStartPre=" + one for one in harms), *("--property=ExecStopPost=-" + one for one in heals), "sleep", "60"]


def test_room_is_taken_by_a_process_and_given_back_when_it_ends():
    command = harm.lasting(fault("fill"))
    assert command[:5] == LASTS
    assert command[5:7] == ["python3", "-c"]
    assert command[8:] == ["/d", "5", "60"]
    compile(command[7], "fill", "exec")


BOTH = """table inet steady_drill_F07_1 {
  chain input {
    type filter hook input priority -150; policy accept;
    iifname lo accept
    tcp dport 22 accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport { 2379, 2380 } drop
    tcp sport { 2379, 2380 } drop
  }
  chain output {
    type filter hook output priority -150; policy accept;
    oifname lo accept
    tcp sport 22 accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport { 2379, 2380 } drop
    tcp sport { 2379, 2380 } drop
  }
}
"""


def test_ports_are_cut_in_both_directions_and_the_way_in_stays_open():
    assert harm.rules(fault("cut", ports=[2379, 2380]), ["eth0"]) == BOTH


@pytest.mark.parametrize("options, spared", [
    ({"ports": [2379]}, True),
    ({"ports": [2379], "loopback": True}, False),
    ({"protocol": "112", "loopback": True}, True),
])
def test_loopback_is_cut_if_the_fault_says_so_of_ports(options, spared):
    written = harm.rules(fault("cut", **options), ["eth0"])
    assert [word in written for word in ("iifname lo accept", "oifname lo accept")] == [spared, spared]
    assert written.count("port 22 accept") == 2


@pytest.mark.parametrize("options, rule", [
    ({}, "drop"),
    ({"reject": True}, "reject"),
    ({"percent": 30}, "numgen random mod 100 < 30 drop"),
    ({"protocol": "112"}, "meta l4proto 112 drop"),
    ({"peers": ["192.0.2.11", "192.0.2.12"]}, "ip daddr { 192.0.2.11, 192.0.2.12 } drop"),
    ({"peers": ["2001:db8::11"]}, "ip6 daddr { 2001:db8::11 } drop"),
    ({"peers": ["192.0.2.11"], "protocol": "112", "percent": 5, "reject": True}, "ip daddr { 192.0.2.11 } meta l4proto 112 numgen random mod 100 < 5 reject"),
])
def test_what_leaves_is_cut_as_the_fault_says(options, rule):
    written = harm.rules(fault("cut", direction="out", **options), ["eth0"])
    assert "chain input" not in written
    assert written.splitlines()[-3].strip() == rule


@pytest.mark.parametrize("options, isolated", [
    ({}, True), ({"ports": [2379]}, False), ({"peers": ["192.0.2.11"]}, False), ({"percent": 30}, False), ({"protocol": "112"}, False),
    ({"direction": "in"}, False),
])
def test_an_isolated_host_has_a_wall_at_each_interface_and_no_other_has(options, isolated):
    written = harm.rules(fault("cut", **options), ["eth0", "eth1"])
    assert ("table netdev steady_drill_F07_1 {" in written) == isolated
    assert ("table inet steady_drill_F07_1 {" in written) != isolated
    for hook, port in (("ingress", "dport"), ("egress", "sport")):
        assert ("hook %s devices = { eth0, eth1 } priority 0; policy drop;\n    tcp %s 22 accept\n    ether type arp" % (hook, port) in written) == isolated
