# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of libraries are mended for a command that runs; the libraries are played by files."""
from __future__ import annotations

import os
import subprocess
import sys

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

SCRIPT = ROOT / "roles/airflow_component/files/mended.py"
SECONDS = 20

CELERY = """
class AsynPool:
    def flush(self):
        self._busy_workers.clear()
"""
PIDBOX = "class Mailbox:\n    producer_or_acquire = get_queue = lambda: None\n"
KOMBU = """
class ConnectionPool:
    def replace(self, resource):
        print("replaced", file=resource)
"""
HTTPX = """
class TransportError(Exception):
    pass

class HTTPStatusError(Exception):
    pass
"""
REJECT = """
class Reject(Exception):
    def __init__(self, reason, requeue):
        super().__init__(reason, requeue)
"""
SUPERVISOR = """
class ActivitySubprocess:
    def _on_child_started(self, error):
        raise error
"""
EXECUTOR = """
import setproctitle

class BaseExecutor:
    @staticmethod
    def run_workload(workload, *, proctitle):
        setproctitle.setproctitle(proctitle)
        raise RuntimeError(workload)
"""
TITLES = """
now = "free"

def getproctitle():
    return now

def setproctitle(title):
    global now
    print("is", title)
    now = title
"""
DELAYED = """
class DelayedDelivery:
    def include_if(self, consumer):
        return True
"""
AIRFLOW = """
import io
import sys
import types
from celery.concurrency.asynpool import AsynPool

def job(process, accepted):
    return types.SimpleNamespace(_write_to=process and types.SimpleNamespace(inqW_fd=process), _accepted=accepted)

pool = AsynPool()
pool._busy_workers = busy = {3, 4, 5}
pool._cache = dict(enumerate([job(3, True), job(4, False), job(None, True)]))
pool.flush()

from kombu.connection import ConnectionPool

class Resource(io.StringIO):
    def collect(self):
        print("dropped", file=self)

resource = Resource()
ConnectionPool().replace(resource)

import httpx
from airflow.sdk.execution_time.supervisor import ActivitySubprocess

def answer(code):
    error = httpx.HTTPStatusError(code)
    error.response = types.SimpleNamespace(status_code=code)
    return error

for error in (httpx.TransportError("gone"), answer(503), answer(409)):
    try:
        ActivitySubprocess()._on_child_started(error=error)
    except Exception as raised:
        print(repr(raised), file=sys.stderr)

from airflow.executors.base_executor import BaseExecutor
try:
    BaseExecutor.run_workload("it ran", proctitle="busy")
except RuntimeError as raised:
    print(raised)
from celery.worker.consumer.delayed_delivery import DelayedDelivery
print(sys.argv[1:], busy, resource.getvalue().split(), DelayedDelivery().include_if(None), file=sys.stderr)
"""


