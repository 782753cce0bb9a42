# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._host import vip

VIP = "192.0.2.10"
MEMBERS = ["192.0.2.11", "192.0.2.12"]


def asker(network):
    """A network in which these addresses answer, with these hardware addresses."""
    def ask(link, wanted, timeout):
        return {address: network[address] for address in wanted if address in network}
    return ask


def test_a_request_names_nobody_as_its_sender():
    frame = vip.request(b"\x02\x00\x00\x00\x00\x01", bytes([192, 0, 2, 10]))
    header, packet = "ffffffffffff 020000000001 0806", "0001 0800 06 04 0001 020000000001 00000000 000000000000 c000020a"
    assert frame == bytes.fromhex(header + packet)
    assert vip.reply(frame) is None


def test_a_reply_tells_address_and_hardware():
    header, packet = "020000000001 020000000002 0806", "0001 0800 06 04 0002 020000000002 c000020a 020000000001 00000000"
    frame = bytes.fromhex(header + packet)
    assert vip.reply(frame) == (VIP, "02:00:00:00:00:02")
    assert vip.reply(frame[:20]) is None


def test_a_held_address_is_not_asked_for():
    seen = vip.observe(VIP, MEMBERS, [VIP, "192.0.2.11"], "eth0", 1, ask=None)
    assert (seen["held"], seen["answers"]) == (True, None)


def test_an_address_on_no_link_cannot_be_asked_for():
    assert vip.observe(VIP, MEMBERS, ["198.51.100.1"], "", 1, ask=None)["answers"] is None


def test_silence_means_nobody_has_it():
    seen = vip.observe(VIP, MEMBERS, ["192.0.2.11"], "eth0", 1, asker({"192.0.2.12": "02:12"}))
    assert seen == {"address": VIP, "held": False, "answers": False, "hardware": "", "member": ""}


def test_a_member_that_answers_is_recognised():
    seen = vip.observe(VIP, MEMBERS, ["192.0.2.11"], "eth0", 1, asker({VIP: "02:12", "192.0.2.12": "02:12"}))
    assert (seen["answers"], seen["member"]) == (True, "192.0.2.12")


def test_a_stranger_that_answers_is_told():
    seen = vip.observe(VIP, MEMBERS, ["192.0.2.11"], "eth0", 1, asker({VIP: "02:99", "192.0.2.12": "02:12"}))
    assert (seen["answers"], seen["hardware"], seen["member"]) == (True, "02:99", "")


def test_without_privileges_nothing_is_known():
    def refuse(link, wanted, timeout):
        raise PermissionError("no raw sockets")
    assert vip.observe(VIP, MEMBERS, [], "eth0", 1, refuse)["answers"] is None


@pytest.mark.parametrize("text, expected", [(VIP, True), ("node1", False), ("2001:db8::1", False)])
def test_only_ipv4_is_ipv4(text, expected):
    assert vip.is_ipv4(text) is expected
