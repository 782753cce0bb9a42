# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that conduct a drill; the thinking is in module_utils/_drill/campaign.py, conduct.py and seen.py."""

from __future__ import annotations

import functools

from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.module_utils._drill import campaign, conduct, predict, seen
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption


def told(function):
    """A filter whose BadOption is what the user reads."""
    @functools.wraps(function)
    def call(*arguments):
        try:
            return function(*arguments)
        except BadOption as error:
            raise AnsibleFilterError(str(error)) from error

    return call


def plan(catalogue, wish):
    return campaign.plan(conduct.checked(catalogue), wish)


def lacking(catalogue, turns, power, tiers):
    return list(conduct.lacking(catalogue, turns, power, tiers))


def watched(ways, tiers, name, avoided=(), gone=()):
    """How this host asks each tier that it is to watch."""
    return {what: ways[what] for what in seen.watched_by(tiers, name, avoided, gone)}


class FilterModule:
    def filters(self):
        return {
            "drill_plan": told(plan),
            "drill_lacking": lacking,
            "drill_outlook": told(conduct.outlook),
            "drill_watched": watched,
            "drill_problems": seen.problems,
            "drill_targets": told(conduct.now),
            "drill_predictions": predict.predictions,
            "drill_outcome": told(conduct.outcome),
        }
