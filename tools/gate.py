# SPDX-License-Identifier: GPL-3.0-or-later
"""All that must hold before a change lands: two lanes of stages side by side, one about files, one about three hosts.

The last lines are what each stage took and, if one failed, why and where everything lies.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import failure
from checkout import ROOT
from lanes import Done, Lane
from meter import Cost
from stages import table

LOGS = ROOT / ".gate"
SUPPORT = LOGS / "support"
PASSED = pathlib.Path(os.environ.get("STEADY_CACHE", LOGS), "passed")  # tools/passed reads it
SCENARIO = ("--scenario-name", "three_nodes")
HOSTS = ("node1", "node2", "node3")
# Molecule's own, as it tells them to people and to build servers; it skips the last one, so that hosts of a failure can be asked
STAGES = re.compile(r"%s (?:>|\u279c) (?!discovery|destroy)(\w+)(?:\]|:) Executing$" % SCENARIO[1])
FILES = tuple((target, ["make", "--no-print-directory", target]) for target in ("lint", "sanity", "unit", "build"))
DESTROY = ["tools/molecule", "destroy", *SCENARIO]
STACK = (
    ("engine", ["tools/engine"]), ("image", ["tools/image"]), ("leftovers", DESTROY),
    ("hosts", ["tools/molecule", "test", *SCENARIO, "--destroy", "never"], STAGES), ("destroy", DESTROY))
COLLECT = ["tools/molecule", "support"]
SUMMARY_LINES = 18


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def is_clean():
    return not git("status", "--porcelain")


def costs(stages):
    rows = [(stage.title, f"{stage.cost.seconds:.0f}", f"{stage.cost.cpu:.0f}", f"{stage.cost.pressure} %", f"{stage.cost.stolen} %",
             "passed" if stage.passed else "FAILED") for stage in stages]
    return table(("Stage", "Seconds", "CPU seconds", "Waited for CPU", "Stolen", ""), rows)


def quietly(name, command):
    with open(LOGS / f"{name}.log", "w", encoding="utf-8") as log:
        subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False)


def ask_hosts():
    """What the hosts say of themselves, in few lines; all of it is in the support bundle. Then they go."""
    SUPPORT.mkdir()
    quietly("support", [*COLLECT, SUPPORT])
    quietly("destroy", DESTROY)
    summary = SUPPORT / "summary.txt"
    if not summary.exists():
        return ["the hosts could not be asked; see support.log"]
    return summary.read_text(encoding="utf-8").splitlines()[:SUMMARY_LINES]


def explain(stage):
    reasons = failure.reasons(stage.log.read_text(encoding="utf-8", errors="replace"))
    return [f"{stage.title} failed. Its log: {stage.log.relative_to(ROOT)}", *("  " + line for line in reasons)]


def run():
    """Both lanes, when they are over; the first one is that of the files."""
    began = time.monotonic()

    def say(text):
        print(f"{time.monotonic() - began:5.0f} s  {text}", flush=True)

    lanes = [Lane("files", FILES, LOGS, say), Lane("hosts", STACK, LOGS, say, HOSTS)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    return lanes, time.monotonic() - began


def main():
    os.environ.update(NO_COLOR="1", PY_COLORS="0", ANSIBLE_NOCOLOR="1", ANSIBLE_FORCE_COLOR="0")  # all goes to logs
    commit, clean = git("rev-parse", "HEAD"), is_clean()
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(mode=0o700)
    made = float(os.environ.get("DEVENV_SECONDS", "0"))
    lanes, seconds = run()
    stages = [Done("devenv", Cost(made, 0, 0, 0), True, LOGS), *(stage for lane in lanes for stage in lane.done)]
    failed = [lane.failed for lane in lanes if lane.failed]
    print("\n".join(["", *costs(stages), f"All together {made + seconds:.0f} s", *(test for lane in lanes for test in lane.tests), ""]))
    for stage in failed:
        print("\n".join(explain(stage)))
    if lanes[1].failed:
        print("\n".join("  " + line for line in ask_hosts()))
    if failed:
        print(f"All logs, and what the hosts said, are in {LOGS.name}/")
    elif clean and is_clean() and git("rev-parse", "HEAD") == commit:
        PASSED.parent.mkdir(parents=True, exist_ok=True)
        with open(PASSED, "a", encoding="utf-8") as passed:
            passed.write(commit + "\n")
    print(f"{len(stages) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
