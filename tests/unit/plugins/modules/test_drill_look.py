# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.modules import drill_look
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage

UNITS = ["haproxy.service", "keepalived.service"]
VIP = "192.0.2.10"


@pytest.fixture(name="look")
def host(capsys, monkeypatch):
    """The module on a host whose systemd says what is in C(states), and fails with what is in C(broken)."""
    class Host:
        def __init__(self):
            self.states = {"haproxy.service": "active", "keepalived.service": "active"}
            self.broken, self.asked = "", []

        def systemctl(self, command):
            self.asked.append(command)
            if self.broken:
                return 1, "", self.broken + "\n"
            units = [word for word in command if word.endswith(".service")]
            values = self.states if "--property=ActiveState" in command else {}
            return 0, "\n".join("%s\n" % values.get(unit, "") for unit in units), ""

        def __call__(self, **options):
            return result_of(drill_look.main, capsys, **options)

    answers = Host()
    monkeypatch.setattr(AnsibleModule, "run_command", lambda module, command: answers.systemctl(command))
    monkeypatch.setattr(drill_look.network, "addresses", lambda files: ["192.0.2.11", VIP])
    return answers


def test_a_host_that_is_well_is_whole(look):
    found = look(units=UNITS, vip=VIP, _ansible_check_mode=True)
    assert found["watched"] == {"host": {"away": [], "problems": []}}
    assert isinstance(found["whole"], float)
    assert (found["changed"], found["vip"], found["dag_processor"], found["leaders"]) == (False, True, False, {})
    assert len(found["clock"]) == 1
    assert look.asked[0] == ["systemctl", "show", "--property=ActiveState", "--value", *UNITS]


@pytest.mark.parametrize("vip", ["192.0.2.12", ""])
def test_a_host_without_the_virtual_address_does_not_hold_it(look, vip):
    assert look(vip=vip)["vip"] is False


def test_each_unit_has_its_own_state(look):
    look.states = {"haproxy.service": "activating", "keepalived.service": "active"}
    found = look(units=UNITS)
    assert found["whole"] is None
    assert found["watched"]["host"]["problems"] == ["haproxy.service is activating"]
    [[_from, until]] = found["watched"]["host"]["away"]
    assert until is None


def test_a_dag_processor_works_on_the_host_that_has_its_process(look, monkeypatch):
    asked = []
    monkeypatch.setattr(drill_look.here, "has", lambda process, group_of: asked.append(group_of(process[0])) or process is drill_look.here.DAG_PROCESSOR)
    found = look()
    assert (found["dag_processor"], found["task"]) == (True, False)
    assert asked == ["", ""]


def test_tiers_are_looked_at_and_tell_their_leaders(look):
    with stage("etcd/healthy") as etcd, stage("rabbitmq/healthy") as rabbitmq:
        found = look(tiers={"etcd": {"members": members(), "port": etcd}, "rabbitmq": {"members": members(), "port": rabbitmq, "username": "u", "workers": 3}})
    assert {what: told["problems"] for what, told in found["watched"].items()} == {
        "etcd": [], "rabbitmq": [], "broker": [], "workers": ["no queue has a worker"]}
    assert found["whole"] is None
    assert found["leaders"] == {"etcd": "node1", "queue": None}  # nobody consumed when this was recorded


def test_the_brokers_password_is_for_the_broker_alone(look, monkeypatch):
    given = {}

    def looks(tiers):
        given.update(tiers)
        return {}

    monkeypatch.setattr(drill_look.watch, "looks", looks)
    tiers = {tier: {"members": members()} for tier in ("rabbitmq", "redis", "etcd")}
    assert "secret" not in str(look(tiers=tiers, broker_password="very-secret"))
    assert [tier for tier, options in given.items() if options.get("password") == "very-secret"] == ["rabbitmq", "redis"]


def test_a_tier_that_does_not_answer_is_an_answer(look):
    found = look(tiers={"etcd": {"members": members(), "port": free_port()}})
    assert found["whole"] is None
    assert "node1: does not answer" in found["watched"]["etcd"]["problems"][0]


@pytest.mark.parametrize("units", [UNITS, []])
def test_without_systemd_nothing_is_told(look, units):
    look.broken = "Failed to connect to bus"
    found = look(units=units)
    assert found["failed"]
    assert found["msg"] == "systemctl does not tell about airflow-dag-processor.service: Failed to connect to bus"


def test_tiers_that_cannot_be_asked_are_told(look):
    assert look(tiers={"etcd": {"members": [], "port": 1}})["msg"].startswith("members is empty")
