# SPDX-License-Identifier: GPL-3.0-or-later
"""What Docker has written down of a container, recorded on a real one."""

from __future__ import annotations

import json
import shutil

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import docker
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

IDENTITY = json.loads((FIXTURES / "audit/docker/config.v2.json").read_text(encoding="utf-8"))["ID"]
REDIS = {"kind": "redis", "container": IDENTITY}


@pytest.fixture(name="place")
def placed(tmp_path):
    """Makes a host whose Docker keeps its files there."""
    def place(root=docker.ROOT):
        shutil.copytree(FIXTURES / "audit/docker", tmp_path / root.lstrip("/") / "containers" / IDENTITY)
        return Files(str(tmp_path))

    return place


def test_a_container_is_told_as_docker_runs_it(place):
    assert docker.look(place(), [REDIS, {"kind": "etcd", "container": ""}]) == [{
        "name": "audit-example", "kind": "redis", "image": "redis:7.2", "restart": ["on-failure", 3], "stop": 120.0, "published": ["16380"], "keeps": True,
        "one_signal": True, "written": [], "installs": ""}]


def test_docker_may_keep_its_files_elsewhere(place, tmp_path):
    files = place("/srv/docker")
    assert docker.look(files, [REDIS]) == []
    (tmp_path / "etc/docker").mkdir(parents=True)
    (tmp_path / "etc/docker/daemon.json").write_text('{"data-root": "/srv/docker"}')
    assert docker.name(files, IDENTITY) == "audit-example"


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_what_docker_does_not_tell_is_left_out(place, tmp_path, content):
    files = place()
    (tmp_path / "var/lib/docker/containers" / IDENTITY / "config.v2.json").write_text(content)
    assert docker.look(files, [REDIS]) == []
    assert docker.name(files, IDENTITY) == IDENTITY[:12]


@pytest.mark.parametrize(("cgroup", "expected"), [
    ("0::/system.slice/docker-%s.scope\n", "0"), ("12:pids:/docker/%s\n0::/docker/%s\n", "0"),
    ("1:pids:/docker/%s\n0::/docker/%s/system.slice/x.service\n", None)])
def test_the_environment_is_that_of_the_containers_own_command(place, cgroup, expected):
    assert docker.environment(place(), cgroup.replace("%s", IDENTITY)).get("DUMB_INIT_SETSID") == expected


@pytest.mark.parametrize(("cgroup", "expected"), [
    ("0::/system.slice/docker-%s.scope\n", IDENTITY), ("12:pids:/docker/%s\n0::/docker/%s/system.slice/x.service\n", IDENTITY),
    ("0::/kubepods/besteffort/pod1/abc\n", "unknown")])
def test_a_process_is_in_the_container_that_its_cgroup_names(cgroup, expected):
    assert docker.identity(cgroup.replace("%s", IDENTITY)) == expected
