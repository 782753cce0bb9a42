# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: how long a recovery takes at the longest if the timing profile is right. Pure.

An entry of the catalogue says by C(predicts) which outage of _rules/budget.py belongs to what is measured of it.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules.budget import OUTAGES

SUMS = {outage.name: outage.count for outage in OUTAGES}


def predictions(catalogue, timing):
    """{id: {measure: seconds}} of those faults for which there is a prediction."""
    return {name: {measure: SUMS[sum_](timing) for measure, sum_ in fault["predicts"].items()}
            for name, fault in catalogue.items() if fault.get("predicts")}
