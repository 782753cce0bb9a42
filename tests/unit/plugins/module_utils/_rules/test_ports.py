# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import judge
from ansible_collections.steady.airflow.plugins.module_utils._rules.ports import RULES

NODES = [{"name": "node%d" % number, "address": "192.0.2.1%d" % number} for number in (1, 2, 3)]
TIERS = {tier: NODES for tier in ("etcd", "postgresql", "load_balancers", "api_server")}


def found(**settings):
    return [(each["id"], each["subject"]) for each in judge(RULES, TIERS, settings)]


USUAL = {"airflow": 8080, "postgresql": 5432, "etcd": 2379}


@pytest.mark.parametrize("chosen, identities", [
    ({}, []),
    ({"airflow": 443}, []),
    ({"airflow": "443"}, []),
    ({"airflow": 0}, ["inventory-port-invalid"]),
    ({"airflow": 65536}, ["inventory-port-invalid"]),
    ({"airflow": True}, ["inventory-port-invalid"]),
    ({"airflow": "http", "etcd": -1}, ["inventory-port-invalid"] * 2),
    ({"airlfow": 443}, ["inventory-port-unknown"]),
    (443, ["inventory-port-invalid"]),
])
@pytest.mark.parametrize("variable", ["topology_ports", "topology_member_ports"])
def test_ports_are_ports_of_services(variable, chosen, identities):
    assert found(ports={"usual": USUAL, variable: chosen}) == [(identity, variable) for identity in identities]


def test_no_two_services_of_a_host_have_the_same_port():
    def judged(**ports):
        rows = [{"tier": "api_server", "what": "Airflow", "port": 8080, "door_port": 8080},
                {"tier": "postgresql", "what": "PostgreSQL", "port": 5432, "door_port": 5432}, {"tier": "etcd", "what": "etcd", "port": 2379}]
        return found(listening=[dict(row, **ports.get(row["tier"], {})) for row in rows])

    assert judged() == []
    assert judged(api_server={"door_port": 5432}) == [("inventory-port-twice", "the doors")]
    assert judged(api_server={"port": 2379}) == [("inventory-port-twice", "node1")]
    rows = [{"tier": "api_server", "what": "Airflow", "port": 8080, "door_port": 5432}, {"tier": "postgresql", "what": "PostgreSQL", "port": 5432}]
    assert found(listening=rows) == []
    assert found(listening=rows, external_door="x.example.org") == [("inventory-port-twice", "node1")]
