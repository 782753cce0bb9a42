# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of Docker Compose as people write them."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import compose

FILE = """
x-common: &common
  image: ${AIRFLOW_IMAGE_NAME:-apache/airflow:2.8.1}
  env_file: [shared.env]
  environment: &env
    AIRFLOW__CORE__EXECUTOR: CeleryExecutor
    AIRFLOW__CORE__LOAD_EXAMPLES: true
    AIRFLOW__CORE__FERNET_KEY: ${FERNET:?}
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: postgresql://${DB_USER}:pa$$word@postgres/airflow
    PASSED_ON:
services:
  postgres: {image: "postgres:13"}
  redis: {image: "redis:7.2", deploy: {replicas: 2}}
  sentinel: {image: "redis:7.2", command: redis-server /etc/sentinel.conf --sentinel}
  scheduler: {<<: *common, command: scheduler}
  api: {<<: *common, command: [airflow, api-server], environment: [AIRFLOW__API__WORKERS=2, BARE]}
  worker: {<<: *common, command: celery worker -q one -c 4, deploy: {replicas: 3}}
  init: {<<: *common, entrypoint: /bin/bash, command: "-c 'airflow db migrate'"}
  boot: {<<: *common, command: "bash -c 'airflow db migrate && airflow webserver'"}
  mail: {image: example/mail}
  flower: {<<: *common, command: celery flower, profiles: [flower]}
"""


@pytest.fixture(name="read")
def reader(tmp_path):
    def read(text=FILE):
        (tmp_path / ".env").write_text("DB_USER=af\n")
        (tmp_path / "shared.env").write_text("AIRFLOW__CORE__PARALLELISM=8\nAIRFLOW__CORE__EXECUTOR=LocalExecutor\n")
        (tmp_path / "docker-compose.yaml").write_text(text)
        return compose.read(tmp_path / "docker-compose.yaml")

    return read


def test_what_runs_is_counted(read):
    assert sorted(each["kind"] for each in read()["services"] for _replica in range(each["replicas"])) == sorted(
        ["postgresql", "redis", "redis", "redis_sentinel", "scheduler", "api_server", "worker", "worker", "worker", "webserver"])


def test_a_component_has_as_many_processes_as_its_command_says(read):
    assert {each["kind"]: each["settings"]["Processes"] for each in read()["services"] if each["settings"]["Processes"]} == {"worker": 4}


def test_each_component_is_told_what_compose_would_tell_it(read):
    found = {each.name: each.environment for each in read()["components"]}
    assert found.keys() == {"scheduler", "api", "worker", "boot"}
    assert found["scheduler"] == {
        "AIRFLOW__CORE__PARALLELISM": "8", "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor", "AIRFLOW__CORE__LOAD_EXAMPLES": "true",
        "AIRFLOW__CORE__FERNET_KEY": "${FERNET}", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://af:pa$word@postgres/airflow",
        "PASSED_ON": "${PASSED_ON}"}
    assert found["api"] == {
        "AIRFLOW__CORE__PARALLELISM": "8", "AIRFLOW__CORE__EXECUTOR": "LocalExecutor", "AIRFLOW__API__WORKERS": "2", "BARE": "${BARE}"}


def test_a_worker_is_told_its_queues(read):
    assert {each["kind"]: each["queues"] for each in read()["services"] if each["queues"]} == {"worker": ["one"]}


@pytest.mark.parametrize(("image", "variables", "volume", "config", "unknown"), [
    ("apache/airflow:3.0.2", {}, "./airflow.cfg:/opt/airflow/airflow.cfg:ro", "airflow.cfg", ""),
    ("apache/airflow:3.0.2", {"AIRFLOW_CONFIG": "/opt/airflow/config/airflow.cfg"}, "./config:/opt/airflow/config", "config/airflow.cfg", ""),
    ("apache/airflow:3.0.2", {"AIRFLOW_HOME": "/srv"}, "./config:/srv", "config/airflow.cfg", ""),
    ("apache/airflow:3.0.2", {}, "./elsewhere.cfg:/opt/airflow/airflow.cfg", None, "its /opt/airflow/airflow.cfg comes from ./elsewhere.cfg, and is not here"),
    ("apache/airflow:3.0.2", {}, "home:/opt/airflow", None, "its /opt/airflow/airflow.cfg comes from home, and is not here"),
    ("apache/airflow:3.0.2", {}, "./dags:/opt/airflow/dags", None, ""),
    ("puckel/docker-airflow:1.10.9", {}, "./dags:/dags", None, "images such as puckel/docker-airflow:1.10.9 make it of variables of their own"),
    ("bitnami/airflow-worker:2.9.1", {}, "./dags:/dags", None, "images such as bitnami/airflow-worker:2.9.1 make it of variables of their own"),
])
def test_a_container_sees_the_file_that_is_mounted(read, tmp_path, image, variables, volume, config, unknown):
    (tmp_path / "config").mkdir()
    for name in ("airflow.cfg", "config/airflow.cfg"):
        (tmp_path / name).write_text("")
    service = {"image": image, "command": "worker", "environment": {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor", **variables}, "volumes": [volume]}
    [told] = read(yaml.safe_dump({"services": {"w": service}}))["components"]
    assert (told.name, told.kind, told.config, told.unknown) == ("w", "worker", config and str(tmp_path / config), unknown)


def test_a_file_of_the_environment_that_is_not_here_is_told(read):
    text = "services: {s: {image: 'apache/airflow:3.0.2', command: scheduler, env_file: [shared.env, {path: ours.env}]}}"
    [told] = read(text)["components"]
    assert (told.environment["AIRFLOW__CORE__PARALLELISM"], told.unknown) == ("8", "its environment comes from ours.env, and is not here")


@pytest.mark.parametrize(("image", "kind"), [("airflow", "webserver"), ("airflow-scheduler", "scheduler"), ("airflow-worker", "worker")])
def test_an_image_may_say_what_it_runs(read, image, kind):
    told = read("services: {x: {image: 'bitnami/%s:2.9.1'}}" % image)
    assert ([each["kind"] for each in told["services"]], told["version"]) == ([kind], "2.9.1")


@pytest.mark.parametrize(("deploy", "swarm"), [
    ({"replicas": 2}, False), ({"mode": "global"}, True), ({"replicas": 2, "placement": {"max_replicas_per_node": 1}}, True)])
def test_a_swarm_decides_what_runs_where(read, deploy, swarm):
    assert read(yaml.safe_dump({"services": {"x": {"image": "redis", "deploy": deploy}}}))["swarm"] is swarm


def test_the_version_is_that_of_the_image(read):
    assert read()["version"] == "2.8.1"


@pytest.mark.parametrize("text, reason", [("services: [", "is no YAML"), ("a: b", "has no services"), ("services: []", "has no services")])
def test_what_is_no_such_file_is_told(read, text, reason):
    with pytest.raises(BadOption, match=reason):
        read(text)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadOption, match="cannot be read: No such file"):
        compose.read(tmp_path / "none.yaml")
