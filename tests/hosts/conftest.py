# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests share: the hosts by name, their addresses, and clients that come through the doors as users do. They look at Molecule's
hosts or at the demo's:
  pytest --hosts=docker://steady-demo-node1,docker://steady-demo-node2,docker://steady-demo-node3 tests/hosts/looks
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import pathlib
import ssl
import subprocess
import urllib.request

import psycopg2
import pytest
import broker
import testinfra
import yaml
from airflow_api import FINAL_STATES, Airflow, ApiError, host_port, run_dag, wait_for
from patience import NEVER, NEVER_DONE, eventually
from playbooks import begun

ROOT = pathlib.Path(__file__).resolve().parents[2]

DAG = "steady_example"


def pytest_collection_modifyitems(config, items):
    """Of looks at a broker, those at the one that there is."""
    others = {f"test_{name}.py" for name in ("rabbitmq", "redis")} - {f"test_{broker.NAME}.py"}
    config.hook.pytest_deselected(items=[item for item in items if item.path.name in others])
    items[:] = [item for item in items if item.path.name not in others]


@pytest.fixture(scope="session")
def nodes(request):
    """{name: testinfra's host} of all hosts, for what concerns more than one."""
    hosts = [testinfra.get_host(name) for name in request.config.getoption("hosts").split(",")]
    return {host.check_output("hostname"): host for host in hosts}


@pytest.fixture(scope="session")
def some_node(nodes):
    """Any one host: each sees the same cluster."""
    return next(iter(nodes.values()))


@pytest.fixture(scope="session", name="airflow_command")
def command_of_airflow():
    """Airflow's own command on a host, with the settings alone: what it prints."""
    home = "AIRFLOW_HOME=/var/lib/airflow AIRFLOW_CONFIG=/etc/airflow/airflow.cfg"
    return lambda node, words: node.check_output(f"runuser -u airflow -- env {home} /opt/airflow/current/bin/airflow {words}")


@pytest.fixture(scope="session")
def option(some_node, airflow_command):
    """An option as Airflow itself understands it."""
    return lambda section, name: airflow_command(some_node, f"config get-value {section} {name}").splitlines()[-1]


@pytest.fixture(scope="session")
def addresses(nodes, hostvars):
    """{name: the address by which the other hosts reach it}"""
    return {name: hostvars[name]["ansible_host"] for name in nodes}


@pytest.fixture(scope="session")
def vip(hostvars):
    return next(iter(hostvars.values()))["topology_vip"]


@pytest.fixture(scope="session")
def door(addresses, vip):
    """Where people and Airflow come in: the VIP, or the only host where nothing is balanced."""
    return vip if "load_balancers" in broker.GROUPS else next(iter(addresses.values()))


@pytest.fixture(scope="session")
def overlay():
    """The directory with what this deployment's inventory has beyond inventories/three_nodes."""
    return pathlib.Path(os.environ.get("STEADY_OVERLAY", ROOT / ".demo/inventory"))


@pytest.fixture(scope="session")
def inventory(overlay):
    """Options of ansible-playbook that name the whole inventory; Molecule has its part of it elsewhere."""
    places = [broker.INVENTORY, overlay]
    if "MOLECULE_EPHEMERAL_DIRECTORY" in os.environ:
        places.append(pathlib.Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "inventory"))
    return [option for place in places for option in ("-i", place)]


@pytest.fixture(scope="session")
def hostvars(inventory):
    """{name: variables} of all hosts, as the inventory says them."""
    unlogged = {name: value for name, value in os.environ.items() if name != "ANSIBLE_LOG_PATH"}  # there would be all that it prints, with every secret
    return json.loads(subprocess.run([ROOT / ".venv/bin/ansible-inventory", *inventory, "--list"], stdout=subprocess.PIPE, text=True,
                                     timeout=NEVER, check=True, env=unlogged).stdout)["_meta"]["hostvars"]


