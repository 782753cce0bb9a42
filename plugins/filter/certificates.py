# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters over certificates; the thinking is in plugin_utils/_certificates.py."""

from __future__ import annotations

from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.plugin_utils import _certificates


def issuer(certificates, key, days):
    try:
        return _certificates.issuer(certificates, key, days)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    def filters(self):
        return {
            "certificates_due": _certificates.due,
            "certificate_issuer": issuer,
            "certificate_request_problems": _certificates.request_problems,
        }
