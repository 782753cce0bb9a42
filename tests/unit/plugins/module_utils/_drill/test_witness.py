# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import witness

ENTRIES = [
    {"what": "write", "number": 1, "at": 5.0},
    {"what": "run", "dag": "d", "run": "x-1", "asked": 1.0, "answer": "accepted", "at": 2.0},
    {"what": "api", "asked": 0.5, "ok": True, "at": 1.0},
    {"what": "run", "dag": "d", "run": "x-2", "asked": 0.5, "answer": "unknown", "at": 1.5},
]
TEXT = "".join(json.dumps(entry) + "\n" for entry in ENTRIES)


def test_entries_are_told_apart_and_put_in_order():
    assert witness.read(TEXT) == {"run": [ENTRIES[3], ENTRIES[1]], "api": [ENTRIES[2]], "write": [ENTRIES[0]]}
    assert witness.read(TEXT + TEXT[:20]) == witness.read(TEXT)
    assert witness.read("") == {"run": [], "api": [], "write": []}


def test_runs_are_told_as_the_oracle_wants_them():
    assert witness.runs([ENTRIES[3], ENTRIES[1]]) == [
        {"dag": "d", "run": "x-2", "asked": 0.5, "answered": None, "answer": "unknown"},
        {"dag": "d", "run": "x-1", "asked": 1.0, "answered": 2.0, "answer": "accepted"},
    ]
    assert witness.runs(ENTRIES[1:2], prefix="y") == []


@pytest.mark.parametrize("successes, found", [
    ([], [[0, 10]]),
    ([1, 2, 3, 4, 5, 6, 7, 8, 9], []),
    ([9, 1, 2, 3, 8], [[3, 8]]),
    ([-5, 4, 5, 6, 7, 8, 9, 20], [[0, 4]]),
    ([1, 2, 3, 4, 5], [[5, 10]]),
    ([2, 4, 6, 8], []),
])
def test_an_outage_lies_between_two_successes(successes, found):
    assert witness.outages(successes, 0, 10, least=2) == found
    assert witness.longest(found) == max([later - earlier for earlier, later in found] or [0])
