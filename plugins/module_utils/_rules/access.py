# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules about whom the firewall is to let in."""

from __future__ import annotations

import ipaddress

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding

NETWORK = "write networks as 192.0.2.0/24 or 192.0.2.7, in a list"


def problem(network):
    """What is wrong with it, in Python's words; empty when nothing is."""
    try:
        ipaddress.ip_network(str(network))
    except ValueError as error:
        return str(error)
    return ""


def networks(variable, given):
    if not isinstance(given, list):
        yield finding("inventory-firewall-network", variable, "%r is no list of networks" % (given,), NETWORK)
        return
    for each in given:
        if problem(each):
            yield finding("inventory-firewall-network", variable, problem(each), NETWORK)


def people(tiers, settings):
    """Without C(firewall), which holds C(people), C(operators) and the guarded C(ports), nothing is judged."""
    asked = settings.get("firewall")
    if asked:
        yield from networks("firewall_people", asked["people"])


def operators(tiers, settings):
    asked = settings.get("firewall")
    if not asked:
        return
    given = asked["operators"]
    if not isinstance(given, dict):
        yield finding("inventory-firewall-operators", "firewall_operators", "%r is no dictionary" % (given,), "write {PORT: [NETWORK]}")
        return
    guarded = [str(port) for port in asked["ports"]]
    for port, wanted in given.items():
        if str(port) not in guarded:
            yield finding("inventory-firewall-port", "firewall_operators", "%s is no port that the firewall guards" % port,
                          "choose one of: %s; all others are left to rules of your own" % enumerate_names(guarded))
        yield from networks("firewall_operators[%s]" % port, wanted)


RULES = (people, operators)
