# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what a play's first look at a host (host_info) still tells, for action plugins."""

from __future__ import annotations

import time

LOOK = "steady_host"
OVERTAKEN = "steady_host_overtaken"  # salt of the look that a change has made untrue
FRESH_SECONDS = 900  # a fact may come from a cache that outlives the run


def fresh(task_vars):
    """Return what is kept on the host, as module_utils/_kept.py describes it; None when nobody looked or something changed since."""
    facts = task_vars.get("ansible_facts") or {}
    host = facts.get(LOOK) or {}
    kept = host.get("kept")
    if not kept or facts.get(OVERTAKEN) == kept["salt"] or time.time() - (host.get("controller_time") or 0) > FRESH_SECONDS:
        return None
    return kept


def overtaken(kept):
    """Return the fact that ends the trust in a look."""
    return {OVERTAKEN: kept["salt"]}
