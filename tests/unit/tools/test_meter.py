# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stage costs, by counters of the kernel and of containers."""

from __future__ import annotations

import os
import types

import docker
import meter
import pytest


def test_a_process_tells_its_seconds():
    assert 0 < meter.command_cpu(os.getpid()) < 10000


def test_a_cost_is_what_lies_between_two_readings():
    earlier = meter.Reading(command=1, hosts=2, machine={"at": 10, "waited": 3, "stolen": 4, "processors": 20})
    later = meter.Reading(command=3, hosts=8, machine={"at": 20, "waited": 8, "stolen": 9, "processors": 40})
    assert later.since(earlier) == meter.Cost(seconds=10, cpu=8, pressure=50, stolen=25)
    assert earlier.since(earlier) == meter.Cost(0, 0, 0, 0)


@pytest.fixture(name="engine")
def docker_engine(monkeypatch):
    """{name: (id, CPU seconds)} of the containers that it has; None for an engine that does not answer."""
    engine = types.SimpleNamespace(containers={})

    def get(name):
        if name not in engine.containers:
            raise docker.errors.NotFound(name)
        identity, seconds = engine.containers[name]
        return types.SimpleNamespace(id=identity, stats=lambda **_how: {"cpu_stats": {"cpu_usage": {"total_usage": seconds * 1e9}}})

    def client(**_how):
        if engine.containers is None:
            raise docker.errors.DockerException("no engine")
        return types.SimpleNamespace(containers=types.SimpleNamespace(get=get))

    monkeypatch.setattr(meter.docker, "from_env", client)
    return engine


def test_hosts_count_from_their_start_and_beyond_their_end(engine):
    one = meter.Meter(["node1", "node2"])
    engine.containers = None
    assert one.read().hosts == 0
    engine.containers = {"node1": ("a", 5)}
    assert one.read().hosts == 5
    engine.containers = {"node1": ("a", 7), "node2": ("b", 1)}
    assert one.read().hosts == 8
    engine.containers = {"node1": ("c", 2)}
    assert one.read().hosts == 7 + 1 + 2
    engine.containers = {}
    assert one.read().hosts == 10
