# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill of nine faults found: goals missed once, and a second commit that is allowed."""

from __future__ import annotations

import json

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT


def result(**changes):
    """A copy of the result of its own; keyword arguments take the place of what it says."""
    return dict(json.loads((ROOT / "tests/unit/fixtures/drill_result.json").read_text(encoding="utf-8")), **changes)


def fault(found, name, number):
    return next(each for each in found["faults"] if (each["fault"], each["number"]) == (name, number))
