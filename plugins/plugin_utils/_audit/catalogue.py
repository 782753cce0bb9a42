# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: all rules of the audit."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules import (
    access,
    alone,
    api,
    backups,
    broker,
    celery,
    certificate,
    connections,
    container,
    dags,
    database,
    database_patience,
    doors,
    etcd,
    executor,
    logs,
    names,
    patroni,
    pgbouncer,
    postgresql,
    queues,
    rabbitmq,
    reach,
    redis,
    scheduler,
    service,
    together,
    versions,
)

# What all else rests on comes first, here and in what people are told to do.
PARTS = (
    executor, versions, names, together, alone, reach, queues, service, container, etcd, postgresql, patroni, connections, pgbouncer, database,
    database_patience, scheduler, rabbitmq, redis, broker, celery, api, certificate, doors, access, dags, backups, logs,
)
RULES = tuple(rule for part in PARTS for rule in part.BOOK.rules)
