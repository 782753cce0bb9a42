# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall is switched on for the running cluster, judges who calls, and is switched off again.

This machine is in no tier, so it is the stranger, and by firewall_people and firewall_operators whom they name.
"""

from __future__ import annotations

import json
import re
import socket

from airflow_api import host_port
import psycopg2
import pytest

SECONDS = 3
FILE = "/etc/steady-airflow/firewall.nft"
UNIT = "steady-airflow-firewall.service"
DOORS = (8080, 5432, 5671)
PATRONI = 8008
MEMBERS = (8080, 5432, 5671, 2379, 2380, PATRONI, 25672, 4369, 8793, 8794)
# Prints which of the doors do not let in whom calls from this source.
ASK = """
import json, socket, sys
closed = []
for address, port in json.loads(sys.argv[1]):
    try:
        socket.create_connection((address, port), 3, (sys.argv[2], 0)).close()
    except OSError as error:
        closed.append([address, port, str(error)])
print(json.dumps(closed))
"""


def is_open(address, port):
    """A door that does not answer at all is neither open nor closed: an error."""
    try:
        socket.create_connection((address, port), SECONDS).close()
    except ConnectionRefusedError:
        return False
    return True


def closed_for(node, doors, source=""):
    return json.loads(node.check_output("python3 -c %s %s %s", ASK, json.dumps(doors), source))


@pytest.fixture(name="all_doors", scope="module")
def every_guarded_door(addresses, vip):
    return [(vip, port) for port in DOORS] + [(address, port) for address in addresses.values() for port in MEMBERS]


@pytest.fixture(name="stranger", scope="module")
def own_address(vip):
    """The address from which this machine calls the hosts."""
    with socket.socket(socket.AF_INET6 if ":" in vip else socket.AF_INET, socket.SOCK_DGRAM) as nothing_is_sent:
        nothing_is_sent.connect((vip, 9))
        return nothing_is_sent.getsockname()[0]


@pytest.fixture(name="run", scope="module")
def run_of_the_playbook(playbook):
    """Runs what of site.yml concerns the firewall, over the hosts' usual connection; returns how many tasks changed something."""
    def run(*options, **settings):
        status, text = playbook("site", "--tags", "node,firewall", "-e", json.dumps(settings), *options)
        assert status == 0, text[-3000:]
        return sum(map(int, re.findall(r"\bchanged=(\d+)", text)))

    return run


@pytest.fixture(name="old_session", scope="module")
def session_from_before(connect):
    """A stranger's session at the database, made while everybody may."""
    with connect() as session:
        yield session


@pytest.fixture(name="firewall", scope="module", autouse=True)
def firewall_for_these_tests(run, old_session, stranger):
    """At first people are nobody, and one operator may ask Patroni."""
    try:
        yield run(firewall_enabled=True, firewall_people=[], firewall_operators={PATRONI: [stranger]})
    finally:
        run(firewall_enabled=False)


def test_it_was_switched_on(firewall, nodes):
    assert firewall > 0
    for node in nodes.values():
        unit = node.service(UNIT)
        assert unit.is_running and unit.is_enabled
        assert node.run("nft list table inet steady_airflow").succeeded


def test_its_unit_is_confined(host):
    answer = host.run(f"systemd-analyze security --no-pager --threshold=20 {UNIT}")
    assert answer.succeeded, answer.stdout.splitlines()[-1:]


def test_a_stranger_is_refused_at_once_wherever_a_tier_is(all_doors):
    assert [door for door in all_doors if is_open(*door)] == [door for door in all_doors if door[1] == PATRONI]


def test_an_operator_is_let_in_where_it_was_told(patroni):
    assert {member["state"] for member in patroni()} <= {"running", "streaming"}


def test_a_session_that_was_there_goes_on_and_a_new_one_is_refused(old_session, connect):
    with old_session.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    with pytest.raises(psycopg2.OperationalError, match="refused"), connect():
        pass


def test_the_members_reach_each_other_and_every_door(nodes, all_doors):
    assert {name: closed_for(node, all_doors) for name, node in nodes.items()} == {name: [] for name in nodes}


def test_a_host_may_call_from_the_vip_that_it_holds(nodes, vip, addresses):
    holder = next(name for name, node in nodes.items() if f" {vip}/" in node.check_output("ip -o addr"))
    others = [(address, port) for name, address in addresses.items() if name != holder for port in (2379, PATRONI, 25672)]
    assert closed_for(nodes[holder], others, vip) == []


def test_other_ports_are_left_alone(addresses):
    assert all(is_open(address, 22) for address in addresses.values())


def test_people_are_everybody_unless_told_and_a_second_run_changes_nothing(run, all_doors, vip, nodes):
    assert run("--check", firewall_enabled=True) == len(nodes)
    assert run(firewall_enabled=True) == 2 * len(nodes)  # the rules, and a reload
    assert [door for door in all_doors if is_open(*door)] == [(vip, 8080)]
    assert run(firewall_enabled=True) == 0


def test_all_come_back_after_every_session_through_the_doors_was_cut(nodes, vip, fetch, example, eventually):
    holder = next(node for node in nodes.values() if f" {vip}/" in node.check_output("ip -o addr"))
    holder.check_output("systemctl restart haproxy")

    def are_healthy():
        try:
            return all(part["status"] == "healthy" for part in fetch(f"https://{host_port(vip, 8080)}/api/v2/monitor/health").values())
        except OSError:
            return False

    eventually(are_healthy)
    state, _tasks = example()
    assert state == "success"


def test_switched_off_it_is_gone(run, nodes, all_doors):
    assert run(firewall_enabled=False) == 2 * len(nodes)
    for node in nodes.values():
        assert not node.file(FILE).exists
        assert not node.file(f"/etc/systemd/system/{UNIT}").exists
        assert node.run("nft list table inet steady_airflow").failed
    assert [door for door in all_doors if door[1] != 4369 and not is_open(*door)] == []  # epmd has a filter of its own
    assert run(firewall_enabled=False) == 0
