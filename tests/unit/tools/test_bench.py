# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure parts of the bench."""

from __future__ import annotations

import bench


def test_the_plain_script_gets_every_package_once():
    defaults = {"topology_airflow_version": "3.3.2", "topology_packages": {"etcd": ["etcd-server"], "common": ["curl", "etcd-server"]}}
    assert bench.arguments_of_plain(defaults) == [
        "/root/locks/airflow-3.3.2-py3.13.txt", "/root/locks/uv.txt", "curl", "etcd-server"]


def test_the_real_topology_has_what_the_plain_script_needs():
    assert "haproxy" in bench.packages(bench.topology())
    assert (bench.LOCKS / bench.arguments_of_plain(bench.topology())[0].rsplit("/", 1)[1]).exists()


def test_cpu_is_the_mean_and_memory_the_last():
    lines = [
        "steady-demo-node1 1.9GiB / 23GiB 12.5%", "steady-demo-node2 1GiB / 23GiB 1%",
        "steady-demo-node1 2GiB / 23GiB 7.5%", "steady-demo-node2 1GiB / 23GiB 3%",
    ]
    assert bench.parse_stats(lines) == [
        ("steady-demo-node1", "2GiB", "10 % of one core"), ("steady-demo-node2", "1GiB", "2 % of one core")]
