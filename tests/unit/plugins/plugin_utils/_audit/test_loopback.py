# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether only its own host reaches a service."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.loopback import are_local
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.pgbouncer import PgBouncer
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.redis import Redis


@pytest.mark.parametrize(("addresses", "local"), [
    ([], True), (["127.0.0.1", "::1"], True), (["localhost:5672"], True), (["127.0.0.1", "192.0.2.11"], False), (["*"], False), (["5672"], False),
    (["-::1"], True), (["-::*"], False),
])
def test_only_loopback_addresses_are_local(addresses, local):
    assert are_local(addresses) is local


@pytest.mark.parametrize(("text", "local"), [
    ("", False), ("bind 127.0.0.1 -::1", True), ("bind * -::*", False), ("bind 127.0.0.1 192.0.2.11", False)])
def test_redis_listens_everywhere_unless_it_is_told_otherwise(text, local):
    assert Redis("redis.conf", text).is_local is local


@pytest.mark.parametrize(("text", "local"), [
    ("", True), ("listen_addr = 127.0.0.1, ::1", True), ("listen_addr = *", False), ("listen_addr = localhost, 192.0.2.11", False)])
def test_pgbouncer_listens_nowhere_else_unless_it_is_told_otherwise(text, local):
    assert PgBouncer("pgbouncer.ini", "[pgbouncer]\n" + text).is_local is local
