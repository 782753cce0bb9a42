# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that do not fit together are told; those of the role topology fit."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.steady.airflow.plugins.module_utils._rules import timing
from ansible_collections.steady.airflow.plugins.module_utils._rules.inventory import inventory_findings
from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT


def variables(path):
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


FAST = variables("roles/topology/defaults/main.yml")["topology_timing_fast"]
# Slower on both sides of every failover.
SLOW = dict(
    FAST, patroni_ttl=30, patroni_loop_wait=10, patroni_retry_timeout=10, check_interval=2, check_fast_interval=1,
    api_retries=8, api_retry_wait=10, task_heartbeat_timeout=120, scheduler_health_threshold=60)
# Each breaks a limit by as little as possible, in seconds; the one beside it just keeps it.
EDGES = [
    ("timing-ttl-low", {"patroni_ttl": 19, "patroni_retry_timeout": 7}, {"patroni_ttl": 20}),
    ("timing-ttl-loop", {"patroni_retry_timeout": 9.5}, {"patroni_retry_timeout": 9}),
    ("timing-silence-lease", {"patroni_patience": 9}, {"patroni_patience": 8.5}),
    ("timing-recovery-call", {"patroni_ttl": 38.5, "scheduler_health_threshold": 46}, {"patroni_ttl": 38, "scheduler_health_threshold": 46}),
    ("timing-recovery-call", {"api_retries": 6}, {"api_retries": 7}),
    ("timing-recovery-call", {"api_retries": 0}, {}),
    ("timing-task-twice", {"task_heartbeat_timeout": 85}, {"task_heartbeat_timeout": 86}),
    ("timing-task-twice", {"api_failed_heartbeats": 2}, {"api_failed_heartbeats": 1}),
    ("timing-task-twice", {"api_timeout": 2.5}, {"api_timeout": 2.4}),
    ("timing-recovery-scheduler", {"scheduler_health_threshold": 26.5}, {"scheduler_health_threshold": 27}),
    ("timing-publish", {"publish_patience": 5}, {"publish_patience": 6}),
    ("timing-token", {"api_token_life": 265}, {"api_token_life": 266}),
    ("timing-tcp-scheduler", {"tcp_user_timeout": 35}, {"tcp_user_timeout": 34}),
    ("timing-keepalive-scheduler", {"keepalive_count": 15}, {"keepalive_count": 14}),
]


def findings(given, tiers=()):
    return inventory_findings(dict(tiers), {"ha": False, "timing": given, "ignore": ["inventory-tier-missing", "inventory-broker-missing"]})


def found(given):
    return [each["id"] for each in findings(given)]


@pytest.mark.parametrize("profile", [FAST, SLOW])
def test_profiles_fit(profile):
    assert found(profile) == []


def test_without_timing_nothing_is_judged():
    assert [each["id"] for each in inventory_findings({}, {"ha": False}) if each["id"].startswith("timing")] == []


def test_the_rules_know_every_number_of_the_profile():
    assert sorted(timing.KEYS) == sorted(FAST)


def test_the_sums_are_those_of_the_decision():
    assert (timing.count_recovery(FAST), timing.count_waits(FAST), timing.count_cut_off(FAST)) == (26.5, 45, 70)


def test_the_timeout_of_one_publish_is_that_of_the_role():
    assert variables("roles/airflow/vars/main.yml")["__airflow_by_celery"]["celery"]["operation_timeout"] == timing.PUBLISH_TIMEOUT


def test_every_limit_has_an_edge():
    assert {identity for identity, _broken, _kept in EDGES} == {limit.identity for limit in timing.LIMITS}


@pytest.mark.parametrize("identity, broken, kept", EDGES)
def test_a_broken_limit_is_told_and_a_kept_one_is_not(identity, broken, kept):
    told = findings(dict(FAST, **broken))
    assert [(each["id"], each["severity"], each["subject"]) for each in told] == [(identity, "error", "topology_timing")]
    assert set(broken) & set(told[0]["remedy"].replace(",", "").split())
    assert found(dict(FAST, **kept)) == []


def test_redis_has_another_master_while_publishers_are_patient():
    redis = {tier: [{"name": "node1", "address": "192.0.2.11"}] for tier in ("redis", "worker")}
    assert [each["id"] for each in findings(dict(FAST, redis_down_after=22), redis)] == ["timing-redis"]
    assert findings(dict(FAST, redis_down_after=21), redis) == findings(dict(FAST, redis_down_after=22)) == []


def test_a_finding_has_the_numbers_and_the_ways_out():
    assert findings(dict(FAST, patroni_ttl=40.2, scheduler_health_threshold=60)) == [{
        "id": "timing-recovery-call", "severity": "error", "subject": "topology_timing",
        "problem": "the longest recovery of the database (46.7 s) must be less than the shortest survival of one API call (45 s)",
        "remedy": "in topology_timing_changes, raise api_retries or api_retry_wait,"
                  " or lower patroni_ttl or patroni_loop_wait or check_interval or check_fast_interval",
    }]
    assert findings(dict(FAST, patroni_retry_timeout=10))[0]["problem"] == (
        "patroni_loop_wait + 2 x patroni_retry_timeout (22 s) must be at most patroni_ttl (20 s)")


def test_all_broken_limits_are_told_at_once():
    assert found(dict(FAST, patroni_ttl=60)) == ["timing-recovery-call", "timing-recovery-scheduler"]


def test_missing_numbers_are_named_once_and_the_others_still_judged():
    few = {key: value for key, value in FAST.items() if key not in ("patroni_ttl", "vrrp_advert")}
    told = findings(dict(few, publish_patience=1))
    assert [each["id"] for each in told] == ["timing-missing", "timing-publish"]
    assert told[0]["problem"] == "lacks patroni_ttl, vrrp_advert"
    assert found({}) == ["timing-missing"]


@pytest.mark.parametrize("value", ["20", "20s", None, True, [20], -1, float("nan"), float("inf")])
def test_what_is_no_number_is_told(value):
    told = findings(dict(FAST, patroni_ttl=value))
    assert [each["id"] for each in told] == ["timing-no-number"]
    assert "patroni_ttl (%r)" % (value,) in told[0]["problem"]


def test_a_misspelt_number_is_told():
    told = findings(dict(FAST, patroni_tll=30))
    assert [(each["id"], each["problem"]) for each in told] == [("timing-unknown", "nothing reads patroni_tll")]


@pytest.mark.parametrize("value", [None, "fast", []])
def test_timing_is_a_dictionary(value):
    assert found(value) == ["timing-no-dictionary"]
