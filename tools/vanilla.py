# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the demo the defaults of all its parts, does the same drill with them and without, and prints both beside each other.

Usage: vanilla.py [FAULT...]    those of tests/vanilla.yml, or some of them
"""

from __future__ import annotations

import sys
import time

import changed
import yaml
from demo import DEMO, ROOT
from drill_table import comparison
from stages import StageFailed, Stages

PROFILE = ROOT / "tests/vanilla.yml"


def compare(stages, variables, faults):
    """The directories of both drills, ours first."""
    ours = stages.run("Drill with this collection's timing", changed.drill(*faults))
    try:
        stages.run("The defaults of all parts", changed.change(variables))
        theirs = stages.run("Drill with them", changed.drill(*faults))
    finally:
        stages.run("The cluster as it was", changed.restore)
    return ours, theirs


def main():
    profile = yaml.safe_load(PROFILE.read_text(encoding="utf-8"))
    changed.DRILLS.mkdir(parents=True, exist_ok=True)
    stages = Stages(total=4, log_path=DEMO / time.strftime("vanilla-%Y%m%d-%H%M%S.log"))
    stages.say(f"Full log: {stages.log_path}")
    try:
        ours, theirs = compare(stages, profile["variables"], sys.argv[1:] or profile["faults"])
    except StageFailed as error:
        stages.say(f"\n{error}\nFull log: {stages.log_path}")
        return 1
    print(f"\nResults: {ours} {theirs}\n\n{comparison([ours], [theirs])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
