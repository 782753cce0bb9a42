# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the demo the defaults of all its parts, and does a drill: what is this collection's timing worth?

Usage: vanilla.py [FAULT...]    those of tests/vanilla.yml, or some of them; tools/measured.py --as vanilla keeps the result
"""

from __future__ import annotations

import sys
import time

import changed
import yaml
from demo import DEMO, ROOT
from drill_table import figures
from stages import Stages

PROFILE = ROOT / "tests/vanilla.yml"


def measure(stages, variables, faults):
    """The directory of the drill."""
    try:
        stages.run("The defaults of all parts", changed.change(variables))
        return stages.run("Drill", changed.drill(*faults))
    finally:
        stages.run("The cluster as it was", changed.restore)


def vanilla(stages):
    profile = yaml.safe_load(PROFILE.read_text(encoding="utf-8"))
    done = measure(stages, profile["variables"], sys.argv[1:] or profile["faults"])
    print(f"\nResults: {done}\n\n{figures([done])}")
    return 0


def main():
    return Stages(total=3, log_path=DEMO / time.strftime("vanilla-%Y%m%d-%H%M%S.log")).main(vanilla)


if __name__ == "__main__":
    sys.exit(main())
