# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the driver's record says: which runs were asked for, and how long what was away. Pure."""

from __future__ import annotations

import json


def read(text):
    """The entries of a record, {what: [entry]}, in the order of time. A torn last line is left out."""
    found = {"run": [], "api": [], "write": []}
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # the driver died while it wrote this one
        found[entry["what"]].append(entry)
    for entries in found.values():
        entries.sort(key=lambda entry: entry["at"])
    return found


def runs(entries, prefix=""):
    """What the oracle is told of triggers: [{"dag", "run", "asked", "answered", "answer"}]."""
    return [
        {"dag": one["dag"], "run": one["run"], "asked": one["asked"], "answered": None if one["answer"] == "unknown" else one["at"],
         "answer": one["answer"]}
        for one in entries if one["run"].startswith(prefix)
    ]


def outages(successes, begin, end, least):
    """[[from, to]] of the times from begin to end without a success, if they are longer than C(least) seconds.

    successes: moments. An outage begins with the last success before it, and ends with the first one after it; one that began
    before C(begin) is told from there on.
    """
    inside = [moment for moment in sorted(successes) if begin < moment < end]
    edges = [begin, *inside, end]
    return [[earlier, later] for earlier, later in zip(edges, edges[1:]) if later - earlier > least]


def longest(found):
    """Seconds of the longest outage; 0 without any."""
    return max((later - earlier for earlier, later in found), default=0.0)
