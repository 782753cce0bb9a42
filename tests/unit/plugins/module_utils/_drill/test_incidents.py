# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import incidents
from ansible_collections.steady.airflow.tests.unit.drill_directory import BACK, BLOW, FAULT, PLAN, WHOLE

PAIR = dict(
    FAULT, fault="F29+F24", parts=[{"fault": "F29", "hosts": ["node1"]}, {"fault": "F24", "hosts": ["node2", "node1"]}],
    begun={"node1": BLOW, "node2": BLOW - 1}, done={"node1": BLOW + 0.5, "node2": BLOW + 2})


def test_what_the_report_tells_of_a_fault():
    assert incidents.incident(FAULT, PLAN) == {
        "fault": "F29", "number": 1, "title": "A worker's host is lost", "layer": "airflow", "targets": ["node1"],
        "roles": "it led PostgreSQL and held the VIP", "injected": BLOW, "healed": BACK + 0.5, "whole": WHOLE, "problem": "",
        "machine": {"waiting": 83, "stolen": 2},
        "bound": {"scheduling": 110.0, "redundancy": 120.0}, "predicted": {"scheduling": 102.0},
    }


def test_a_pair_has_what_both_parts_have():
    found = incidents.incident(PAIR, dict(PLAN, predicted={"F29": {"redundancy": 1.0}, "F24": {"redundancy": 2.0, "broker": 3.0}}))
    assert found["title"] == "A worker's host is lost; RabbitMQ is killed"
    assert (found["layer"], found["targets"]) == ("airflow", ["node1", "node2"])
    assert (found["injected"], found["healed"]) == (BLOW - 1, BLOW + 62)
    assert (found["bound"], found["predicted"]) == ({"redundancy": 120.0}, {"redundancy": 2.0})


def test_without_a_prediction_none_is_told():
    assert incidents.incident(PAIR, dict(PLAN, predicted={}))["predicted"] == {}


@pytest.mark.parametrize("kind", ["kill", "reload", "switchover"])
def test_a_blow_is_healed_when_it_is_done(kind):
    assert incidents.healed(PAIR, [{"kind": kind}, {"kind": "kill"}]) == BLOW + 2
    assert incidents.healed(PAIR, [{"kind": kind}, {"kind": "stop"}]) == BLOW + 62
    assert incidents.healed(dict(PAIR, done={}), [{"kind": kind}]) == BLOW


@pytest.mark.parametrize("told, sentence", [
    ({"node1": ["postgresql_leader"]}, "it led PostgreSQL"),
    ({"node1": ["etcd_leader", "queue_leader", "dag_processor"]}, "it led etcd, led queues of the broker and ran the DAG processor"),
    ({"node1": ["worker"]}, "it had the role worker"),
    ({"node1": []}, "it led nothing"),
    ({}, "it led nothing"),
    ({"node1": ["vip_holder"], "node2": []}, "node1 held the VIP; node2 led nothing"),
])
def test_roles_are_half_a_sentence(told, sentence):
    assert incidents.roles(told) == sentence
