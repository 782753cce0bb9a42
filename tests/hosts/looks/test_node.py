# SPDX-License-Identifier: GPL-3.0-or-later
"""What every host has beside its services: names, limits, and nothing that restarts services behind our back."""

from __future__ import annotations

import broker
import pytest

SERVICES = ["etcd", "patroni", *broker.UNITS, "haproxy", "keepalived"]
OPEN_FILES = 65536


def test_every_name_means_its_cluster_address_on_every_host(host, addresses):
    seen = {name: host.check_output("getent ahosts %s", name).split()[0] for name in addresses}
    assert seen == addresses


@pytest.mark.parametrize("service", SERVICES)
def test_what_dies_is_started_again_however_often(host, service):
    unit = host.service(service)
    assert unit.is_running and unit.is_enabled
    assert unit.systemd_properties["Restart"] == "always"
    assert unit.systemd_properties["StartLimitIntervalUSec"] == "0"


@pytest.mark.parametrize("service", ["patroni", *broker.UNITS, "haproxy", "airflow-worker"])
def test_a_service_may_open_enough_files(host, service):
    assert int(host.service(service).systemd_properties["LimitNOFILE"]) >= OPEN_FILES


def test_unattended_upgrades_leave_the_services_alone(host):
    kept = host.check_output("apt-config dump Unattended-Upgrade::Package-Blacklist")
    for package in ("patroni", "postgresql-", "etcd-", broker.PACKAGE, "haproxy", "keepalived"):
        assert package in kept
