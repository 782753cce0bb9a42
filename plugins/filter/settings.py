# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that write what services read; the thinking is in plugin_utils/_airflow_settings.py and _environment.py."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late

_airflow_settings = Late("plugin_utils._airflow_settings")
_environment = Late("plugin_utils._environment")


class FilterModule:
    def filters(self):
        return {
            "airflow_cfg": _airflow_settings.cfg,
            "environment_file": _environment.lines,
            "without_proxy": _environment.direct,
        }
