# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: whether a host had the processors it wanted, so that a slow cluster is told from a starved host. Pure, but for C(read)."""

from __future__ import annotations

import os
import time

PRESSURE, TIMES_OF = "/proc/pressure/cpu", "/proc/stat"
STEAL, TIMES = 7, 8  # in /proc/stat: user nice system idle iowait irq softirq steal


def waited(text):
    """Seconds in which some process was ready and had no processor, by /proc/pressure/cpu."""
    return int(text.split("total=")[1].split()[0]) / 1e6


def taken(text):
    """(stolen, all) time of all processors, in ticks of the clock, by /proc/stat."""
    times = [int(each) for each in text.splitlines()[0].split()[1:1 + TIMES]]
    return times[STEAL], sum(times)


def percent(part, whole):
    return round(100 * part / whole) if whole > 0 else 0


def read(pressure=PRESSURE, stat=TIMES_OF, now=time.monotonic):
    """The counters right now; C(waited) is null where the kernel does not count it."""
    with open(stat, encoding="ascii") as opened:
        stolen, processors = taken(opened.read())
    seconds = None
    if os.path.exists(pressure):
        with open(pressure, encoding="ascii") as opened:
            seconds = waited(opened.read())
    return {"at": now(), "waited": seconds, "stolen": stolen, "processors": processors}


def between(earlier, later):
    """{"waiting": percent of the time in which some process waited for a processor, or null; "stolen": percent of the processors' time that
    went to others on the same hardware}. Of the machine that a container is on, not of itself."""
    return {
        "waiting": None if later["waited"] is None else percent(later["waited"] - earlier["waited"], later["at"] - earlier["at"]),
        "stolen": percent(later["stolen"] - earlier["stolen"], later["processors"] - earlier["processors"]),
    }


def worst(told):
    """Of what several hosts tell the highest of each; null where nobody tells."""
    return {name: max((one[name] for one in told if one[name] is not None), default=None) for name in ("waiting", "stolen")}
