# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a host needs for its tiers. Expectations may replace any of it."""

from __future__ import annotations

AIRFLOW_TIERS = ("api_server", "scheduler", "dag_processor", "triggerer", "worker")

SUPPORTED = {"debian": ["13"]}

# The system itself; then each tier at rest with a little load. All tiers together fit on a host sold as 4 GB.
BASE_MEMORY_MB = 256
MEMORY_MB = {
    "etcd": 128,
    "postgresql": 512,
    "rabbitmq": 384,
    "redis": 64,
    "load_balancers": 64,
    "api_server": 512,
    "scheduler": 384,
    "dag_processor": 256,
    "triggerer": 256,
    "worker": 640,
}

# {tier: {port: who may own it}}: names of processes or systemd units, with wildcards.
# PostgreSQL below any other unit than Patroni's is the distribution's own cluster, or somebody else's.
# systemd itself holds epmd's port where that is started by its socket.
PORTS = {
    "etcd": {2379: ["etcd*"], 2380: ["etcd*"]},
    "postgresql": {5432: ["patroni*"], 8008: ["patroni*"]},
    "rabbitmq": {
        4369: ["epmd*", "rabbitmq*", "systemd"],
        5671: ["rabbitmq*"],
        15672: ["rabbitmq*"],
        15692: ["rabbitmq*"],
        25672: ["rabbitmq*"],
    },
    "redis": {6379: ["redis*"], 26379: ["redis*"]},
    "load_balancers": {5432: ["haproxy*"], 5671: ["haproxy*"], 8080: ["haproxy*"], 8404: ["haproxy*"]},
    "api_server": {8080: ["airflow*"]},
    "scheduler": {8974: ["airflow*"]},
    "triggerer": {8794: ["airflow*"]},
    "worker": {8793: ["airflow*"]},
}
