# SPDX-License-Identifier: GPL-3.0-or-later
"""Without a VIP every load balancer has the doors at its own address, and any one of them may be away."""

from __future__ import annotations

import pytest
from airflow_api import Airflow, host_port, run_dag, workers

PORT = 18080
NEVER = 600
CALL = """import ssl, socket, sys
address, port, name = sys.argv[1:]
context = ssl.create_default_context(cafile="/etc/steady-airflow/tls/ca.crt")
context.wrap_socket(socket.create_connection((address, int(port))), server_hostname=name)"""


@pytest.fixture(name="airflow_at", scope="module")
def door_at_an_address(secrets, authority):
    def client(address):
        return Airflow(f"https://{host_port(address, PORT)}", "admin", secrets["airflow_admin_password"], authority)

    return client


def test_nothing_of_keepalived_is_there(host):
    assert not host.package("keepalived").is_installed
    assert not host.user("keepalived").exists


def test_each_load_balancer_has_every_door_at_its_own_address(host, addresses):
    own = addresses[host.check_output("hostname")]
    for port in (PORT, 15432, 15671):
        assert host.socket(f"tcp://{own}:{port}").is_listening


def test_a_dag_runs_by_the_name_while_one_of_its_hosts_has_no_load_balancer(nodes, addresses, airflow_at):
    first, *others = addresses
    nodes[first].run_expect([0], "systemctl stop haproxy")
    try:
        state, instances = run_dag(airflow_at(addresses[others[0]]), "steady_example", seconds=NEVER)
        assert state == "success"
        assert len(workers(instances)) >= 2
    finally:
        nodes[first].run_expect([0], "systemctl start haproxy")


def test_a_client_takes_the_name_for_the_one_who_answers(nodes, addresses):
    """The certificate is good for the name, at each address."""
    for node in nodes.values():
        for address in addresses.values():
            node.run_expect([0], "python3 -c %s %s %s airflow.example.org", CALL, address, str(PORT))
