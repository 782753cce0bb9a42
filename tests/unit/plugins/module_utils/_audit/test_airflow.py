# SPDX-License-Identifier: GPL-3.0-or-later
"""What the components of Airflow on a host were told."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow, installed
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files

SECRET = "not-to-be-told"


@pytest.fixture(name="host")
def host_with_airflow(tmp_path):
    """Files of a host, with one configuration and one environment of packages."""
    packages = tmp_path / "opt/airflow/lib/python3.13/site-packages"
    for name in ("apache_airflow_core-3.3.2", "celery-5.6.3", "requests-2.0"):
        (packages / (name + ".dist-info")).mkdir(parents=True)
    write(tmp_path, "etc/airflow/airflow.cfg", "[core]\nexecutor = CeleryExecutor\nfernet_key = %s\n" % SECRET)
    write(tmp_path, "etc/airflow/airflow.env", "AIRFLOW_HOME=/var/lib/airflow\nAIRFLOW_CONFIG=/etc/airflow/airflow.cfg\n")
    return tmp_path


def write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def service(kind, unit="a.service", pid=0, environment=None, files=("/etc/airflow/airflow.env",)):
    return {"kind": kind, "unit": unit, "container": "", "pid": pid, "arguments": ["/opt/airflow/bin/airflow", kind], "environment": environment or {},
            "environment_files": list(files), "settings": {"User": "root"}}


def look(root, *found):
    return airflow.look(Files(str(root)), found, "salt")


def test_components_with_the_same_configuration_are_told_once(host):
    [told] = look(host, service("scheduler"), service("worker"), service("scheduler"), service("haproxy"))
    assert told["components"] == ["scheduler", "worker"]
    assert (told["version"], told["packages"]) == ("3.3.2", {"apache_airflow_core": "3.3.2", "celery": "5.6.3"})
    assert (told["path"], told["mode"], told["problem"], told["broken"]) == ("/etc/airflow/airflow.cfg", "0644", "", False)
    assert told["options"]["core.executor"] == {"value": "CeleryExecutor", "from": "file"}
    assert SECRET not in str(told)


def test_a_component_with_an_environment_of_its_own_is_told_apart(host):
    told = look(host, service("scheduler"), service("worker", environment={"AIRFLOW__CORE__PARALLELISM": "4"}))
    assert [each["components"] for each in told] == [["scheduler"], ["worker"]]
    assert told[1]["options"]["core.parallelism"] == {"value": "4", "from": "environment"}


def test_the_process_counts_before_its_unit(host):
    write(host, "proc/7/environ", "AIRFLOW__CORE__PARALLELISM=8\0PATH=/bin\0\0\0garbage of a title\0")
    [told] = look(host, service("scheduler", pid=7))
    assert told["options"]["core.parallelism"]["value"] == "8"
    assert told["path"] == "/etc/airflow/airflow.cfg"


def test_without_a_unit_only_the_process_tells(host):
    [told] = look(host, service("scheduler", unit="", pid=7, files=()))
    assert "environment of process 7 (scheduler) may not be read" in told["problem"]
    write(host, "proc/7/environ", "AIRFLOW_CONFIG=/etc/airflow/airflow.cfg\0")
    [told] = look(host, service("scheduler", unit="", pid=7, files=()))
    assert told["problem"] == ""


def test_there_may_be_no_file(host):
    [told] = look(host, service("scheduler", files=(), environment={"AIRFLOW_HOME": "/srv", "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}))
    assert (told["path"], told["mode"], told["problem"]) == ("/srv/airflow.cfg", None, "")
    assert set(told["options"]) == {"core.executor"}


@pytest.mark.parametrize(("content", "problem", "broken"), [(b"x", "is broken: line 1", True), (b"[core]\n# \xff", "no text in UTF-8", False)])
def test_a_file_that_cannot_be_read_is_told(host, content, problem, broken):
    (host / "etc/airflow/airflow.cfg").write_bytes(content)
    [told] = look(host, service("scheduler"))
    assert problem in told["problem"]
    assert told["broken"] == broken


def test_packages_are_those_of_the_command_line():
    assert installed.prefix(["python", "/opt/airflow/bin/airflow", "scheduler"]) == "/opt/airflow"
    assert installed.prefix(["airflow", "scheduler"]) == ""
    assert installed.version({"apache_airflow": "2.10.5"}) == "2.10.5"
    assert installed.version({}) == ""
