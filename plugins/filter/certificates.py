# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters over certificates; the thinking is in plugin_utils/_certificates.py."""

from __future__ import annotations

import os

from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late

_certificates = Late("plugin_utils._certificates")
_due = Late("plugin_utils._due")


def issuer(certificates, key, days):
    try:
        return _certificates.issuer(certificates, key, days)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


def due(identities, host, certificates, renewal_days, directory="", key=""):
    brought = {each["name"]: given(os.path.join(directory, each["name"] + ".crt")) for each in identities} if directory else None
    return _due.due(identities, host, certificates, renewal_days, brought, key)


def given(path):
    """What a file on the controller says; to be absent is no problem."""
    text, problem = None, ""
    try:
        with open(path, encoding="utf-8", errors="replace") as opened:
            text = opened.read()
    except FileNotFoundError:
        pass
    except OSError as error:
        problem = error.strerror
    return {"file": path, "text": text, "problem": problem}


class FilterModule:
    def filters(self):
        return {
            "certificates_due": due,
            "certificate_issuer": issuer,
            "certificate_request_problems": _certificates.request_problems,
            "certificate_unfit": _due.unfit,
        }
