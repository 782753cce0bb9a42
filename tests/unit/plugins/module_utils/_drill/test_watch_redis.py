# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at Redis as the broker, at answers of real members."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import watch
from ansible_collections.steady.airflow.tests.unit.redis_play import play

MEMBERS = [{"name": "node%d" % number, "address": "127.0.0.1%d" % number} for number in (1, 2, 3)]
OPTIONS = {"members": MEMBERS, "port": 6379, "sentinel_port": 26379, "master_name": "airflow", "username": "operator", "password": "x",
           "worker_user": "airflow", "workers": 2}
ASKED = "127.0.0.11:6379 CLIENT LIST"
# of Redis 8.0, without what is no matter here
CLIENTS = """id=28 addr=198.51.100.11:34336 laddr=198.51.100.11:6379 fd=30 name= age=19 idle=1 flags=b cmd=brpop user=airflow lib-name=redis-py
id=33 addr=198.51.100.11:34358 laddr=198.51.100.11:6379 fd=35 name= age=19 idle=18 flags=P psub=1 cmd=psubscribe user=airflow lib-name=redis-py
id=27 addr=[2001:db8::13]:54866 laddr=198.51.100.11:6379 fd=29 name= age=19 idle=19 flags=P psub=1 cmd=psubscribe user=airflow lib-name=redis-py
id=19 addr=198.51.100.12:48214 laddr=198.51.100.11:6379 fd=21 name= age=21 idle=20 flags=N cmd=sadd user=airflow lib-name=redis-py
id=11 addr=198.51.100.12:54842 laddr=198.51.100.11:6379 fd=17 name=sentinel-d0bec081-pubsub age=140 idle=1 flags=P cmd=subscribe user=member
"""


def look(**options):
    return watch.watch(watch.looks({"redis": {**OPTIONS, **options}}), 0, 0)["reports"]


@pytest.mark.parametrize(("case", "problem"), [
    ("healthy", None), ("sentinel_down", None), ("replica_down", None), ("syncing", None), ("after_failover", None),
    ("master_killed", "node1: Redis cannot be asked"),
    ("two_sentinels_down", "too few Sentinels tell who the master is"),
    ("no_replicas", "node1 has too few replicas to take a message"),
])
def test_it_serves_as_long_as_a_master_takes_messages(monkeypatch, case, problem):
    play(monkeypatch, "redis_sentinel/" + case)
    report = look()["broker"]
    assert report["healthy"] is (problem is None)
    assert problem is None or any(problem in each for each in report["problems"]), report


@pytest.mark.parametrize(("workers", "problems"), [(2, []), (3, ["2 of 3 workers are at the master"])])
def test_workers_are_those_that_wait_or_hear_what_is_said_to_all(monkeypatch, workers, problems):
    play(monkeypatch, "redis_sentinel/healthy", **{ASKED: {"reply": CLIENTS}})
    assert look(workers=workers)["workers"] == {"healthy": not problems, "problems": problems}


def test_a_master_that_does_not_tell_them_is_a_problem_of_theirs_alone(monkeypatch):
    play(monkeypatch, "redis_sentinel/healthy", **{ASKED: {"failure": "Connection refused"}})
    reports = look()
    assert reports["workers"] == {"healthy": False, "problems": ["no answer from 127.0.0.11:6379: Connection refused"]}
    assert (reports["redis"]["healthy"], reports["broker"]["healthy"]) == (True, True)


def test_without_a_master_nobody_is_asked_for_workers(monkeypatch):
    library = play(monkeypatch, "redis_sentinel/master_killed")
    reports = look()
    assert reports["workers"]["problems"] == reports["broker"]["problems"] == reports["redis"]["problems"]
    assert len(library.connections) == 2 * len(MEMBERS)


def test_each_redis_and_sentinel_is_asked_once_and_the_master_for_its_workers(monkeypatch):
    library = play(monkeypatch, "redis_sentinel/healthy", **{ASKED: {"reply": CLIENTS}})
    assert all(report["healthy"] for report in look().values())
    assert len(library.connections) == 2 * len(MEMBERS) + 1


def test_all_of_it_is_as_its_own_observer_says(monkeypatch):
    play(monkeypatch, "redis_sentinel/replica_down")
    report = look()["redis"]
    assert report["leader"] == "node1"
    assert not report["healthy"]
