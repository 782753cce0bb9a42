# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of the support bundle; the thinking is in module_utils/_support.py."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late

_support = Late("module_utils._support")


def report(look, observed):
    return _support.report(look, observed)


class FilterModule:
    def filters(self):
        return {"support_report": report}
