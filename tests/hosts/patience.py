# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is judged by how long it takes. What is waited for comes, or never does: never is four times or more what was measured on a slow
machine, and STEADY_PATIENCE multiplies it.
"""

from __future__ import annotations

import os
import time

PATIENCE = float(os.environ.get("STEADY_PATIENCE") or 1)
NEVER = 300 * PATIENCE  # seconds after which what did not come never will
NEVER_DONE = 1800 * PATIENCE  # the same for a whole playbook or DAG run


def eventually(ask, seconds=NEVER):
    """The first truthy answer; an assertion fails when there never is one."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.5)  # the interval of the poll
    return answer
