# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules.host import host_findings

ALL_TIERS = ["etcd", "postgresql", "rabbitmq", "load_balancers",
             "api_server", "scheduler", "dag_processor", "triggerer", "worker"]
EXPECTED = {
    "name": "node1",
    "tiers": ALL_TIERS,
    "airflow_version": "3.3.2",
    "locks": [["3.3.2", "3.11"], ["3.3.2", "3.13"]],
    "disk_mb": {"/opt": 1000, "/var/lib": 2000},
    "ports": {
        "etcd": {2379: "etcd", 2380: "etcd's members"}, "postgresql": {5432: "PostgreSQL", 8008: "Patroni"}, "rabbitmq": {4369: "epmd", 5671: "RabbitMQ"},
        "load_balancers": {8080: "Airflow", 5432: "PostgreSQL"}, "api_server": {8080: "Airflow"}, "scheduler": {8974: "health"}},
    "names": {"node1": "192.0.2.11", "node2": "192.0.2.12"},
    "checked_at": 1005.0,
}


def host(**changes):
    seen = {
        "time": 1002.0,
        "controller_time": 1000.0,
        "distribution": {"id": "debian", "version": "13", "codename": "trixie"},
        "python": "3.13",
        "architecture": "x86_64",
        "hostname": "node1",
        "cpus": 2,
        "memory_mb": 3900,
        "container": False,
        "systemd": True,
        "privileged": True,
        "clock_synchronised": True,
        "addresses": ["192.0.2.11"],
        "names": {"node1": ["192.0.2.11"], "node2": []},
        "services": {},
        "filesystems": {
            "/opt": {"existing": "/opt", "free_mb": 5000, "device": 1},
            "/var/lib": {"existing": "/var/lib", "free_mb": 5000, "device": 1},
        },
        "packages": {},
        "listening": [],
        "hidden": [],
        "vip": None,
    }
    seen.update(changes)
    return seen


def listener(port, process, unit="", pid=9, address="0.0.0.0"):
    return {"address": address, "port": port, "pid": pid, "process": process, "unit": unit}


def door(**changes):
    return dict({"address": "192.0.2.10", "held": False, "answers": False, "hardware": "", "member": "", "interface": "eth0"}, **changes)


def found(seen, **changes):
    return [(each["id"], each["severity"], each["subject"])
            for each in host_findings(seen, dict(EXPECTED, **changes))]


def test_a_fit_host_has_no_findings():
    assert found(host()) == []
    assert host_findings(host(), {}) == []


@pytest.mark.parametrize("identity, changes", [
    ("host-system-unsupported", {"distribution": {"id": "debian", "version": "12", "codename": "bookworm"}}),
    ("host-system-unsupported", {"distribution": {"id": "fedora", "version": "42", "codename": ""}}),
    ("host-system-unsupported", {"distribution": {"id": "", "version": "", "codename": ""}}),
    ("host-name-differs", {"hostname": "localhost"}),
    ("host-name-differs", {"hostname": "node1.example.com"}),
    ("host-name-differs", {"hostname": ""}),
    ("host-systemd-missing", {"systemd": False}),
    ("host-not-root", {"privileged": False}),
    ("host-python-unlocked", {"python": "3.12"}),
    ("host-python-unlocked", {"python": ""}),
    ("host-memory-low", {"memory_mb": 1980}),
    ("host-clock-unsynchronised", {"clock_synchronised": False}),
    ("host-clock-off", {"time": 998.5}),
    ("host-clock-off", {"time": 1006.5}),
    ("host-port-taken", {"listening": [listener(8080, "nginx", "nginx.service")]}),
    ("host-port-taken", {"listening": [listener(2379, "", "", None)]}),
    ("host-port-taken", {"listening": [listener(5432, "postgres", "postgresql@17-main.service")]}),
    ("host-name-wrong", {"names": {"node2": ["192.0.2.99"]}}),
    ("host-name-loopback", {"names": {"node2": ["127.0.0.1"]}}),
    ("host-name-wrong", {"names": {"node2": ["fe80::1%eth0"]}}),
])
def test_an_unfit_host_is_told(identity, changes):
    assert found(host(**changes)) == [(identity, "error", "node1")]


def test_another_name_is_told_with_its_remedy():
    told = host_findings(host(hostname="debian"), EXPECTED)[0]
    assert told["problem"].startswith("calls itself debian; Airflow's task logs and RabbitMQ are reached by that name")
    assert "hostnamectl set-hostname node1" in told["remedy"]
    assert "or rename it in the inventory" in told["remedy"]


def test_other_systems_can_be_allowed():
    seen = host(distribution={"id": "debian", "version": "12", "codename": "bookworm"})
    assert host_findings(seen, EXPECTED)[0]["remedy"] == "use one of: debian 13"
    assert found(seen, supported={"debian": [12, 13]}) == []


def test_the_usual_line_of_debian_for_the_own_name_only_warns():
    assert found(host(names={"node1": ["127.0.1.1"]})) == [("host-name-loopback", "warning", "node1")]


def test_names_are_compared_with_addresses_only():
    assert found(host(names={"node2": ["192.0.2.99"]}), names={"node2": "node2.example.com"}) == []


def test_the_host_calls_itself_by_its_own_name_when_no_other_is_known():
    assert host_findings(host(systemd=False), {})[0]["subject"] == "node1"


def test_python_matters_only_where_airflow_is_installed_from_a_lock():
    assert found(host(python="3.12"), tiers=["etcd"]) == []
    assert found(host(python="3.12"), locks=None) == []
    # A version without any lock file is told of the inventory, once, not of every host.
    assert found(host(python="3.12"), airflow_version="9.9.9") == []


