# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about the firewall has a finding for each way to say it wrong."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules.access import RULES
from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import judge

TIERS = {"etcd": [{"name": "node1", "address": "192.0.2.11"}]}


def findings(tiers=None, **firewall):
    settings = {"firewall": {"people": [], "operators": {}, "ports": [5432, "vrrp"], **firewall}}
    return [(each["id"], each["subject"], each["problem"]) for each in judge(RULES, tiers or TIERS, settings)]


@pytest.mark.parametrize("settings", [{}, {"firewall": {}}])
def test_nothing_is_judged_while_it_is_off(settings):
    assert judge(RULES, {"etcd": [{"name": "node1", "address": "node1.example.org"}]}, settings) == []


def test_networks_and_addresses_of_both_families_are_fine():
    assert findings(people=["0.0.0.0/0", "::/0"], operators={5432: ["192.0.2.7", "2001:db8::/32"], "5432": []}) == []


@pytest.mark.parametrize(("network", "told"), [
    ("office", "'office'"), ("192.0.2.300", "'192.0.2.300'"), ("192.0.2.7/24", "192.0.2.7/24 has host bits set"), (10, "'10'"), (None, "'None'"),
])
def test_what_is_no_network_is_told_with_its_variable(network, told):
    (identity, subject, problem), = findings(people=["192.0.2.0/24", network])
    assert (identity, subject) == ("inventory-firewall-network", "firewall_people")
    assert told in problem
    assert findings(operators={5432: [network]}) == [(identity, "firewall_operators[5432]", problem)]


@pytest.mark.parametrize("people", ["192.0.2.0/24", None, {}])
def test_what_is_no_list_is_told(people):
    (identity, subject, problem), = findings(people=people)
    assert (identity, subject) == ("inventory-firewall-network", "firewall_people")
    assert repr(people) in problem


def test_operators_are_told_by_port():
    assert findings(operators=["192.0.2.0/24"])[0][:2] == ("inventory-firewall-operators", "firewall_operators")


def test_a_port_that_is_not_guarded_is_told():
    assert findings(operators={22: ["192.0.2.0/24"]}) == [
        ("inventory-firewall-port", "firewall_operators", "22 is no port that the firewall guards")]
