# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis: one master whom all Sentinels name, replicas that follow it, and no account that others know."""

from __future__ import annotations

import json

import pytest

LONGEST_TASK = 86_400
ASK = """
import json, redis, sys
address, port, user, password, *command = sys.argv[1:]
answer = redis.Redis(address, int(port), username=user, password=password, ssl=True, ssl_ca_certs="/etc/steady-airflow/tls/ca.crt",
                     decode_responses=True, socket_timeout=5)
try:
    print(json.dumps({"answer": answer.execute_command(*command)}, default=str))
except redis.RedisError as error:
    print(json.dumps({"error": str(error)}))
"""
REDIS, SENTINEL = 6379, 26379
NOBODY = "nobody"


@pytest.fixture(name="ask", scope="module")
def what_it_answers(some_node, secrets):
    def ask(address, port, *command, user="operator", password=None):
        password = secrets["redis_operator_password"] if password is None else password
        words = [ASK, address, str(port), user, password, *command]
        return json.loads(some_node.check_output("python3 -c" + " %s" * len(words), *words))

    return ask


@pytest.fixture(name="masters", scope="module")
def whom_each_sentinel_names(ask, addresses):
    return {name: ask(address, SENTINEL, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "airflow")["answer"] for name, address in addresses.items()}


def test_all_sentinels_name_the_same_master_and_know_each_other(masters, ask, addresses):
    assert len({tuple(master) for master in masters.values()}) == 1
    for address in addresses.values():
        told = ask(address, SENTINEL, "SENTINEL", "CKQUORUM", "airflow")
        assert "OK 3 usable Sentinels" in str(told), told


def test_one_leads_and_the_others_follow(ask, addresses, masters):
    roles = {address: ask(address, REDIS, "ROLE")["answer"] for address in addresses.values()}
    leads = masters[next(iter(masters))][0]
    assert {address: role[0] for address, role in roles.items()} == {address: "master" if address == leads else "slave" for address in roles}
    assert {str(role[1]) for address, role in roles.items() if address != leads} == {leads}


def test_whoever_gives_no_name_is_refused(ask, addresses):
    for address in addresses.values():
        for port in (REDIS, SENTINEL):
            told = ask(address, port, "PING", user="default", password="")
            assert "error" in told, (address, port, told)


def test_a_wrong_password_is_refused(ask, addresses):
    for address in addresses.values():
        for port in (REDIS, SENTINEL):
            assert "username-password" in ask(address, port, "PING", user="airflow", password=NOBODY)["error"]


@pytest.mark.parametrize("command", [("CONFIG", "GET", "requirepass"), ("FLUSHALL",), ("ACL", "LIST"), ("SHUTDOWN",),
                                     ("REPLICAOF", "NO", "ONE"), ("CLIENT", "LIST")])
def test_airflow_may_use_queues_and_change_nothing_else(ask, masters, secrets, command):
    address = masters[next(iter(masters))][0]
    told = ask(address, REDIS, *command, user=secrets["airflow_broker_user"], password=secrets["redis_airflow_password"])
    assert "no permissions" in told["error"]


def test_a_sentinel_tells_airflow_the_master_and_takes_no_orders_from_it(ask, masters, addresses, secrets):
    who = {"user": secrets["airflow_broker_user"], "password": secrets["redis_airflow_password"]}
    address = next(iter(addresses.values()))
    assert ask(address, SENTINEL, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "airflow", **who)["answer"] == masters[next(iter(masters))]
    assert "no permissions" in ask(address, SENTINEL, "SENTINEL", "FAILOVER", "airflow", **who)["error"]


@pytest.mark.parametrize(("setting", "value"), [
    ("appendonly", "yes"), ("maxmemory-policy", "noeviction"), ("min-replicas-to-write", "1"), ("tls-replication", "yes"), ("port", "0")])
def test_what_is_taken_is_kept(ask, addresses, setting, value):
    for address in addresses.values():
        found = ask(address, REDIS, "CONFIG GET", setting)["answer"]
        assert found in ([setting, value], {setting: value})


def test_memory_is_bounded(ask, addresses):
    for address in addresses.values():
        found = ask(address, REDIS, "CONFIG GET", "maxmemory")["answer"]
        assert int(found["maxmemory"] if isinstance(found, dict) else found[1]) > 0


def test_the_longest_task_ends_before_its_message_is_given_to_another_worker(option):
    told = json.loads(option("celery", "extra_celery_config"))
    assert told["broker_transport_options"]["visibility_timeout"] > LONGEST_TASK


def test_redis_may_not_write_who_leads_into_its_settings(host):
    settings = host.file("/etc/redis/redis.conf")
    assert (settings.user, settings.mode) == ("root", 0o644)
    assert not host.run("runuser -u redis -- touch /etc/redis/redis.conf").succeeded


WITH_MENDED = "env PYTHONPATH=/usr/local/lib/steady-airflow AIRFLOW_HOME=/tmp/mended /opt/airflow/current/bin/python -c %s"
REFUSED = """
import mended
mended.mend_redis()
from redis._parsers.base import BaseParser
from redis.connection import AbstractConnection
from redis.sentinel import SentinelManagedConnection

def refuse(self, **_options):
    raise BaseParser.parse_error(self.answer)

AbstractConnection.read_response = refuse
SentinelManagedConnection.disconnect = lambda self: None
connection = SentinelManagedConnection.__new__(SentinelManagedConnection)
for connection.answer in ("NOREPLICAS Not enough", "MISCONF Errors writing", "OOM command not allowed", "WRONGTYPE Operation against"):
    try:
        connection.read_response()
    except Exception as error:
        print(type(error).__name__)
"""


def test_a_master_that_takes_no_message_is_left_and_not_blamed_on_the_task(host):
    """What is mended are parts of libraries that may change with each release."""
    assert host.check_output(WITH_MENDED, REFUSED).split() == ["ConnectionError"] * 3 + ["ResponseError"]


DESCRIBED = """
import mended, redis
mended.mend_redis()
print(redis.Redis("node1", 26379, username="a", password="very-secret"))
"""


def test_what_a_client_says_of_itself_has_no_password(host):
    """redis-py puts that into the error that there is no master, and Celery puts it into the journal."""
    told = host.check_output("env PYTHONPATH=/usr/local/lib/steady-airflow AIRFLOW_HOME=/tmp/mended /opt/airflow/current/bin/python -c %s", DESCRIBED)
    assert "node1:26379" in told
    assert "secret" not in told
