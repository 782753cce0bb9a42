# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may reach which port is said once. The preflight's ports and the table of the documentation agree with it."""

from __future__ import annotations

import re

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.steady.airflow.plugins.module_utils import _topology
from ansible_collections.steady.airflow.plugins.module_utils._rules import needs
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT, read

LOADER = DataLoader()
DEFAULTS = LOADER.load_from_file(str(ROOT / "roles/topology/defaults/main.yml"), trusted_as_template=True)
VARS = LOADER.load_from_file(str(ROOT / "roles/topology/vars/main.yml"), trusted_as_template=True)


def rows(broker):
    """Of all tiers, where this is the broker."""
    known = {**DEFAULTS, **VARS, "__topology_broker": broker, "__topology_is_backed_up": True, "__topology_runs_tasks": "worker"}
    ports = _topology.ports(Templar(loader=LOADER, variables=known).template(VARS["__topology_usual_ports"]), {}, {})
    return Templar(loader=LOADER, variables={**known, "__topology_ports": ports}).template(VARS["__topology_access_of_all"])


BROKERS = ("rabbitmq", "redis")
ACCESS = [row for broker in BROKERS for row in rows(broker) if row["tier"] not in BROKERS or row["tier"] == broker]
ACCESS = [row for number, row in enumerate(ACCESS) if row not in ACCESS[:number]]
GROUPS = {tier: "`%s`" % group for tier, group in DEFAULTS["topology_groups"].items()}
ALL_AIRFLOW = "all Airflow hosts"
NOT_GUARDED = "22"


def test_the_preflight_knows_who_may_own_each_port():
    assert _topology.listening(ACCESS).keys() == needs.OWNERS.keys() - {"dag_processor"}


def table():
    """{port: [on, who connects, who comes through the door]}: groups, and people, as sets."""
    section = read("docs/topology.md").split("## Doors and ports")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")][2:]
    return {port: [callers(cell) for cell in row[2:]] for row in rows for port in row[0].lower().split(" (")[0].split(", ") if port != NOT_GUARDED}


def callers(cell):
    """Other words, such as settings, are for people to read."""
    found = {word for word in re.findall("`[^`]+`", cell) if word in GROUPS.values()}
    if ALL_AIRFLOW in cell:
        found.update(GROUPS[tier] for tier in needs.AIRFLOW_TIERS)
    return found | ({"people"} if re.search(r"\bpeople\b", cell) else set())


@pytest.mark.parametrize("port", sorted({str(row["port"]) for row in ACCESS}))
def test_the_documentation_says_the_same(port):
    """Two tiers may listen at one port, and stand in one row there."""
    said = [[row["tier"] for row in at(port)], *([name for row in at(port) for name in row.get(key, [])] for key in ("from", "door"))]
    assert table()[port] == [{GROUPS.get(name, name) for name in names} for names in said]


def at(port):
    return [row for row in ACCESS if str(row["port"]) == port]


def test_the_documentation_tells_of_no_other_port():
    assert table().keys() == {str(row["port"]) for row in ACCESS}


def test_every_caller_is_a_tier_or_people():
    assert {name for row in ACCESS for name in row["from"] + row.get("door", [])} <= GROUPS.keys() | {"people"}
