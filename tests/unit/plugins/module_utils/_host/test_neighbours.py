# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._host import neighbours


def test_a_request_names_nobody_as_its_sender():
    frame = neighbours.request(b"\x02\x00\x00\x00\x00\x01", "192.0.2.10")
    header, packet = "ffffffffffff 020000000001 0806", "0001 0800 06 04 0001 020000000001 00000000 000000000000 c000020a"
    assert frame == bytes.fromhex(header + packet)
    assert neighbours.reply(frame) is None


def test_a_reply_tells_address_and_hardware():
    header, packet = "020000000001 020000000002 0806", "0001 0800 06 04 0002 020000000002 c000020a 020000000001 00000000"
    frame = bytes.fromhex(header + packet)
    assert neighbours.reply(frame) == ("192.0.2.10", "02:00:00:00:00:02")
    assert neighbours.reply(frame[:20]) is None


# what a Linux host answered to the question below it, and what its bridge told the neighbours next
ADVERTISEMENT = bytes.fromhex(
    "3333000000010242c612c80b86dd 6000000000203aff20010db8005100000000000000000011ff020000000000000000000000000001"
    "88006a092000000020010db8005100000000000000000011 02010242c612c80b")
LISTENER_REPORT = bytes.fromhex(
    "3333000000160242c612c80b86dd 6000000000380001fe800000000000000042c6fffe12c80bff020000000000000000000000000016"
    "3a000502000001008f0019600000000204000000ff0200000000000000000001ff12c80b04000000ff0200000000000000000001ff000011")


def test_a_solicitation_goes_to_all_that_may_have_the_address_and_names_nobody_as_its_sender():
    frame = neighbours.solicitation(b"\x02\x00\x00\x00\x00\x01", "2001:db8::10")
    header, packet = "3333ff000010 020000000001 86dd", "60000000 0018 3a ff " + 32 * "0" + "ff0200000000000000000001ff000010"
    assert frame == bytes.fromhex(header + packet + "87 00 4ccf 00000000 20010db8000000000000000000000010")  # a host answered such a one
    assert neighbours.advertisement(frame) is None


def test_an_advertisement_tells_address_and_hardware():
    assert neighbours.advertisement(ADVERTISEMENT) == ("2001:db8:51::11", "02:42:c6:12:c8:0b")
    assert neighbours.advertisement(LISTENER_REPORT) is None
    assert neighbours.advertisement(ADVERTISEMENT[:60]) is None


def test_what_came_from_beyond_the_link_is_no_advertisement():
    routed = ADVERTISEMENT[:21] + b"\x40" + ADVERTISEMENT[22:]
    assert neighbours.advertisement(routed) is None
