# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that make a drill's report; the thinking is in plugin_utils/_drill_*.py."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late

_drill_judgement = Late("plugin_utils._drill_judgement")
_drill_junit = Late("plugin_utils._drill_junit")
_drill_report = Late("plugin_utils._drill_report")


class FilterModule:
    def filters(self):
        return {"drill_page": _drill_report.page, "drill_junit": _drill_junit.junit, "drill_verdict": _drill_judgement.verdict}
