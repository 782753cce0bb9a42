# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils import _support


def unit(state="active", result="success", restarts="0"):
    return {"ActiveState": state, "Result": result, "NRestarts": restarts}


def seen(**units):
    return {"units": {name + ".service": each for name, each in units.items()}, "journals": {"etcd.service": "".join("line %d\n" % n for n in range(30))},
            "files": {"/etc/hosts": "127.0.0.1 localhost\n"}, "commands": {"disks": "all empty\n"}}


def test_a_report_has_what_was_seen_and_what_observers_said():
    observed = {"etcd": {"healthy": True, "problems": []}, "RabbitMQ": {"msg": "no member answers", "failed": False}, "Airflow": {"skipped": True}}
    found = _support.report({"support": seen(), "changed": False}, observed)
    assert found["observed"] == {"etcd": [], "RabbitMQ": ["no member answers"]}
    assert found["files"] == seen()["files"]


def test_of_a_host_that_did_not_answer_it_says_why():
    assert _support.report({"unreachable": True, "msg": "no route to host\n"}, {}) == {"msg": "no route to host"}
    assert _support.report({}, {}) == {"msg": "it was not asked"}


def test_the_summary_tells_the_worst_first():
    reports = {
        "node1": dict(seen(etcd=unit("activating", "exit-code", "7"), patroni=unit("inactive")), observed={"etcd": ["1 of 3 members is not healthy"]}),
        "node2": dict(seen(etcd=unit("failed", "exit-code")), observed={"etcd": ["1 of 3 members is not healthy"]}),
        "node3": {"msg": "no route to host"},
        "node4": seen(etcd=unit(restarts="4")),
    }
    assert _support.summary(reports) == [
        "node3 does not answer: no route to host",
        "node1: etcd.service is activating (exit-code), and was started again 7 times", *("    line %d" % number for number in range(20, 30)),
        "node2: etcd.service is failed (exit-code), and was started again 0 times",
        "etcd: 1 of 3 members is not healthy (seen from node1, node2)",
        "node1: not running: patroni.service",
        "node4: etcd.service was started again 4 times",
    ]


def test_where_all_is_well_it_says_so():
    well = ["All units of all hosts run, and all observers find their tiers healthy."]
    assert _support.summary({"node1": seen(etcd=unit(), patroni=unit("activating"))}) == well


def test_every_text_has_a_path_of_its_own():
    texts = _support.texts({"node1": dict(seen(etcd=unit()), observed={"etcd": []}), "node2": {"msg": "gone"}})
    assert sorted(texts) == ["node1/disks.txt", "node1/files/etc/hosts", "node1/journal/etcd.service.log", "node1/observed/etcd.txt", "node1/units.txt",
                             "node2/unreachable.txt", "summary.txt"]
    assert texts["node1/units.txt"] == "etcd.service ActiveState=active NRestarts=0 Result=success\n"
    assert texts["node1/observed/etcd.txt"] == "healthy\n"


def test_a_text_with_a_secret_is_left_out():
    texts, bad = _support.searched({"a.txt": "the-secret-itself", "b.txt": "the-secret%2Ditself or another"}, ["the-secret-itself"])
    assert bad == ["a.txt"]
    assert texts == {"a.txt": _support.LEFT_OUT, "b.txt": "the-secret%2Ditself or another"}
