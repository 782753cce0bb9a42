# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what the watch over the collection's own backups saw last, on the host that keeps them."""

from __future__ import annotations

import json

SEEN = "/run/steady-airflow-backup/backups.json"


def look(files):
    """C(time) of that look, C(problems), C(proof), what the last restore drill left or null, and whether a backup is C(running); null where nobody looks."""
    try:
        seen = json.loads(files.text(SEEN) or "null")
    except ValueError:
        return None
    return seen and {name: seen.get(name) for name in ("time", "problems", "proof", "running")}
