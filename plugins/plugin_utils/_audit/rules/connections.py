# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: how many connections to its database Airflow may open, all processes of all hosts together.

What a process of each kind has open was counted on Airflow 3.3.2; each uvicorn worker has a pool for its synchronous and one for its
asynchronous routes. In Airflow 2 each running task has a supervisor and itself, both with a connection.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.executor import executors
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

BOOK = Book("postgresql")
SCHEDULER, DAG_PROCESSOR, TRIGGERER = 3, 2, 3
OPERATORS = 10  # for people, exporters and backups


def demand(cluster):
    """Connections that all services may have open at once."""
    return sum(NEEDS[service.kind](cluster.configuration_of(service), service.processes) for service in cluster.services if service.kind in NEEDS)


def pool(configuration):
    """Of one process; Unknown where it has no end."""
    size, overflow = configuration.number("database.sql_alchemy_pool_size"), configuration.number("database.sql_alchemy_max_overflow")
    if not size or overflow is None or overflow < 0:
        raise Unknown("the pool of %s has no end" % configuration.member)
    return size + overflow


def scheduler(configuration, _processes):
    if "LocalExecutor" in executors(configuration) and configuration.version < (3, 0):
        return SCHEDULER + 2 * (configuration.number("core.parallelism") or 0)
    return SCHEDULER


def worker(configuration, processes):
    autoscale = (configuration.text("celery.worker_autoscale") or "").split(",")[0]
    told = float(autoscale) if autoscale.strip().isdecimal() else configuration.number("celery.worker_concurrency") or 0
    processes = processes or told
    return 1 + processes * (2 if configuration.version >= (3, 0) else 3)


def api_server(configuration, processes):
    return (processes or configuration.number("api.workers") or 1) * 2 * pool(configuration)


def webserver(configuration, processes):
    return (processes or configuration.number("webserver.workers") or 1) * pool(configuration)


NEEDS = {"scheduler": scheduler, "worker": worker, "api_server": api_server, "webserver": webserver,
         "dag_processor": lambda *_told: DAG_PROCESSOR, "triggerer": lambda *_told: TRIGGERER}


@BOOK.rule(
    "postgresql-connections", "warning", "Airflow may open more connections than PostgreSQL takes",
    why="After a failover all processes connect anew at once. Who finds no place fails, and its tasks with it.",
    remedy="raise max_connections, lower database.sql_alchemy_pool_size, database.sql_alchemy_max_overflow or the number of workers, or put PgBouncer between")
def connections(cluster):
    databases = [database for database in cluster.all_of("database") if database.leads]
    if databases and not cluster.running("pgbouncer"):
        most = demand(cluster)
        for database in databases:
            free = database.number("max_connections") - database.number("superuser_reserved_connections") - OPERATORS
            if most > free:
                yield database.member, "%d, and %d of %s are for it" % (most, free, database.setting("max_connections"))
