# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file of Compose says of its containers: nothing is found in one that is fine, and each change for the worse alone."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.steady.airflow.plugins.plugin_utils._audit import compose
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.containers import Container
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge

FINE = {
    "postgres": {"image": "postgres:17.2", "restart": "always", "volumes": ["database:/var/lib/postgresql/data"]},
    "redis": {"image": "registry.example.org:5000/redis@sha256:0a1b", "restart": "unless-stopped",
              "volumes": [{"type": "bind", "source": "./redis", "target": "/data"}],
              "ports": ["127.0.0.1:6379:6379", "6379", {"target": 6379, "host_ip": "127.0.0.1", "published": 6379}]},
    "scheduler": {"image": "apache/airflow:3.3.2", "restart": "always", "command": "scheduler"},
    "api": {"image": "apache/airflow:${AIRFLOW_VERSION}", "restart": "always", "command": "api-server", "ports": ["8080:8080"],
            "environment": {"AIRFLOW__CORE__FERNET_KEY": "${FERNET_KEY:?}", "AIRFLOW__API__SECRET_KEY": ""}},
    "worker": {"image": "apache/airflow:3.3.2", "restart": "always", "command": "celery worker", "stop_grace_period": "1h30m",
               "environment": {"DUMB_INIT_SETSID": "0"}},
    "init": {"image": "apache/airflow", "command": "db migrate"},
}
CHANGES = [
    ("container-no-restart", "scheduler", {"restart": None}),
    ("container-no-restart", "postgres", {"restart": "no"}),
    ("container-no-restart", "redis", {"restart": False}),
    ("container-no-restart", "api", {"deploy": {"restart_policy": {"condition": "none"}}}),
    ("container-on-failure", "scheduler", {"restart": "on-failure:5"}),
    ("container-on-failure", "worker", {"deploy": {"restart_policy": {"condition": "on-failure", "max_attempts": 3}}}),
    ("container-worker-stop", "worker", {"stop_grace_period": None}),
    ("container-worker-stop", "worker", {"stop_grace_period": "1m30s"}),
    ("container-worker-signal", "worker", {"environment": {}}),
    ("container-installs", "scheduler", {"environment": {"_PIP_ADDITIONAL_REQUIREMENTS": "apache-airflow-providers-ssh"}}),
    ("container-database-volume", "postgres", {"volumes": ["/var/lib/postgresql/data", "./init.sql:/docker-entrypoint-initdb.d/init.sql"]}),
    ("container-broker-volume", "redis", {"volumes": None}),
    ("container-image-floating", "api", {"image": "apache/airflow:latest"}),
    ("container-image-floating", "redis", {"image": "registry.example.org:5000/redis"}),
    ("container-published", "postgres", {"ports": ["5432:5432/tcp"]}),
    ("container-published", "redis", {"ports": [{"target": 6379, "published": 6379}]}),
    ("container-secret-written", "api", {"environment": ["AIRFLOW__API__SECRET_KEY=a-secret-of-our-own"]}),
]


def found(tmp_path, services):
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump({"services": services}), encoding="utf-8")
    verdict = judge(RULES, {"container": [Container(each) for each in compose.read(tmp_path / "compose.yaml")["services"]]})
    return {(each["id"], each["member"]) for each in verdict["findings"]}


def test_nothing_is_found_where_all_is_well(tmp_path):
    assert found(tmp_path, FINE) == set()


@pytest.mark.parametrize(("expected", "name", "change"), CHANGES, ids=[f"{number}-{change[0]}" for number, change in enumerate(CHANGES)])
def test_a_change_for_the_worse_is_found_and_nothing_else(tmp_path, expected, name, change):
    assert found(tmp_path, {**FINE, name: {**FINE[name], **change}}) == {(expected, "compose.yaml " + name)}


def test_every_rule_has_a_change_that_it_finds():
    assert {expected for expected, _name, _change in CHANGES} == {rule.id for rule in RULES if rule.subject == "container"}
