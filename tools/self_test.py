# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the demo's cluster worse on purpose, in several ways one after the other, and sees whether the drill's judge turns red."""

from __future__ import annotations

import argparse
import json
import sys
import time

import changed
import yaml
from demo import DEMO, ROOT
from drill_table import read
from stages import Stages, table

CHANGES = ROOT / "tests/self_test.yml"
RESULT = changed.DRILLS / "self_test.json"


def try_all(stages, changes):
    """What the judge saw of each change, as drills keep it: {"done": moment, "red": [{"change", "class", "found"}]}."""
    red = []
    try:
        for change in changes:
            stages.run(f"Worse: {change['change']}", changed.change(change["variables"]))
            [result] = read([stages.run(f"Drill: {change['fault']}", changed.drill(change["fault"]))])
            counts = result["oracle"]["counts"]
            stages.progress(", ".join(f"{number} {name}" for name, number in counts.items() if number) or "nothing was seen")
            red.append({"change": change["change"], "class": change["class"], "found": counts[change["class"]] > 0})
    finally:
        stages.run("The cluster as it was", changed.restore)
    return {"done": time.time(), "red": red}


def test(stages, changes, keep):
    found = try_all(stages, changes)
    if keep:
        RESULT.write_text(json.dumps(found), encoding="utf-8")
    rows = [(one["change"], one["class"], "yes" if one["found"] else "NO") for one in found["red"]]
    print("\n".join(["", *table(("Change", "Must be seen as", "Seen"), rows)]))
    return 0 if all(one["found"] for one in found["red"]) else 1


def main():
    changes = yaml.safe_load(CHANGES.read_text(encoding="utf-8"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, choices=range(1, len(changes) + 1), help="one of the changes by its number; its result is not kept")
    wish = parser.parse_args()
    chosen = changes[wish.only - 1:wish.only] if wish.only else changes
    stages = Stages(total=2 * len(chosen) + 1, log_path=DEMO / time.strftime("self-test-%Y%m%d-%H%M%S.log"))
    return stages.main(lambda stages: test(stages, chosen, keep=not wish.only))


if __name__ == "__main__":
    sys.exit(main())
