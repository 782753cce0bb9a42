# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow: its components, its settings, and a DAG that runs on several hosts."""

from __future__ import annotations

import base64
import json
import re

import broker
import pytest
from airflow_api import Airflow, ApiError, host_port, workers

UNITS = [f"airflow-{component}" for component in ("api-server", "scheduler", "dag-processor", "triggerer", "worker")]
SECRET_FILES = ["/etc/airflow/airflow.cfg", "/etc/airflow/webserver_config.py", "/etc/patroni/config.yml", *broker.SECRET_FILES]


@pytest.mark.parametrize("unit", UNITS)
def test_every_component_runs_and_would_be_started_again(host, unit):
    service = host.service(unit)
    assert service.is_running and service.is_enabled
    properties = service.systemd_properties
    assert properties["Restart"] == "always"
    assert properties["StartLimitIntervalUSec"] == "0"
    assert properties["KillMode"] == "mixed"
    assert properties["User"] == "airflow"


def test_a_watchdog_looks_after_the_components_and_costs_little(host):
    service = host.service("airflow-watchdog")
    assert service.is_running and service.is_enabled
    assert service.systemd_properties["User"] == "airflow"
    process = service.systemd_properties["MainPID"]
    # of what it shares with other processes, its part
    proportional = int(host.check_output(f"awk '/^Pss:/ {{print $2}}' /proc/{process}/smaps_rollup"))
    assert proportional < 40 * 1024


def test_a_fence_watches_the_clock_for_the_worker_and_costs_little(host):
    service = host.service("airflow-fence")
    assert service.is_running and service.is_enabled
    properties = service.systemd_properties
    assert properties["User"] == "airflow"
    assert properties["StatusText"].endswith("airflow-worker.service")
    assert int(host.check_output(f"awk '/^Pss:/ {{print $2}}' /proc/{properties['MainPID']}/smaps_rollup")) < 12 * 1024


def test_airflows_own_command_reaches_all_workers(nodes, some_node, airflow_command, eventually):
    """It runs without what is mended in the components."""
    def listed():
        return set(re.findall(r"celery@(\S+) +\| default", airflow_command(some_node, "celery list-workers")))

    eventually(lambda: listed() == set(nodes))


def test_one_dag_processor_is_active_and_the_others_stand_by(only_dag_processor):
    assert only_dag_processor()


@pytest.mark.parametrize("path", SECRET_FILES)
def test_secrets_are_for_their_service_only(host, path):
    file = host.file(path)
    assert file.mode & 0o007 == 0
    assert file.mode & 0o022 == 0


def test_airflow_cannot_change_its_own_settings(host):
    file = host.file("/etc/airflow/airflow.cfg")
    assert (file.user, file.group, file.mode) == ("root", "airflow", 0o640)


def test_all_hosts_share_settings_and_keys_but_for_their_address(nodes, addresses):
    texts = {node.check_output("cat /etc/airflow/airflow.cfg").replace(f"host = {addresses[name]}", "host = ADDRESS") for name, node in nodes.items()}
    assert len(texts) == 1


def test_no_examples_are_loaded(option, airflow):
    assert option("core", "load_examples").lower() == "false"
    assert "tutorial" not in {dag["dag_id"] for dag in airflow.request("GET", "/api/v2/dags?limit=100")["dags"]}


def test_one_admin_can_log_in_and_nobody_without_a_password(airflow, vip, authority):
    airflow.login()
    with pytest.raises(ApiError, match="status 401"):
        Airflow(f"https://{host_port(vip, 8080)}", "admin", "admin", authority).login()


def test_tokens_are_signed_with_the_key_that_all_trust(airflow, host):
    token = airflow.client.headers["Authorization"].removeprefix("Bearer ")
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    trusted = json.loads(host.file("/etc/airflow/jwks.json").content_string)["keys"]
    assert (header["alg"], header["kid"]) == ("EdDSA", trusted[0]["kid"])
    key = host.file("/etc/airflow/jwt.key")
    assert (key.user, key.group, key.mode) == ("root", "airflow", 0o640)