@pytest.fixture(scope="session")
def playbook(inventory):
    """Runs a playbook of this checkout by its name; returns its status and all that it printed."""
    def run(name, *options, inventory=inventory):
        with begun(inventory, name, *options) as process:
            text, _nothing = process.communicate(timeout=NEVER_DONE)
        return process.returncode, text

    return run


@pytest.fixture(scope="session")
def variables(overlay):
    """What a file of the inventory says, by its name."""
    return lambda name: yaml.safe_load((overlay / "group_vars/all" / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def secrets(variables):
    return variables("secrets.yml")


@pytest.fixture(scope="session")
def authority(variables):
    """Who vouches for all services, as PEM text."""
    return variables("authority.yml")["tls_ca_certificate"]


@pytest.fixture(scope="session")
def authority_file(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("authority") / "ca.crt"
    path.write_text(authority, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def fetch(authority):
    """Reads JSON, or text, over HTTP or HTTPS; no proxy of the environment stands between."""
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=authority)))

    def get(url):
        with opener.open(url, timeout=5) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text

    return get


@pytest.fixture(scope="session")
def connect(door, secrets, authority_file):
    """Connects to the database through its door, as Airflow does."""
    def session(**options):
        return contextlib.closing(psycopg2.connect(
            host=door, port=5432, dbname="airflow", user=secrets["airflow_database_user"], password=secrets["airflow_database_password"],
            connect_timeout=3, sslmode="verify-full", sslrootcert=authority_file, **options))

    return session


@pytest.fixture(scope="session")
def setting(connect):
    """A setting of PostgreSQL's leader, as text."""
    def show(name):
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_setting(%s)", (name,))
            return cursor.fetchone()[0]

    return show


@pytest.fixture(scope="session")
def patroni(fetch, addresses):
    """What Patroni's members say of the cluster; whichever answers."""
    def cluster():
        return eventually(lambda: next((answer for address in addresses.values() if (answer := ask(address))), None))

    def ask(address):
        with contextlib.suppress(OSError):
            return fetch(f"https://{host_port(address, 8008)}/cluster")["members"]
        return None

    return cluster


@pytest.fixture(scope="session")
def airflow(door, secrets, authority):
    client = Airflow(f"https://{host_port(door, 8080)}", "admin", secrets["airflow_admin_password"], authority)
    wait_for(lambda: client.login() or True, NEVER)
    return client


@pytest.fixture(scope="session")
def example(airflow):
    """Runs the example DAG through the door: (state, task instances)."""
    return lambda: run_dag(airflow, DAG, NEVER_DONE)


@pytest.fixture(scope="session")
def ended(airflow):
    """The state of a run of the example when it has one that lasts, whatever becomes of the API meanwhile."""
    def look(client, run):
        with contextlib.suppress(ApiError):
            state = client.state(DAG, run)
            return state in FINAL_STATES and state
        return None

    return lambda run, client=airflow: eventually(lambda: look(client, run), NEVER_DONE)


@pytest.fixture(scope="session")
def while_dags_run(example):
    """Calls a function while the example DAG runs again and again: what it returns, and the states of all these runs."""
    def call(function, *arguments):
        states = []
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            called = pool.submit(function, *arguments)
            while not called.done():
                states.append(example()[0])
        return called.result(), states

    return call


@pytest.fixture(scope="session")
def active_dag_processors(nodes):
    """Names of the hosts whose dag-processor works: the launcher that stands by has no process below it."""
    def is_active(node):
        launcher = node.service("airflow-dag-processor").systemd_properties["MainPID"]
        return launcher != "0" and node.run(f"pgrep --parent {launcher}").succeeded

    return lambda: [name for name, node in nodes.items() if is_active(node)]


@pytest.fixture(name="only_dag_processor")
def the_only_one_that_works(active_dag_processors, eventually):
    """Its host, as soon as there is one and no other: for some seconds after the database's door has moved there may be two or none."""
    return lambda: eventually(lambda: len(found := active_dag_processors()) == 1 and found)[0]


@pytest.fixture(name="eventually", scope="session")
def eventually_fixture():
    return eventually
