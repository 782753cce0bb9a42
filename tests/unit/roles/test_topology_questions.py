# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a tier is asked is said once: as its module takes it, and as people have set it."""

from __future__ import annotations

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.steady.airflow.plugins.module_utils._clients import redis_sentinel as redis_client
from ansible_collections.steady.airflow.plugins.modules import (
    airflow_health_info,
    etcd_cluster_info,
    patroni_cluster_info,
    rabbitmq_cluster_info,
    redis_sentinel_info,
)
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT
from ansible_collections.steady.airflow.tests.unit.stage import result_of

LOADER = DataLoader()
DEFAULTS = LOADER.load_from_file(str(ROOT / "roles/topology/defaults/main.yml"), trusted_as_template=True)
VARS = LOADER.load_from_file(str(ROOT / "roles/topology/vars/main.yml"), trusted_as_template=True)
COMPUTED = {
    "topology_tiers": {tier: [] for tier in DEFAULTS["topology_groups"]}, "__topology_airflow_path": "/airflow",
    "__topology_member_ports": {"airflow": 8080, "postgresql": 5432, "broker": 6379, "etcd": 2379, "patroni": 8008},
}
ASKED_BY = {"etcd": etcd_cluster_info, "postgresql": patroni_cluster_info, "rabbitmq": rabbitmq_cluster_info, "redis": redis_sentinel_info,
            "airflow": airflow_health_info}
WITH_PASSWORD = ("rabbitmq", "redis")


def questions(**variables):
    return Templar(loader=LOADER, variables={**DEFAULTS, **VARS, **COMPUTED, **variables}).template(VARS["__topology_questions"])


def test_every_tier_that_can_be_asked_has_its_question():
    assert questions().keys() == ASKED_BY.keys()


@pytest.mark.parametrize("tier", ASKED_BY)
def test_a_module_lacks_nothing_but_members_and_a_password(capsys, monkeypatch, tier):
    monkeypatch.setattr(redis_client, "MISSING", None)
    password = {"password": "very-secret"} if tier in WITH_PASSWORD else {}
    assert result_of(ASKED_BY[tier].main, capsys, **questions()[tier], **password)["msg"].startswith("members is empty")


@pytest.mark.parametrize("variables, tier, option, value", [
    ({"topology_tls_directory": "/etc/own"}, "postgresql", "ca_path", "/etc/own/ca.crt"),
    ({"topology_tls_directory": "/etc/own"}, "etcd", "client_key", "/etc/own/etcd.key"),
    ({"rabbitmq_management_port": 15673}, "rabbitmq", "port", 15673),
    ({"rabbitmq_operator": "keeper"}, "rabbitmq", "username", "keeper"),
    ({"redis_sentinel_operator": "keeper"}, "redis", "username", "keeper"),
])
def test_it_is_asked_as_people_have_set_it(variables, tier, option, value):
    assert questions()[tier][option] != value
    assert questions(**variables)[tier][option] == value
