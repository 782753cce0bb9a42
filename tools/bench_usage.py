# SPDX-License-Identifier: GPL-3.0-or-later
"""What each unit of this host takes: memory now, CPU over some seconds. Prints JSON. Run by tools/bench: bench_usage.py SECONDS"""

from __future__ import annotations

import json
import os
import pathlib
import re
import sys
import time

UNIT = re.compile(r"/system\.slice/(?:[^/\n]+\.slice/)*([^/\n]+\.service)")
MEMORY = re.compile(r"^(Pss|Rss): +(\d+) kB", re.MULTILINE)


def cpu_seconds(process):
    """Of a process and those of its children that have ended."""
    fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def look():
    """{unit: {cpu, pss, rss}} in seconds and MiB. Memory that processes share counts once in pss, for each in rss."""
    units = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            unit = UNIT.search((process / "cgroup").read_text())
            if not unit:
                continue
            memory = dict(MEMORY.findall((process / "smaps_rollup").read_text()))
            seconds = cpu_seconds(process)
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            continue
        seen = units.setdefault(unit.group(1), {"cpu": 0.0, "pss": 0.0, "rss": 0.0})
        seen["cpu"] += seconds
        seen["pss"] += int(memory.get("Pss", 0)) / 1024
        seen["rss"] += int(memory.get("Rss", 0)) / 1024
    return units


def main():
    before, started = look(), time.monotonic()
    time.sleep(float(sys.argv[1]))  # the time over which CPU is measured
    after, seconds = look(), time.monotonic() - started
    for unit, seen in after.items():
        seen["cpu"] = max(0.0, seen["cpu"] - before.get(unit, seen)["cpu"]) / seconds
    print(json.dumps(after))


if __name__ == "__main__":
    main()
