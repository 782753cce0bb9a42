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
    "backup": 64,
}

# Who may own a tier's ports: names of processes or systemd units, with wildcards.
# PostgreSQL below any other unit than Patroni's is the distribution's own cluster, or somebody else's.
# systemd itself holds epmd's port where that is started by its socket.
OWNERS = {
    "etcd": ["etcd*"],
    "postgresql": ["patroni*", "pgbackrest*"],
    "rabbitmq": ["epmd*", "rabbitmq*", "systemd"],
    "redis": ["redis*"],
    "load_balancers": ["haproxy*"],
    "backup": ["pgbackrest*"],
    **{tier: ["airflow*"] for tier in AIRFLOW_TIERS},
}