def said(tmp_path, broker, *arguments):
    """Lines that a command prints which runs with mended libraries."""
    environment = dict(os.environ, PYTHONPATH=str(tmp_path), PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run([sys.executable, str(SCRIPT), broker, str(tmp_path / "command"), *arguments], env=environment, capture_output=True, text=True,
                          timeout=SECONDS, check=True)
    return (done.stdout + done.stderr).splitlines()


def test_a_command_of_airflow_runs_with_mended_libraries(tmp_path):
    """Celery remembers who works when it loses the broker; Kombu drops a connection that failed before it is replaced; a worker hands
    back what it cannot ask the API about; a process that is free again looks so."""
    (tmp_path / "kombu").mkdir()
    (tmp_path / "kombu/connection.py").write_text(KOMBU)
    (tmp_path / "kombu/pidbox.py").write_text(PIDBOX)
    (tmp_path / "httpx.py").write_text(HTTPX)
    (tmp_path / "setproctitle.py").write_text(TITLES)
    (tmp_path / "airflow/executors").mkdir(parents=True)
    (tmp_path / "airflow/executors/base_executor.py").write_text(EXECUTOR)
    (tmp_path / "airflow/sdk/execution_time").mkdir(parents=True)
    (tmp_path / "airflow/sdk/execution_time/supervisor.py").write_text(SUPERVISOR)
    (tmp_path / "celery/concurrency").mkdir(parents=True)
    (tmp_path / "celery/concurrency/asynpool.py").write_text(CELERY)
    (tmp_path / "celery/exceptions.py").write_text(REJECT)
    (tmp_path / "celery/worker/consumer").mkdir(parents=True)
    (tmp_path / "celery/worker/consumer/delayed_delivery.py").write_text(DELAYED)
    (tmp_path / "command").write_text(AIRFLOW)
    assert said(tmp_path, "rabbitmq", "celery", "worker") == [
        "is busy", "is free", "it ran",
        "Reject('the API cannot be reached: gone', True)", "Reject('the API cannot be reached: 503', True)", "HTTPStatusError(409)",
        "['celery', 'worker'] {3} ['dropped', 'replaced'] False"]


KOMBU_REDIS = """
from types import SimpleNamespace


class SentinelChannel:
    connection = SimpleNamespace(client=SimpleNamespace(transport_options={"steady_socket_options": {"4": 5, "18": 10000}}))
    sentinel_kwargs = {"ssl": True}

    def _connparams(self, asynchronous=False):
        return {"host": "a"}

    def _sentinel_managed_pool(self, asynchronous=False):
        return self._connparams(asynchronous), self.sentinel_kwargs
"""
REDIS = {
    "connection": "class ConnectionPool:\n    connection_kwargs = {'host': 'a', 'port': 26379, 'password': 'very-secret'}\n",
    "backoff": "class NoBackoff:\n    pass\n",
    "retry": "class Retry:\n    def __init__(self, backoff, retries):\n        assert retries == 0\n\n    def __repr__(self):\n        return 'asked once'\n",
    "exceptions": "class ConnectionError(Exception):\n    pass\n\n\nclass ResponseError(Exception):\n    pass\n\n\n"
                  "class OutOfMemoryError(ResponseError):\n    pass\n",
    "sentinel": """
from redis.exceptions import ResponseError


class SentinelManagedConnection:
    answer = "NOREPLICAS Not enough good replicas to write."

    def disconnect(self):
        print("left")

    def read_response(self):
        raise ResponseError(self.answer)
""",
}
SENDER = """
from kombu.transport.redis import SentinelChannel
from redis.sentinel import SentinelManagedConnection

from redis.connection import ConnectionPool

print(repr(ConnectionPool()))
print(SentinelChannel()._sentinel_managed_pool(True))
connection = SentinelManagedConnection()
for connection.answer in (connection.answer, "WRONGTYPE"):
    try:
        connection.read_response()
    except Exception as error:
        print(type(error).__name__, error)
"""


EXECUTOR_UTILS = """
class ExceptionWithTraceback:
    def __init__(self, exception):
        self.exception = exception

def send_workload_to_executor(workload):
    return "key", "arguments", workload if isinstance(workload, str) else ExceptionWithTraceback(workload)
"""
SENDS = """
from airflow.providers.celery.executors import celery_executor_utils
from airflow.providers.common.compat.sdk import AirflowTaskTimeout
from kombu.exceptions import OperationalError

print(celery_executor_utils.send_workload_to_executor("sent"))
for error in (AirflowTaskTimeout("late"), OperationalError("NOREPLICAS"), AttributeError("no client")):
    print(repr(celery_executor_utils.send_workload_to_executor(error)[2].exception), flush=True)
"""


def test_a_scheduler_sends_again_what_could_not_be_sent(tmp_path):
    places = {"airflow/providers/celery/executors/celery_executor_utils.py": EXECUTOR_UTILS,
              "airflow/providers/common/compat/sdk.py": "class AirflowTaskTimeout(BaseException):\n    pass\n",
              "kombu/pidbox.py": PIDBOX, "kombu/connection.py": KOMBU,
              "kombu/exceptions.py": "class OperationalError(Exception):\n    pass\n", "command": SENDS}
    for name, text in places.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert said(tmp_path, "rabbitmq", "scheduler") == [
        "('key', 'arguments', 'sent')", "AirflowTaskTimeout('late')", "AirflowTaskTimeout('NOREPLICAS')",
        "AirflowTaskTimeout('no client')",
        "a message could not be sent, and is sent again: OperationalError: NOREPLICAS",
        "a message could not be sent, and is sent again: AttributeError: no client"]


def test_a_message_for_redis_finds_the_master_that_takes_it(tmp_path):
    """Options of sockets are numbers again behind JSON, a Sentinel is asked once, and a master without replicas is left."""
    (tmp_path / "kombu/transport").mkdir(parents=True)
    (tmp_path / "kombu/connection.py").write_text(KOMBU)
    (tmp_path / "kombu/pidbox.py").write_text(PIDBOX)
    (tmp_path / "kombu/transport/redis.py").write_text(KOMBU_REDIS)
    (tmp_path / "redis").mkdir()
    for name, text in REDIS.items():
        (tmp_path / "redis" / (name + ".py")).write_text(text)
    (tmp_path / "command").write_text(SENDER)
    assert said(tmp_path, "redis", "triggerer") == [
        "<ConnectionPool a:26379>",
        "({'host': 'a', 'socket_keepalive': True, 'socket_keepalive_options': {4: 5, 18: 10000}}, "
        "{'ssl': True, 'socket_keepalive': True, 'socket_keepalive_options': {4: 5, 18: 10000}, 'retry': asked once})",
        "left", "ConnectionError NOREPLICAS Not enough good replicas to write.", "ResponseError WRONGTYPE"]