# What the launcher mends are parts of Celery, Kombu and Airflow that may change with each release.
WITH_MENDED = "env PYTHONPATH=/usr/local/lib/steady-airflow AIRFLOW_HOME=/tmp/mended /opt/airflow/current/bin/python -c %s"
BUSY = """
import collections, types
import mended
from celery.concurrency.asynpool import AsynPool
mended.remember_who_works(AsynPool)
pool = AsynPool.__new__(AsynPool)
running = types.SimpleNamespace(_write_to=types.SimpleNamespace(inqW_fd=3), _accepted=True)
pool.__dict__.update(_state="running", _cache={1: running}, outbound_buffer=collections.deque(), maintain_pool=lambda: None, _active_writers=set(),
                     _active_writes=set(), _busy_workers={3, 4})
pool.flush()
print(pool._busy_workers)
"""
SILENT = """
import mended
from kombu.connection import Connection, ConnectionPool
mended.leave_without_a_word(ConnectionPool)
pool = ConnectionPool(Connection("pyamqp://"), limit=1)
class Broker:
    channels, closed = {}, []
    def collect(self):
        self.closed.append("dropped")
    def close(self):
        self.closed.append("asked")
taken = pool.acquire()
assert taken.transport.driver_name == "py-amqp"
taken._connection = broker = Broker()
pool.replace(taken)
print(broker.closed, pool.acquire() is taken)
"""
UNHEARD = """
import httpx
import mended
from airflow.sdk.execution_time.supervisor import ActivitySubprocess
from celery.exceptions import Reject

def begin(self, error):
    raise error

def status(code):
    request = httpx.Request("PATCH", "https://airflow.example.org")
    return httpx.HTTPStatusError("", request=request, response=httpx.Response(code, request=request))

assert callable(ActivitySubprocess._on_child_started)
ActivitySubprocess._on_child_started = begin
mended.mend_worker()
for error in (httpx.ConnectTimeout("gone"), status(503), status(409), ValueError("wrong")):
    try:
        ActivitySubprocess._on_child_started(None, error=error)
    except Exception as raised:
        print(type(raised).__name__, getattr(raised, "requeue", ""))
"""


def test_a_worker_that_cannot_ask_the_api_hands_the_task_back(host):
    answer = host.check_output(WITH_MENDED, UNHEARD)
    assert answer.splitlines()[-4:] == ["Reject True", "Reject True", "HTTPStatusError ", "ValueError "]


def test_a_worker_that_loses_the_broker_knows_still_which_processes_work(host):
    assert host.check_output(WITH_MENDED, BUSY) == "{3}"
    assert "/usr/local/lib/steady-airflow/mended.py" in host.service("airflow-worker").systemd_properties["ExecStart"]


def test_a_scheduler_waits_for_no_farewell_of_a_broker_that_did_not_answer(host):
    assert host.check_output(WITH_MENDED, SILENT) == "['dropped'] False"
    assert "/usr/local/lib/steady-airflow/warm.py --broker" in host.service("airflow-scheduler").systemd_properties["ExecStart"]


def test_dag_files_are_the_same_on_every_host(nodes):
    sets = {node.check_output("readlink /var/lib/airflow/dags/current") for node in nodes.values()}
    assert len(sets) == 1


def test_a_dag_runs_on_two_workers_or_more(example):
    state, instances = example()
    assert state == "success"
    assert len(workers(instances)) >= 2


def test_the_watchdog_sees_the_places_of_the_worker_and_what_waits(host, eventually):
    def told():
        metrics = dict(line.rsplit(" ", 1) for line in host.check_output("cat /run/airflow-watchdog/airflow_watchdog.prom").splitlines())
        # when tasks have run, too: a process that had one looks free again
        return float(metrics.get('airflow_watchdog_places{state="free"}', 0)) == wanted and 'airflow_watchdog_messages_waiting{queue="default"}' in metrics

    wanted = float(re.search(r"--concurrency (\d+)", host.service("airflow-worker").systemd_properties["ExecStart"])[1])
    eventually(told)
