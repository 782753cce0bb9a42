# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import touched

WORKER = ["airflow-scheduler.service", "airflow-worker.service"]


def fault(kind, layer="database", duration=60, **settings):
    return {"kind": kind, "layer": layer, "duration": duration, "settings": settings}


@pytest.mark.parametrize("given, what", [
    (fault("power"), "host"),
    (fault("kill", units=WORKER), "worker"),
    (fault("kill", units=WORKER, pattern=None), "worker"),
    (fault("kill", units=WORKER, pattern="task runner"), "task"),
    (fault("kill", units=["patroni.service"]), None),
    (fault("kill", units=["patroni.service"], pattern="postgres"), None),
    (fault("freeze", units=WORKER), "freeze"),
    (fault("freeze", units=["etcd.service"]), None),
    (fault("stop", units=WORKER), "worker"),
    (fault("stop"), None),
    (fault("cut"), "cut"),
    (fault("cut", ports=[], protocol="tcp", peers=["192.0.2.11"]), "cut"),
    (fault("cut", protocol="112"), None),
    (fault("cut", ports=[2379, 2380]), None),
    (fault("cut", ports=[5432, 8080]), "cut"),
    (fault("cut", layer="airflow", ports=[5671]), "cut"),
    (fault("reload", units=WORKER), None),
    (fault("limit", units=WORKER, cpu_percent=5), None),
    (fault("switchover"), None),
])
def test_what_a_fault_does_to_tasks(given, what):
    assert touched.what(given, 8080) == what


def told(**changes):
    return dict({"parts": [{"fault": "F1", "hosts": ["node1", "node2"]}], "begun": {"node1": 10.0, "node2": 11.0},
                 "done": {"node1": 12.0, "node2": 13.0}, "duration": 90, "victims": {}, "fenced": {}}, **changes)


def test_what_lasts_touches_until_the_host_is_healed_and_a_blow_until_it_is_done():
    assert list(touched.kills(told(), {"F1": fault("power")}, 8080)) == [
        {"node": "node1", "from": 10.0, "to": 72.0, "what": "host", "ti": None}, {"node": "node2", "from": 11.0, "to": 73.0, "what": "host", "ti": None}]
    assert [kill["to"] for kill in touched.kills(told(), {"F1": fault("kill", units=WORKER)}, 8080)] == [12.0, 13.0]
    assert [kill["to"] for kill in touched.kills(told(), {"F1": fault("freeze", duration=0, units=WORKER)}, 8080)] == [102.0, 103.0]


def test_what_froze_is_over_when_its_host_was_fenced():
    fenced = {"node1": [{"woke": 9.0, "ended": 9.1}, {"woke": 72.1, "ended": 72.2}]}
    found = list(touched.kills(told(fenced=fenced), {"F1": fault("freeze", units=["everything"])}, 8080))
    assert [(kill["node"], kill["what"], kill["from"], kill["to"]) for kill in found] == [
        ("node1", "freeze", 10.0, 72.0), ("node1", "fence", 72.1, 72.2), ("node2", "freeze", 11.0, 73.0)]


def test_each_part_of_a_pair_touches_its_own_hosts():
    parts = [{"fault": "F1", "hosts": ["node1"]}, {"fault": "F2", "hosts": ["node2"]}]
    assert list(touched.kills(told(parts=parts), {"F1": fault("cut", ports=[2379]), "F2": fault("stop", units=WORKER, duration=30)}, 8080)) == [
        {"node": "node2", "from": 11.0, "to": 43.0, "what": "worker", "ti": None}]


def test_a_host_that_was_not_hit_is_not_touched():
    given = told(begun={"node2": 11.0}, done={})
    assert list(touched.kills(given, {"F1": fault("power")}, 8080)) == [{"node": "node2", "from": 11.0, "to": 71.0, "what": "host", "ti": None}]


TRY = "01a2194d-b117-7344-9c90-90a46d8cec4e"


@pytest.mark.parametrize("victims, tries", [
    ({}, [None]),
    ({"node2": ["airflow worker -- %s" % TRY]}, [None]),
    ({"node1": ["airflow worker -- %s" % TRY]}, [TRY]),
    ({"node1": ["airflow scheduler", "airflow worker -- %s" % TRY]}, [TRY]),
    ({"node1": ["airflow worker"]}, [None]),
])
def test_only_the_task_whose_process_was_killed_is_touched(victims, tries):
    found = touched.kills(told(parts=[{"fault": "F1", "hosts": ["node1"]}], victims=victims), {"F1": fault("kill", units=WORKER, pattern="task")}, 8080)
    assert [kill["ti"] for kill in found] == tries
