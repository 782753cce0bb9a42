# SPDX-License-Identifier: GPL-3.0-or-later
"""What airflow_ha_audit finds by the options that it is given."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.modules.airflow_ha_audit import OPTIONS
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import verdict, written


def subjects(**wish):
    wish = {**{name: option.get("default") for name, option in OPTIONS.items()}, "version": "2.10.5", **wish}
    return written.subjects(wish, "/", "salt")


def judged(**wish):
    return verdict.of_written(subjects(**wish))


def found(**wish):
    return {(each["id"], each["evidence"]) for each in judged(**wish)["findings"]}


def ids(**wish):
    return {identity for identity, _evidence in found(**wish)}
