# SPDX-License-Identifier: GPL-3.0-or-later
"""One host becomes three, and no DAG run notices; three become one again."""

from __future__ import annotations

import contextlib
import json
import pathlib
import threading

import pytest
import bare
from airflow_api import Airflow, ApiError, host_port

from repository import DIRECTORY

ROOT = pathlib.Path(__file__).resolve().parents[3]
SECONDS = 5  # between two runs


@pytest.fixture(name="three")
def inventory_of_three(inventory, tmp_path_factory):
    """That of three_nodes in the place of single, whose first host goes on keeping the backups."""
    more = tmp_path_factory.mktemp("inventory") / "hosts.yml"
    more.write_text("backup: {hosts: {node1: {}}}", encoding="utf-8")
    single = str(ROOT / "inventories/single")
    return [str(ROOT / "inventories/three_nodes") if str(word) == single else word for word in inventory] + ["-i", str(more)]


@pytest.fixture(name="at_vip")
def airflow_at_the_vip(vip, secrets, authority):
    def client():
        airflow = Airflow(f"https://{host_port(vip, 8080)}", "admin", secrets["airflow_admin_password"], authority)
        airflow.login()
        return airflow

    return client


@pytest.fixture(name="begun")
def a_run_that_is_begun(at_vip, eventually):
    """The client that could, and the run."""
    def attempt():
        with contextlib.suppress(ApiError, OSError):
            client = at_vip()
            return client, client.trigger("steady_example")
        return None

    return lambda: eventually(attempt)


@pytest.fixture(name="streaming")
def database_of_three(patroni, eventually):
    return lambda: eventually(lambda: sorted(member["state"] for member in patroni()) == ["running", "streaming", "streaming"])


class Runs(threading.Thread):
    """Begins a DAG run each few seconds, wherever Airflow is met; made is what was acknowledged."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client, self.made, self.ended = client, [], threading.Event()

    def run(self):
        while not self.ended.wait(SECONDS):
            with contextlib.suppress(ApiError):
                self.made.append(self.client.trigger("steady_example"))


def test_no_run_is_lost_on_the_way(airflow, example, playbook, three, at_vip, ended):
    assert example()[0] == "success"
    runs = Runs(airflow)
    runs.start()
    status, text = playbook("site", inventory=three)
    runs.ended.set()
    runs.join()
    assert status == 0, text[-4000:]
    client = at_vip()
    assert len(runs.made) > 10
    assert {ended(run, client) for run in runs.made} == {"success"}


def test_a_further_run_changes_nothing(playbook, three):
    status, text = playbook("site", inventory=three)
    assert status == 0, text[-4000:]
    assert [line for line in text.splitlines() if "changed=" in line and "changed=0 " not in line] == []


def test_all_tiers_have_three_members(nodes, streaming, eventually):
    streaming()
    members = nodes["node2"].check_output(". /etc/steady-airflow/etcdctl.sh; etcdctl member list").splitlines()
    assert len(members) == 3 and all(" started," in member for member in members)

    def each_queue_has_three_copies():
        queues = nodes["node3"].check_output("rabbitmqctl --quiet list_queues -p airflow name type members online").splitlines()[1:]
        copies = [line for line in queues if "\tquorum\t" in line]
        return copies and all(line.count("rabbit@") == 6 for line in copies)  # members, and those online

    eventually(each_queue_has_three_copies)


def test_the_first_host_may_be_lost_now(begun, ended):
    with bare.without_power("node1"):
        client, run = begun()
        assert ended(run, client) == "success"


def test_three_become_one_by_a_restore(nodes, playbook, three, begun, ended, streaming, example, airflow, tmp_path):
    client, run = begun()
    streaming()
    assert ended(run, client) == "success"
    for node in nodes.values():
        node.check_output("systemctl stop 'airflow-*'")
    status, text = playbook("backup", inventory=three)
    assert status == 0, text
    for name in ("node2", "node3"):
        bare.power(name, on=False)
    with bare.copied("node1", DIRECTORY, tmp_path / "copy.tar"):
        bare.replace("node1")

    confirm = bare.former_cluster(playbook)
    status, text = playbook("restore", "-e", json.dumps({"backup_restore_confirm": confirm, "backup_restore_reports": str(tmp_path)}))
    assert status == 0, text[-3000:]
    assert airflow.state("steady_example", run) == "success"
    assert example()[0] == "success"
