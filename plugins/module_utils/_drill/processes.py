# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: which process of a unit is meant."""

from __future__ import annotations

import os
import re


def of_unit(control_group, pattern, proc="/proc"):
    """Process ids in a unit's control group, and in those below it, whose command line the pattern finds, lowest first.

    A process tells its group in every version and mixture of control groups alike.
    """
    inside, wanted = re.compile(r"^\d+:[^:]*:%s(/|$)" % re.escape(control_group)), re.compile(pattern)
    return [pid for pid in sorted(int(name) for name in os.listdir(proc) if name.isdigit())
            if any(inside.match(line) for line in _lines("%s/%s/cgroup" % (proc, pid))) and wanted.search(command_line(pid, proc))]


def command_line(pid, proc="/proc"):
    """Words of a process with spaces between them; empty for one that is gone."""
    return " ".join("".join(_lines("%s/%s/cmdline" % (proc, pid))).split("\0")).strip()


def _lines(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as opened:
            return opened.read().splitlines()
    except OSError:
        return []
