# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules about Airflow's own settings, which plugin_utils/_airflow_settings.py has read."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import finding


def airflow_settings(tiers, settings):
    """C(airflow_problems) holds what is wrong with them."""
    for each in settings.get("airflow_problems") or []:
        yield finding("inventory-airflow-setting", **each)


RULES = (airflow_settings,)
