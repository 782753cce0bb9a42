# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.filter.patroni_difference import FilterModule

difference = FilterModule().filters()["patroni_difference"]


def test_only_what_differs_is_told():
    now = {"ttl": 30, "loop_wait": "2", "postgresql": {"parameters": {"max_connections": 100, "hot_standby": "on"}}}
    wanted = {"ttl": 20, "loop_wait": 2, "postgresql": {"parameters": {"max_connections": "200", "hot_standby": "on"}}}
    assert difference(wanted, now) == {"ttl": 20, "postgresql": {"parameters": {"max_connections": "200"}}}
    assert difference(wanted, wanted) == {}
