# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: waits for a state that nobody announces, by asking for it."""
from __future__ import annotations

import time

INTERVAL = 0.5  # seconds


def until(condition, seconds, clock=time.monotonic, sleep=time.sleep):
    """Return whether the condition came true within so many seconds."""
    deadline = clock() + seconds
    while not condition():
        if clock() > deadline:
            return False
        sleep(INTERVAL)
    return True
