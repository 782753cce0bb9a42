# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a command failed, in few lines: of what Ansible, pytest and others wrote, what names a host, a task, a test and a reason."""

from __future__ import annotations

import collections
import re

FIRST, LAST, WIDTH = 6, 10, 400
TASK = re.compile(r"^(?:TASK|RUNNING HANDLER) \[(.+?)\]")
# a host's failure, what tells why a test failed, which test it was, a program's own word
FATAL = re.compile(r"^(?:fatal: \[|failed: \[|\[ERROR\]|ERROR|CRITICAL|E  |FAILED |E: |error: |.*\bUNREACHABLE!|\S+:\d+(?::\d+)?: )")
# that a command failed whose own words are told
ECHO = re.compile(
    r"^(?:PLAY RECAP|FAILED - RETRYING|\S+ +: ok=|CRITICAL|ERROR .*(?:Executed: Failed|Ansible return code))|^\s+(?:changed|evaluated_to): false$")
AFTER = 8  # lines that follow a host's failure and tell more


def reasons(text):
    """The lines that tell why, with the task they belong to; the last lines where none does."""
    lines = [line.rstrip() for line in text.splitlines() if not ECHO.match(line)]
    found, task, more = [], None, 0
    for line in lines:
        if begun := TASK.match(line):
            task, more = begun.group(1), 0
        elif FATAL.match(line):
            if task:
                found.append(f"task {task}")
                task = None
            found.append(line)
            more = AFTER if line.startswith(("fatal:", "failed:")) else 0
        elif more and line.strip():
            found.append(line)
            more -= 1
    # the same reason of several hosts or tests is one
    told = list(collections.OrderedDict.fromkeys(found)) or [line for line in lines if line.strip()][-FIRST - LAST:]
    return [line[:WIDTH] for line in (told if len(told) <= FIRST + LAST else told[:FIRST] + told[-LAST:])]
