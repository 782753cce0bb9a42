# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: how long a recovery takes at the longest if the timing profile is right. Pure.

An entry of the catalogue says by C(predicts) which of these sums belongs to what is measured of it.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules.timing import count_recovery

DETECTION = 10  # Airflow's task_instance_heartbeat_timeout_detection_interval


def adoption(timing):
    """A scheduler is taken for dead, and the next look of another one adopts its tasks."""
    return timing["scheduler_health_threshold"] + timing["orphan_check"]


def rerun(timing):
    """A task without a heartbeat is noticed, and waits for its next try."""
    return timing["task_heartbeat_timeout"] + DETECTION + timing["task_retry_delay"]


SUMS = {"failover": count_recovery, "adoption": adoption, "rerun": rerun}


def predictions(catalogue, timing):
    """{id: {measure: seconds}} of those faults for which there is a prediction."""
    return {name: {measure: SUMS[sum_](timing) for measure, sum_ in fault["predicts"].items()}
            for name, fault in catalogue.items() if fault.get("predicts")}
