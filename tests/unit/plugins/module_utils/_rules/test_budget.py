# SPDX-License-Identifier: GPL-3.0-or-later
"""How long outages may last, and which numbers would fit."""

from __future__ import annotations

import itertools

import pytest
import yaml

from ansible_collections.steady.airflow.plugins.module_utils._rules import budget
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

FAST = yaml.safe_load((ROOT / "roles/topology/defaults/main.yml").read_text(encoding="utf-8"))["topology_timing_fast"]
VANILLA = dict(FAST, **yaml.safe_load((ROOT / "tests/vanilla.yml").read_text(encoding="utf-8"))["variables"]["topology_timing_changes"])
WORSE = {
    "patroni_ttl": 10, "patroni_loop_wait": 10, "patroni_retry_timeout": 15, "check_interval": 10, "api_retries": 1, "api_retry_wait": 0,
    "api_timeout": 30, "api_failed_heartbeats": 5, "api_token_life": 10, "scheduler_health_threshold": 10, "task_heartbeat_timeout": 20,
    "publish_patience": 1, "tcp_user_timeout": 900, "keepalive_idle": 7200,
}


def fits(timing):
    return all(each["holds"] for each in budget.inequalities(timing))


def seconds(timing):
    return {each["name"]: each["seconds"] for each in budget.outages(timing)}


def test_the_longest_outages_of_the_profile():
    assert seconds(FAST) == {"failover": 26.5, "vip": 4 * FAST["vrrp_advert"], "api": 4, "api_hang": 14, "broker": 18.75, "adoption": 55, "rerun": 110}


def test_the_profile_fits_as_it_is():
    assert fits(FAST)
    assert budget.nearest(FAST) == {}


def test_the_defaults_of_all_parts_do_not():
    assert not fits(VANILLA)
    assert fits(dict(VANILLA, **budget.nearest(VANILLA)))


@pytest.mark.parametrize("keys", [*itertools.combinations(WORSE, 1), *itertools.combinations(WORSE, 2), tuple(WORSE)])
def test_what_is_wrong_can_be_put_right_and_no_more_is_changed_than_that(keys):
    given = dict(FAST, **{key: WORSE[key] for key in keys})
    changes = budget.nearest(given)
    assert fits(dict(given, **changes))
    assert bool(changes) != fits(given)
    assert budget.nearest(dict(given, **changes)) == {}


def test_patience_is_raised_by_as_little_as_is_enough():
    assert budget.nearest(dict(FAST, api_retries=6)) == {"api_retries": 7}
    assert budget.nearest(dict(FAST, task_heartbeat_timeout=60)) == {"task_heartbeat_timeout": 86}


def test_what_notices_a_dead_peer_is_made_quicker():
    assert budget.nearest(dict(FAST, tcp_user_timeout=900)) == {"tcp_user_timeout": 34}
    changes = budget.nearest(dict(FAST, keepalive_idle=7200))
    assert "scheduler_health_threshold" not in changes
