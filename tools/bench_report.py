# SPDX-License-Identifier: GPL-3.0-or-later
"""What the bench measured, for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

import os
import pathlib
import platform
import re
import statistics
import time

from stages import table

# In the order of the page; a unit in none of them belongs to the system.
TIERS = {
    "etcd": ("etcd",),
    "PostgreSQL, Patroni": ("patroni",),
    "RabbitMQ": ("rabbitmq-server", "epmd"),
    "HAProxy, keepalived": ("haproxy", "keepalived"),
    "api-server": ("airflow-api-server",),
    "scheduler": ("airflow-scheduler",),
    "dag-processor": ("airflow-dag-processor",),
    "triggerer": ("airflow-triggerer",),
    "worker": ("airflow-worker",),
    "watchdog": ("airflow-watchdog",),
}
INTRODUCTION = """\
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Made by tools/bench --write. -->
# Benchmarks

What a table compares ran on the same hosts, one after the other, in one run: three containers on one machine. The ratios
say more than the seconds. The plain script installs the same packages and the same Python environment, and configures
nothing. Memory is PSS, which counts what processes share once.
"""


def seconds_of(samples):
    """Median and spread."""
    return f"{statistics.median(samples):.1f} s ({min(samples):.1f} to {max(samples):.1f})"


def ratio(ours, theirs):
    return f"{ours / theirs:.1f}"


def share(units, names):
    found = [units[f"{name}.service"] for name in names if f"{name}.service" in units]
    return sum(unit["pss"] for unit in found), sum(unit["cpu"] for unit in found)


def cell(memory, cpu):
    return f"{memory:.0f} MiB, {cpu * 100:.1f} %"


def usage_rows(usage):
    """One row for each tier and one for all, one column for each host. usage: {host: {unit: {pss, cpu}}}."""
    rows = []
    totals = {host: (0.0, 0.0) for host in usage}
    for tier, names in TIERS.items():
        shares = {host: share(units, names) for host, units in usage.items()}
        totals = {host: tuple(map(sum, zip(totals[host], shares[host]))) for host in usage}
        rows.append((tier, *(cell(*shares[host]) for host in usage)))
    return [*rows, ("All", *(cell(*totals[host]) for host in usage))]


def machine():
    processor = re.search(r"^model name\s*: (.+)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = processor.group(1) if processor else platform.machine()
    return f"{os.cpu_count()} cores ({name}), {memory:.0f} GiB of memory, Linux {platform.release()}"


def text(sections):
    lines = []
    for title, heading, rows in sections:
        lines += ["", title, *(f"  {line}" for line in table(heading, rows))]
    return "\n".join(lines)


def section(title, heading, rows):
    lines = [f"## {title}", "", "| " + " | ".join(heading) + " |", "|---" * len(heading) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([*lines, "", f"{time.strftime('%Y-%m-%d')}, {machine()}"])


def markdown(sections, page=""):
    """The page with these sections anew; those of the present page that were not measured stay as they are."""
    parts = {part.splitlines()[0]: part.rstrip() for part in re.split(r"^(?=## )", page, flags=re.MULTILINE)[1:]}
    parts.update({f"## {title}": section(title, heading, rows) for title, heading, rows in sections})
    return "\n\n".join([INTRODUCTION.rstrip(), *parts.values()]) + "\n"
