# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user brings: a version, secrets, DAG files, limits."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules.inventory import inventory_findings
from ansible_collections.steady.airflow.tests.unit.shapes import VIP, found, shape

FERNET = base64.urlsafe_b64encode(b"k" * 32).decode()
LOCKS = [["3.3.2", "3.11"], ["3.3.2", "3.13"]]


@pytest.mark.parametrize("disk", ["1GB", "1gib", 1000000000, "50000kB", "2G", "3TiB"])
@pytest.mark.parametrize("share", [0.4, "0.25", 1])
def test_limits_of_the_broker_are_such_as_it_reads(disk, share):
    assert found(shape(), broker_limits={"rabbitmq_disk_free_limit": disk, "rabbitmq_memory_share": share}) == []


@pytest.mark.parametrize("disk", ["1 GB", "1.5GB", "", "50%", "1B", "gb", "-1GB", "1 gigabyte"])
@pytest.mark.parametrize("share", [0, 40, "40%", "", []])
def test_a_limit_that_the_broker_could_not_read_is_told(disk, share):
    assert found(shape(), broker_limits={"rabbitmq_disk_free_limit": disk, "rabbitmq_memory_share": share}) == [
        ("inventory-broker-limit", "rabbitmq_disk_free_limit"), ("inventory-broker-limit", "rabbitmq_memory_share")]


def test_a_version_needs_a_lock_file():
    assert found(shape(), airflow_version="3.3.2", locks=LOCKS) == []
    assert found(shape(), airflow_version="3.3.2") == []
    assert found(shape(), airflow_version="9.9.9", locks=LOCKS) == [("inventory-version-unlocked", "airflow_version")]
    assert found(shape(), airflow_version="9.9.9", locks=[]) == [("inventory-version-unlocked", "airflow_version")]


@pytest.mark.parametrize("value, identity", [
    (None, "inventory-secret-missing"),
    ("  ", "inventory-secret-empty"),
    ("topsecret", "inventory-secret-short"),
    ("$ANSIBLE_VAULT;1.1;AES256\n6162", "inventory-secret-locked"),
    ("k" * 44, "inventory-secret-fernet"),
    ("k" * 45, "inventory-secret-fernet"),
    ("!" * 44, "inventory-secret-fernet"),
    (base64.b64encode(b"\xff" * 32).decode(), "inventory-secret-fernet"),
])
def test_secrets_are_judged_without_being_told(value, identity):
    settings = {"vip": VIP, "required_secrets": {"airflow_fernet_key": 44}, "secrets": {"airflow_fernet_key": value}}
    findings = inventory_findings(shape(), settings)
    assert [(each["id"], each["subject"]) for each in findings] == [(identity, "airflow_fernet_key")]
    assert not value or value.strip() == "" or value not in str(findings)
    assert "steady.airflow.secrets" in findings[0]["remedy"] or identity == "inventory-secret-locked"


@pytest.mark.parametrize("value, told", [
    ("p%ss wörd of a cluster", "letters beyond ASCII"), ("password\nof a cluster", "control characters"), ("tab\tof a whole cluster", "control characters"),
    ("%@:/#$'\"\\{} &=?+;,|<>`!*~ password", None),
])
def test_characters_that_some_service_does_not_take_are_told(value, told):
    findings = inventory_findings(shape(), {"vip": VIP, "required_secrets": {"patroni_rest_password": 16}, "secrets": {"patroni_rest_password": value}})
    assert [each["id"] for each in findings] == ["inventory-secret-characters"] * bool(told)
    assert not told or told in findings[0]["problem"] and value not in str(findings)


def test_keys_that_sign_have_lines():
    key = {"airflow_jwt_keys": "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n"}
    assert found(shape(), required_secrets={"airflow_jwt_keys": 20}, secrets=key) == []


def test_keys_that_cannot_sign_are_told():
    assert found(shape(), jwt_problem="its key 2 is none") == [("inventory-secret-jwt", "airflow_jwt_keys")]
    assert not found(shape(), jwt_problem="")


def test_good_secrets_pass_and_the_remedy_can_be_named():
    settings = {"required_secrets": {"airflow_fernet_key": 44}, "secrets": {"airflow_fernet_key": FERNET}}
    assert found(shape(), **settings) == []
    settings["secrets"]["airflow_fernet_key"] = FERNET + "," + FERNET
    assert found(shape(), **settings) == []
    missing = dict(settings, vip=VIP, secrets={}, secrets_remedy="run this")
    assert inventory_findings(shape(), missing)[0]["remedy"] == "run this"


def test_other_fernet_keys_can_be_named():
    settings = {"required_secrets": {"key": 10}, "secrets": {"key": "k" * 44}, "fernet_secrets": ["key"]}
    assert found(shape(), **settings) == [("inventory-secret-fernet", "key")]


def test_a_dag_directory_exists():
    assert found(shape(), dag_directory="/dags", dag_directory_exists=True) == []
    assert found(shape(), dag_directory="/dags", dag_directory_exists=False) == [
        ("inventory-dags-absent", "dag directory"),
    ]


def test_a_variable_that_has_another_name_now_is_told():
    [told] = found(shape(), renamed={"rabbitmq_longest_task": "topology_longest_task"})
    assert told == ("inventory-variable-renamed", "rabbitmq_longest_task")
