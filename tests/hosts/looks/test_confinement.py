# SPDX-License-Identifier: GPL-3.0-or-later
"""What confines each service, as systemd itself scores it: 0 for everything forbidden, 10 for nothing."""

from __future__ import annotations

import broker
import pytest

MOST = 2.0
# A host has these by itself. All others run because of us, whoever brought them.
OF_THE_SYSTEM = ("console-getty", "container-getty@", "dbus", "getty@", "ssh", "systemd-", "user@", "user-runtime-dir@")
EXPOSURE = {
    "etcd": MOST,
    "patroni": MOST,
    **dict.fromkeys([*broker.UNITS, *broker.HELPERS], MOST),
    "haproxy": MOST,
    "keepalived": MOST,
    "airflow-api-server": 1.5,
    "airflow-scheduler": 1.5,
    "airflow-dag-processor": 1.5,
    "airflow-triggerer": 1.5,
    "airflow-worker": 1.5,
    "airflow-watchdog": 1.5,
    "airflow-fence": 1.5,
}


def test_no_other_service_runs_because_of_us(host):
    units = host.check_output("systemctl list-units --type=service --state=running --plain --no-legend").splitlines()
    running = {line.split()[0].removesuffix(".service") for line in units}
    assert {name for name in running if not name.startswith(OF_THE_SYSTEM)} - EXPOSURE.keys() == set()


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
