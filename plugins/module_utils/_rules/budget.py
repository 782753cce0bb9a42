# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: how long an outage may last by the numbers of C(topology_timing), which of them do not fit, and which would. Pure.

What one must be shorter than another is in C(timing.LIMITS).
"""

from __future__ import annotations

import collections
import math

from ansible_collections.steady.airflow.plugins.module_utils._rules import timing as rules

DETECTION = 10  # s, Airflow's task_instance_heartbeat_timeout_detection_interval
SILENT_ANNOUNCEMENTS = 4  # that a backup waits for, and the fraction by its priority
ANSWER = 5  # s, HAProxy's timeout check
DEFAULT_WAIT = 5  # s between two tries of a call, where the numbers have none

Outage = collections.namedtuple("Outage", "name what count")


def adoption(timing):
    """A scheduler is taken for dead, and the next look of another one adopts its tasks."""
    return timing["scheduler_health_threshold"] + timing["orphan_check"]


def rerun(timing):
    """A task without a heartbeat is noticed, and waits for its next try."""
    return timing["task_heartbeat_timeout"] + DETECTION + timing["task_retry_delay"]


OUTAGES = (
    Outage("failover", "the database has no leader after its host died", rules.count_recovery),
    Outage("vip", "nobody answers at the VIP after its holder died", lambda timing: SILENT_ANNOUNCEMENTS * timing["vrrp_advert"]),
    Outage("api", "an API server that died is still asked", lambda timing: timing["api_check_interval"] + timing["check_interval"]),
    Outage("api_hang", "an API server that hangs is still asked",
           lambda timing: timing["api_check_interval"] + timing["check_interval"] + 2 * ANSWER),
    Outage("broker", "a broker that died is not missed", lambda timing: timing["broker_net_ticktime"] * 1.25),
    Outage("adoption", "a dead scheduler's tasks have no scheduler", adoption),
    Outage("rerun", "a dead worker's task waits for its next try", rerun),
)


def outages(timing):
    return [{"name": each.name, "what": each.what, "seconds": each.count(timing)} for each in OUTAGES]


def inequalities(timing):
    """All limits with both sums, in seconds, and whether they hold."""
    return [{
        "id": limit.identity, "holds": rules.holds(limit, timing), "may_be_equal": limit.may_equal,
        "smaller": {"name": limit.smaller.name, "seconds": limit.smaller.count(timing)},
        "greater": {"name": limit.greater.name, "seconds": limit.greater.count(timing)},
    } for limit in rules.LIMITS]


def nearest(timing):
    """{key: number} of what to change so that all limits hold; nothing where they do.

    Patience is raised to the next whole number that is enough. What notices a dead peer is made quicker instead: to wait for it longer
    would keep everybody waiting.
    """
    wanted = dict(timing)
    for limit in rules.LIMITS:
        if limit.identity in QUICKER and not rules.holds(limit, wanted):
            wanted.update(QUICKER[limit.identity](wanted))
    for limit in rules.LIMITS:  # in their order: what comes later builds on what comes first
        if not rules.holds(limit, wanted):
            wanted.update(_raised(limit, wanted))
    return {key: value for key, value in wanted.items() if value != timing[key]}


def _raised(limit, timing):
    if limit.greater is rules.CALL:
        return _patient_call(limit.smaller.count(timing), timing)
    [key] = limit.greater.keys
    needed = limit.smaller.count(timing)
    return {key: math.ceil(needed) if limit.may_equal else math.floor(needed) + 1}


def _patient_call(needed, timing):
    wait = timing["api_retry_wait"] or DEFAULT_WAIT
    return {"api_retry_wait": wait, "api_retries": math.floor(needed / wait) + 2}


def _lower_timeout(timing):
    return {"tcp_user_timeout": max(1, math.ceil(timing["scheduler_health_threshold"]) - 1)}


def _lower_keepalives(timing):
    left = max(3, math.ceil(timing["scheduler_health_threshold"]) - 1)
    return {"keepalive_idle": left - 2 * (left // 3), "keepalive_interval": left // 3, "keepalive_count": 2}


QUICKER = {"timing-tcp-scheduler": _lower_timeout, "timing-keepalive-scheduler": _lower_keepalives}
