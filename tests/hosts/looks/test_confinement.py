# SPDX-License-Identifier: GPL-3.0-or-later
"""What confines each service, as systemd itself scores it: 0 for everything forbidden, 10 for nothing."""

from __future__ import annotations

import pytest

EXPOSURE = {
    "etcd": 2.0,
    "patroni": 2.0,
    "rabbitmq-server": 2.0,
    "haproxy": 2.0,
    "keepalived": 2.0,
    "airflow-api-server": 1.5,
    "airflow-scheduler": 1.5,
    "airflow-dag-processor": 1.5,
    "airflow-triggerer": 1.5,
    "airflow-worker": 1.5,
    "airflow-watchdog": 1.5,
}


@pytest.mark.parametrize(("unit", "limit"), EXPOSURE.items())
def test_a_service_is_confined(host, unit, limit):
    # the threshold is in tenths; above it the command fails
    answer = host.run(f"systemd-analyze security --no-pager --threshold={limit * 10:.0f} {unit}.service")
    assert answer.succeeded, answer.stdout.splitlines()[-1:] + answer.stderr.splitlines()


def test_no_process_of_a_service_is_root(host):
    seen = [line.split() for line in host.check_output("ps --no-headers -eo unit:40=,user=").splitlines()]
    owners = {unit: {user for name, user in seen if name == f"{unit}.service"} for unit in EXPOSURE}
    assert all(owners.values()), owners
    assert not [unit for unit, users in owners.items() if "root" in users]
