# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that conduct a drill; the thinking is in module_utils/_drill/campaign.py, conduct.py and seen.py."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late

campaign = Late("module_utils._drill.campaign")
conduct = Late("module_utils._drill.conduct")
predict = Late("module_utils._drill.predict")
seen = Late("module_utils._drill.seen")


def plan(catalogue, wish):
    try:
        return {"turns": campaign.plan(conduct.checked(catalogue), wish), "problem": ""}
    except BadOption as error:
        return {"turns": [], "problem": str(error)}


def lacking(catalogue, turns, power, tiers):
    return list(conduct.lacking(catalogue, turns, power, tiers))


def watched(ways, tiers, name, avoided=(), gone=()):
    """How this host asks each tier that it is to watch."""
    return {what: ways[what] for what in seen.watched_by(tiers, name, avoided, gone)}


def outlook(catalogue, turns, looks, tiers):
    return conduct.outlook(catalogue, turns, looks, tiers)


def problems(looks):
    return seen.problems(looks)


def targets(catalogue, turn, looks, tiers):
    return conduct.now(catalogue, turn, looks, tiers)


def predictions(catalogue, timing):
    return predict.predictions(catalogue, timing)


def outcome(found, blows, watches):
    return conduct.outcome(found, blows, watches)


class FilterModule:
    def filters(self):
        return {
            "drill_plan": plan,
            "drill_lacking": lacking,
            "drill_outlook": outlook,
            "drill_watched": watched,
            "drill_problems": problems,
            "drill_targets": targets,
            "drill_predictions": predictions,
            "drill_outcome": outcome,
        }
