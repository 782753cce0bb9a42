# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters of the audit; the thinking is in plugin_utils/_audit/."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late
from ansible_collections.steady.airflow.plugins.plugin_utils._told import told

_verdict = Late("plugin_utils._audit.verdict")
_page = Late("plugin_utils._audit.page")
_html = Late("plugin_utils._audit.html")
_machines = Late("plugin_utils._audit.machines")


class FilterModule:
    def filters(self):
        return {
            "audit_verdict": told(_verdict.of_hosts),
            "audit_files_verdict": told(_verdict.of_files),
            "audit_failing": _verdict.failing,
            "audit_text": _page.text,
            "audit_page": _html.html,
            "audit_sarif": _machines.sarif,
            "audit_junit": _machines.junit,
        }
