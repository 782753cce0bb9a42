# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: which process of a unit is meant."""

from __future__ import annotations

import os
import re

ROOT = "/sys/fs/cgroup"


def of_unit(control_group, pattern, root=ROOT, proc="/proc"):
    """Process ids in a unit's control group, and in those below it, whose command line the pattern finds, lowest first."""
    wanted = re.compile(pattern)
    found = []
    for directory, below, names in os.walk(root + control_group):
        if "cgroup.procs" in names:
            found += [pid for pid in _lines(os.path.join(directory, "cgroup.procs")) if wanted.search(command_line(pid, proc))]
    return sorted(map(int, found))


def command_line(pid, proc="/proc"):
    """Words of a process with spaces between them; empty for one that is gone."""
    return " ".join("".join(_lines("%s/%s/cmdline" % (proc, pid))).split("\0")).strip()


def _lines(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as opened:
            return opened.read().splitlines()
    except OSError:
        return []
