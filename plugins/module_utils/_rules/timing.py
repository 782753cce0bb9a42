# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: do the two sides of every failover fit together? Rules about C(topology_timing).

One side recovers, the other one is patient meanwhile, and must not be so for too long: docs/decisions/0007-timing.md.
"""

from __future__ import annotations

import collections
import math

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding

SUBJECT = "topology_timing"
CHANGES = "topology_timing_changes"
# Every number that some role reads.
KEYS = (
    "patroni_ttl", "patroni_loop_wait", "patroni_retry_timeout", "patroni_primary_start_timeout", "patroni_patience",
    "check_interval", "check_fast_interval", "api_check_interval", "vrrp_advert",
    "connect_timeout", "tcp_user_timeout", "keepalive_idle", "keepalive_interval", "keepalive_count", "idle_in_transaction",
    "api_retries", "api_retry_wait", "api_timeout", "api_failed_heartbeats", "api_token_life",
    "scheduler_health_threshold", "orphan_check", "task_heartbeat_timeout", "task_queued_timeout", "task_queued_check",
    "task_retries", "task_retry_delay", "publish_patience", "broker_heartbeat", "broker_net_ticktime", "redis_down_after",
)

# Seconds that nobody sets here.
PATRONI_LEAST_TTL = 20  # Patroni takes no smaller one
ETCD_ELECTION = 2
PROMOTION = 1
HEARTBEAT_INTERVAL = 5  # Airflow's min_heartbeat_interval
SENTINEL_ELECTION = 3  # until a replica leads, and clients that ask again hear of it
FENCING_MARGIN = 15  # between the end of a cut-off task and its next try
PUBLISH_TIMEOUT = 5  # Celery's operation_timeout as the role airflow sets it
TOKEN_FACTOR = 10  # a token is refreshed late in its life

# Sums that are compared: what they are called, the keys in them, and how to count them.
Sum = collections.namedtuple("Sum", "name keys count")


def one(name, key):
    return Sum(name, (key,), lambda timing: timing[key])


def fixed(name, seconds):
    return Sum(name, (), lambda timing: seconds)


def count_recovery(timing):
    """The lease runs out, etcd and then Patroni elect, PostgreSQL is promoted, and HAProxy sees it at its second look."""
    haproxy = timing["check_interval"] + timing["check_fast_interval"]
    return timing["patroni_ttl"] + ETCD_ELECTION + timing["patroni_loop_wait"] + PROMOTION + haproxy


def count_waits(timing):
    """A call that is refused at once lives by its waits alone; the first try needs none."""
    return max(timing["api_retries"] - 1, 0) * timing["api_retry_wait"]


def count_cut_off(timing):
    """Each failed heartbeat is a call whose tries all hang, an interval after the one before."""
    hanging = count_waits(timing) + timing["api_retries"] * timing["api_timeout"]
    return timing["api_failed_heartbeats"] * (hanging + HEARTBEAT_INTERVAL)


RECOVERY = Sum("the longest recovery of the database",
               ("patroni_ttl", "patroni_loop_wait", "check_interval", "check_fast_interval"), count_recovery)
CALL = Sum("the shortest survival of one API call", ("api_retries", "api_retry_wait"), count_waits)
CUT_OFF = Sum("the longest life of a cut-off task and %d s" % FENCING_MARGIN,
              ("api_retries", "api_retry_wait", "api_timeout", "api_failed_heartbeats"),
              lambda timing: count_cut_off(timing) + FENCING_MARGIN)
PATRONI_LOOP = Sum("patroni_loop_wait + 2 x patroni_retry_timeout", ("patroni_loop_wait", "patroni_retry_timeout"),
                   lambda timing: timing["patroni_loop_wait"] + 2 * timing["patroni_retry_timeout"])
KEEPALIVES = Sum("keepalive_idle + keepalive_interval x keepalive_count",
                 ("keepalive_idle", "keepalive_interval", "keepalive_count"),
                 lambda timing: timing["keepalive_idle"] + timing["keepalive_interval"] * timing["keepalive_count"])
TOLERATED_OUTAGE = Sum("%d times %s" % (TOKEN_FACTOR, RECOVERY.name), RECOVERY.keys,
                       lambda timing: TOKEN_FACTOR * count_recovery(timing))
REDIS = Sum("the recovery of Redis' master", ("redis_down_after",), lambda timing: timing["redis_down_after"] + SENTINEL_ELECTION)
# A look that is refused takes one interval, one that hangs takes two.
SILENCE = Sum("2 x patroni_patience + patroni_loop_wait", ("patroni_patience", "patroni_loop_wait"),
              lambda timing: 2 * timing["patroni_patience"] + timing["patroni_loop_wait"])
TTL = one("patroni_ttl", "patroni_ttl")
HEALTH = one("scheduler_health_threshold", "scheduler_health_threshold")

Limit = collections.namedtuple("Limit", "identity smaller greater may_equal")

LIMITS = (
    Limit("timing-ttl-low", fixed("Patroni's least ttl", PATRONI_LEAST_TTL), TTL, True),
    Limit("timing-ttl-loop", PATRONI_LOOP, TTL, True),
    Limit("timing-silence-lease", SILENCE, TTL, False),
    Limit("timing-recovery-call", RECOVERY, CALL, False),
    Limit("timing-task-twice", CUT_OFF, one("task_heartbeat_timeout", "task_heartbeat_timeout"), False),
    Limit("timing-recovery-scheduler", RECOVERY, HEALTH, False),
    Limit("timing-publish", fixed("the timeout of one publish", PUBLISH_TIMEOUT), one("publish_patience", "publish_patience"), False),
    Limit("timing-token", TOLERATED_OUTAGE, one("api_token_life", "api_token_life"), False),
    Limit("timing-tcp-scheduler", one("tcp_user_timeout", "tcp_user_timeout"), HEALTH, False),
    Limit("timing-keepalive-scheduler", KEEPALIVES, HEALTH, False),
)
OF_REDIS = (Limit("timing-redis", REDIS, one("publish_patience", "publish_patience"), False),)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def seconds(value):
    return "%.12g s" % value


def remedy(limit):
    ways = [(verb, keys) for verb, keys in (("raise", limit.greater.keys), ("lower", limit.smaller.keys)) if keys]
    return "in %s, %s" % (CHANGES, ", or ".join("%s %s" % (verb, " or ".join(keys)) for verb, keys in ways))


def holds(limit, timing):
    smaller, greater = limit.smaller.count(timing), limit.greater.count(timing)
    return smaller < greater or (limit.may_equal and smaller == greater)


def judge_limit(limit, timing):
    if not all(key in timing for key in limit.smaller.keys + limit.greater.keys):
        return  # what is missing is told by itself
    if not holds(limit, timing):
        yield finding(
            limit.identity, SUBJECT,
            "%s (%s) must be %s %s (%s)" % (
                limit.smaller.name, seconds(limit.smaller.count(timing)), "at most" if limit.may_equal else "less than",
                limit.greater.name, seconds(limit.greater.count(timing))),
            remedy(limit))


def judge_keys(given, numbers):
    missing = [key for key in KEYS if key not in given]
    if missing:
        yield finding("timing-missing", SUBJECT, "lacks %s" % enumerate_names(missing),
                      "leave %s as it is and set only your own numbers, in %s" % (SUBJECT, CHANGES))
    unknown = sorted(str(key) for key in given if key not in KEYS)
    if unknown:
        yield finding("timing-unknown", SUBJECT, "nothing reads %s" % enumerate_names(unknown),
                      "correct the name in %s; topology_timing_fast has them all" % CHANGES)
    wrong = ["%s (%r)" % (key, given[key]) for key in KEYS if key in given and key not in numbers]
    if wrong:
        yield finding("timing-no-number", SUBJECT, "these are no numbers of 0 or more: %s" % enumerate_names(wrong),
                      "set them to numbers, without quotes and units, in %s" % CHANGES)


def timing_fits(tiers, settings):
    if "timing" not in settings:
        return
    given = settings["timing"]
    if not isinstance(given, dict):
        yield finding("timing-no-dictionary", SUBJECT, "is no dictionary of numbers",
                      "leave it as it is and set your own numbers in %s" % CHANGES)
        return
    numbers = {key: value for key, value in given.items() if is_number(value)}
    yield from judge_keys(given, numbers)
    for limit in LIMITS + (OF_REDIS if tiers.get("redis") else ()):
        yield from judge_limit(limit, numbers)


RULES = (timing_fits,)
