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


@pytest.mark.parametrize("text, expected", [(VIP, 4), ("2001:db8::1", 6), ("node1", None)])
def test_what_is_no_address_has_no_version(text, expected):
    assert vip.version(text) == expected


def test_members_of_the_other_family_are_not_asked():
    network = {"2001:db8::10": "02:12", "2001:db8::12": "02:12"}
    assert vip.observe("2001:db8::10", ["192.0.2.12", "2001:db8::12"], ["2001:db8::11"], "eth0", 1, asker(network))["member"] == "2001:db8::12"
