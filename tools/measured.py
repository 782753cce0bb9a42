# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the results of drills in docs/drills, and writes docs/measured.md from all that are kept.

Usage: measured.py [--as fast|vanilla|redis] [DIRECTORY...]    directories of drills to keep; without any the page is written again
"""

from __future__ import annotations

import argparse
import json
import pathlib

from checkout import ROOT
from drill_table import brokers, comparison, figures, predictions, read

PAGE = "docs/measured.md"
KEPT = "docs/drills"
PROFILES = ("fast", "vanilla", "redis")
HEADING = """<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Made by tools/measured.py from the results in docs/drills. -->
# What drills have measured

Three containers of the demo, which share two cores. A run of 30 tasks starts twice every 300 s (or 90 s), a task every 5 s. Median / 95th
percentile / maximum in seconds, or the one figure there is, then the goal in brackets; bold where it was missed. [drill.md](drill.md)
says what the words mean, and why goals were missed; what a drill counted that must not be has been mended after it, see there.
"""
FORESEEN = """
## Predicted and measured

What follows from the timing profile (the module `airflow_ha_budget`), in seconds, and the median and the longest of all repetitions, with their
difference. A prediction is the longest that it may take by itself: a task that is to run again waits longer if the next fault of a campaign hits the
scheduler that has just adopted it. A scheduler that freezes is not missed where the others do its work, so nothing is predicted of it here.
"""
BROKERS = """
## Either broker

The same faults with Redis and its Sentinels as the broker. What it can lose, and RabbitMQ not, is in
[topology.md](topology.md#redis-instead-of-rabbitmq).
"""
COMPARED = """
## Beside the defaults of all parts

The longest time of each, ours : that of the [defaults](../tests/vanilla.yml); then what the judge counted with ours, and with those.
"""


def keep(root, drill, profile):
    """One line of JSON: who compares two of these compares all of it."""
    [result] = read([drill])
    target = root / KEPT / profile / f"{drill.name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, separators=(",", ":")) + "\n", encoding="utf-8")


def page(root):
    fast, vanilla, redis = (sorted((root / KEPT / profile).glob("*.json")) for profile in PROFILES)
    parts = [HEADING, figures(fast), FORESEEN, predictions(fast)]
    if redis:
        parts += [BROKERS, brokers({"RabbitMQ": fast, "Redis": redis})]
    if vanilla:
        parts += [COMPARED, comparison(fast, vanilla)]
    return "\n".join(parts) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drills", nargs="*", type=pathlib.Path)
    parser.add_argument("--as", dest="profile", choices=PROFILES, default=PROFILES[0])
    wish = parser.parse_args()
    for drill in wish.drills:
        keep(ROOT, drill.resolve(), wish.profile)
    (ROOT / PAGE).write_text(page(ROOT), encoding="utf-8")


if __name__ == "__main__":
    main()
