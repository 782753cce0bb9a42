# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with services of others. What they answered was recorded from Debian's PostgreSQL 17, RabbitMQ 4.0 and Redis 8.0."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules.services_seen import service_findings

DATABASE = {"create": "", "encoding": "UTF8", "encrypted": True, "isolation": "read committed", "product": "PostgreSQL", "skip_locked": "",
            "timestamps": True, "version": "17.6", "writable": True}
RABBITMQ = {"declare": "", "encrypted": True, "product": "RabbitMQ", "version": "4.0.5"}
REDIS = {"clustered": False, "encrypted": True, "eviction": "noeviction", "product": "Redis", "role": "master", "version": "8.0.2"}


def found(**seen):
    return [(each["id"], each["severity"], each["subject"]) for each in service_findings(seen, {})]


@pytest.mark.parametrize("broker", [RABBITMQ, REDIS, {}])
def test_what_is_as_it_should_be_is_no_finding(broker):
    assert found(database=DATABASE, broker=broker) == []
    assert found(database={}, broker=broker) == []


@pytest.mark.parametrize("changes, identity", [
    ({"product": "MariaDB", "version": "11.8.2"}, "service-product"),
    ({"product": "CockroachDB", "version": "24.1"}, "service-product"),
    ({"version": "12.22"}, "service-version"),
    ({"product": "MySQL", "version": "5.7.44", "encoding": "utf8mb4"}, "service-version"),
    ({"writable": False, "create": "cannot execute CREATE TABLE in a read-only transaction"}, "service-read-only"),
    ({"create": "permission denied for schema public"}, "service-rights"),
    ({"skip_locked": "syntax error"}, "service-skip-locked"),
    ({"isolation": "serializable"}, "service-isolation"),
    ({"encoding": "SQL_ASCII"}, "service-encoding"),
    ({"timestamps": False}, "service-timestamps"),
])
def test_a_database_that_airflow_cannot_work_with_is_told(changes, identity):
    assert found(database={**DATABASE, **changes}) == [(identity, "error", "airflow_database_url")]


@pytest.mark.parametrize("broker, changes, identity, severity", [
    (RABBITMQ, {"product": "LavinMQ"}, "service-product", "error"),
    (RABBITMQ, {"version": "3.8.9"}, "service-version", "error"),
    (RABBITMQ, {"declare": "access to queue refused"}, "service-rights", "error"),
    (REDIS, {"role": "slave"}, "service-read-only", "error"),
    (REDIS, {"clustered": True}, "service-clustered", "error"),
    (REDIS, {"eviction": "allkeys-lru"}, "service-evicts", "warning"),
    (REDIS, {"encrypted": False}, "service-plain", "warning"),
])
def test_a_broker_that_celery_cannot_work_with_is_told(broker, changes, identity, severity):
    assert found(broker={**broker, **changes}) == [(identity, severity, "airflow_broker_url")]


def test_one_that_does_not_answer_is_told_and_no_more_of_it():
    told = service_findings({"database": {"problem": 'password authentication failed for user "airflow"'}, "broker": {"problem": "timed out"}}, {})
    assert [each["id"] for each in told] == ["service-refuses"] * 2
    assert 'does not let this host in: password authentication failed for user "airflow"' in told[0]["problem"]
    assert service_findings({"broker": {"problem": "timed out"}}, {"ignore": ["service-refuses"]}) == []