def test_memory_is_that_of_the_tiers_on_the_host():
    assert found(host(memory_mb=512), tiers=["etcd"]) == []
    assert found(host(memory_mb=512), tiers=["etcd"], memory_mb={"etcd": 1024}) == [
        ("host-memory-low", "error", "node1"),
    ]


def test_needs_on_one_file_system_add_up():
    full = {path: {"existing": path, "free_mb": 2500, "device": 1} for path in ("/opt", "/var/lib")}
    assert found(host(filesystems=full)) == [("host-disk-full", "error", "node1")]
    full["/opt"]["device"] = 2
    assert found(host(filesystems=full)) == []
    assert found(host(filesystems={})) == []


def test_an_unknown_clock_is_not_judged():
    assert found(host(clock_synchronised=None, controller_time=None), checked_at=None) == []


@pytest.mark.parametrize("entry", [
    listener(8080, "haproxy", "haproxy.service", address="192.0.2.10"),
    listener(8080, "python3.13", "airflow-api-server.service", address="192.0.2.11"),
    listener(5432, "postgres", "patroni.service"),
    listener(4369, "systemd", "init.scope", 1),
    listener(5672, "beam.smp", "rabbitmq-server.service"),
    listener(22, "sshd", "ssh.service"),
])
def test_our_own_services_and_foreign_ports_pass(entry):
    assert found(host(listening=[entry])) == []


def test_a_port_matters_only_to_its_tier():
    taken = host(listening=[listener(8080, "nginx")])
    assert found(taken, tiers=["etcd"]) == []
    assert found(taken, tiers=["etcd"], ports={"etcd": {"8080": "etcd"}}) == [("host-port-taken", "error", "node1")]
    assert found(taken, ports={"load_balancers": {8443: "Airflow"}, "api_server": {8443: "Airflow"}}) == []


def test_the_ports_that_are_judged_are_those_that_will_be_used():
    ports = {"load_balancers": {8443: "Airflow"}, "api_server": {8081: "Airflow"}}
    assert found(host(listening=[listener(port, "nginx") for port in (8080, 8443, 8081)]), ports=ports) == [("host-port-taken", "error", "node1")] * 2


def test_a_port_on_several_addresses_is_one_finding():
    both = [listener(8080, "nginx", address=address) for address in ("0.0.0.0", "::")]
    findings = host_findings(host(listening=both), EXPECTED)
    assert [each["problem"] for each in findings] == ["port 8080 (0.0.0.0, ::) is in use by nginx (process 9)"]


def test_a_hidden_owner_may_be_ours():
    seen = host(listening=[listener(2379, "", "", None)], hidden=[{"process": "etcd", "unit": "etcd.service"}])
    assert found(seen) == []
    seen["hidden"] = [{"process": "other", "unit": "other.service"}]
    assert found(seen) == [("host-port-taken", "error", "node1")]


def test_owners_are_unknown_without_privileges():
    assert found(host(privileged=False, listening=[listener(8080, "", "", None)])) == [
        ("host-not-root", "error", "node1"),
    ]


@pytest.mark.parametrize("seen", [
    door(), door(held=True, answers=None), door(answers=None), door(answers=True, hardware="02:12", member="192.0.2.12"),
])
def test_a_vip_that_is_free_or_ours_passes(seen):
    assert found(host(vip=seen)) == []


@pytest.mark.parametrize("changes, identities", [
    ({}, ["host-vip-interface"]), ({"interface": "eth1"}, []), ({"tiers": ["etcd"]}, []),
])
def test_the_interface_of_the_vip_is_known(changes, identities):
    seen = host(vip=door(interface=""), addresses=["203.0.113.7"])
    assert [identity for identity, _severity, _subject in found(seen, **changes)] == identities


@pytest.mark.parametrize("door, known, identities", [
    ("airflow.example.org", ["192.0.2.200"], []), ("airflow.example.org", [], ["host-door-unknown"]), ("192.0.2.200", [], []),
])
def test_an_external_door_is_known_on_every_host(door, known, identities):
    assert [identity for identity, _severity, _subject in found(host(names={door: known}), external_door=door)] == identities


def test_a_broker_whose_place_the_other_one_takes_is_told():
    assert found(host(), former_broker="") == []
    [told] = host_findings(host(), dict(EXPECTED, former_broker="rabbitmq"))
    assert (told["id"], told["severity"]) == ("host-broker-changes", "warning")
    assert told["problem"] == "has RabbitMQ, whose place Redis takes at the end of this run"
    assert "move the hosts of the group redis back to rabbitmq" in told["remedy"]


def test_a_vip_in_foreign_hands_is_told():
    assert found(host(vip=door(answers=True, hardware="02:99"))) == [("host-vip-in-use", "error", "topology_vip")]


def test_everything_is_told_at_once_errors_first():
    bad = host(names={"node1": ["127.0.1.1"]}, systemd=False, memory_mb=1, clock_synchronised=False)
    assert [severity for identity, severity, subject in found(bad)] == ["error"] * 3 + ["warning"]
    assert found(bad, ignore=["host-systemd-missing", "host-memory-low", "host-name-loopback"]) == [
        ("host-clock-unsynchronised", "error", "node1"),
    ]


def test_a_service_of_others_that_cannot_be_reached_is_told_with_its_variable():
    used = {"database": {"kind": "postgresql", "address": "db.example.org:5432"}, "broker": {}}
    assert found(host(services={"db.example.org:5432": ""}), services=used) == []
    told = host_findings(host(services={"db.example.org:5432": "timed out"}), dict(EXPECTED, services=used))
    assert [each["problem"] for each in told] == ["cannot open a connection to db.example.org:5432 (airflow_database_url): timed out"]
