# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients import etcd as etcd_client
from ansible_collections.steady.airflow.plugins.module_utils._clients import patroni as patroni_client
from ansible_collections.steady.airflow.plugins.module_utils._drill import here, watch
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._observe import etcd, patroni
from ansible_collections.steady.airflow.tests.unit.recordings import Replay, load, members, replayed

UNITS = ["haproxy.service", "keepalived.service"]


def look(states, scheduler=False):
    return next(here.look_at_units(lambda units: dict(zip(units, states)), UNITS, scheduler)())


@pytest.mark.parametrize("states, problems", [
    (["active", "active"], []),
    (["active", "failed"], ["keepalived.service is failed"]),
    (["activating", ""], ["haproxy.service is activating", "keepalived.service is "]),
])
def test_every_unit_is_to_be_active(states, problems):
    assert look(states) == {"healthy": not problems, "problems": problems}


def test_units_that_cannot_be_told_are_not_well():
    def run(units):
        raise SteadyError("systemctl does not tell about %s: timed out" % ", ".join(units))

    report = watch.watch({"host": here.look_at_units(run, UNITS, False)}, 0, 0)["reports"]["host"]
    assert report == {"healthy": False, "problems": ["systemctl does not tell about haproxy.service, keepalived.service: timed out"]}


@pytest.mark.parametrize("case, problem", [
    ("scheduler_healthy", None),
    ("scheduler_hangs", "its scheduler does not schedule"),
    ("scheduler_not_running", "its scheduler does not answer: "),
])
def test_a_scheduler_is_asked_where_there_is_one(monkeypatch, case, problem):
    answers = {key.replace(":18974/", ":8974/"): answer for key, answer in load("airflow/" + case).items()}
    opened = Replay(answers)
    monkeypatch.setattr(here, "direct_opener", lambda context: opened)
    assert look(["active", "active"]) == {"healthy": True, "problems": []}
    assert opened.requests == []
    report = look(["active", "active"], scheduler=True)
    assert report["healthy"] is (problem is None)
    assert [told[:len(problem)] for told in report["problems"]] == ([problem] if problem else [])


def test_what_was_fenced_in_this_boot_is_told_on_the_clock_of_the_others(tmp_path):
    path = tmp_path / "fenced.jsonl"
    assert here.fenced(str(path)) == []
    path.write_text('{"ended": 160.5, "killed": 9, "still": 149.1, "woke": 160.25}\n{"ended": 999.5, "killed": 0, "still": 149.1, "woke": 999.25}\n')
    found, = here.fenced(str(path))
    assert found["ended"] - found["woke"] == pytest.approx(0.25, abs=1e-3)
    assert found["woke"] == pytest.approx(time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + 160.25, abs=1.0)


BIN = "/opt/airflow/current/bin/"


@pytest.mark.parametrize("command, works", [
    (BIN + "python " + BIN + "airflow dag-processor", True),
    (BIN + "python3.13 " + BIN + "airflow dag-processor", True),
    ("airflow dag-processor -- one of its children", True),
    (BIN + "python /usr/local/lib/only_one.py --lock dag-processor --interval 5 -- " + BIN + "airflow dag-processor", False),
    (BIN + "python " + BIN + "airflow scheduler", False),
])
def test_the_dag_processor_works_whose_launcher_has_become_it(monkeypatch, tmp_path, command, works):
    (tmp_path / "31").mkdir()
    (tmp_path / "31/cgroup").write_text("0::/a.slice\n")
    (tmp_path / "31/cmdline").write_text(command.replace(" ", "\0"))
    monkeypatch.setattr(here.processes.of_unit, "__defaults__", (str(tmp_path),))
    assert here.has(here.DAG_PROCESSOR, {"airflow-dag-processor.service": "/a.slice"}.get) is works


def test_a_host_without_a_dag_processor_has_none_that_works():
    assert not here.has(here.DAG_PROCESSOR, lambda unit: "")


def test_the_clock_of_a_boot_began_when_the_host_did():
    [[boot, began]] = here.clock().items()
    assert len(boot.split("-")) == 5
    assert began == pytest.approx(time.time() - time.clock_gettime(time.CLOCK_BOOTTIME), abs=5)


def queue(name, leader, consumers=3, kind="quorum"):
    return {"name": name, "type": kind, "leader": leader, "consumers": consumers}


@pytest.mark.parametrize("queues, leader", [
    ([queue("default", "rabbit@node2")], "node2"),
    ([queue("default", "rabbit@node3"), queue("heavy", "rabbit@node2")], "node2"),
    ([queue("default", "rabbit@node3"), queue("heavy", "rabbit@node2", consumers=0)], "node3"),
    ([queue("default", "rabbit@node3"), queue("celery@node1.celery.pidbox", "rabbit@node1", 1, "classic")], "node3"),
    ([queue("default", None)], None),
    ([], None),
])
def test_the_queues_leader_is_of_a_queue_of_tasks_that_is_used(queues, leader):
    assert here.leaders({"rabbitmq": {"members": [], "queues": queues}}) == {"queue": leader}


@pytest.mark.parametrize("etcd_case, patroni_case, found", [
    ("healthy", "healthy", {"etcd": "node1", "postgresql": "node1", "synchronous": ["node2", "node3"]}),
    ("no_quorum", "etcd_down", {"etcd": None}),
])
def test_leaders_are_those_of_the_reports(etcd_case, patroni_case, found):
    reports = {
        "etcd": etcd.judge(members(), replayed(etcd_client, "etcd/" + etcd_case, members(), 2379)),
        "postgresql": patroni.judge(members(), replayed(patroni_client, "patroni/" + patroni_case, members(), 8008), 1 << 20),
    }
    told = here.leaders(reports)
    assert {key: told[key] for key in found} == found
    assert set(told) == {"etcd", "postgresql", "synchronous"}


@pytest.mark.parametrize("what", ["host", "etcd", "postgresql", "rabbitmq", "redis"])
def test_who_looked_at_nothing_or_could_not_ask_knows_no_leader(what):
    assert here.leaders({what: watch.judged(["no answer"])}) == {}
