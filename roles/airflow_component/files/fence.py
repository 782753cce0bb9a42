# SPDX-License-Identifier: GPL-3.0-or-later
"""End this host's tasks when it stood still for so long that Airflow has given them up, before they go on; see docs/decisions/0023.

A host stands still when its virtual machine is suspended or moved, or its hypervisor has nothing left for it. Its tasks know nothing of that,
and their next tries run elsewhere by then. This process does nothing but to look at the clock, many times a second: when more time went by
between two looks than --after, it kills all processes of --unit, which systemd starts again. It sees nothing where the clock stood still, too.

Each time is a line in fenced.jsonl: {"woke", "ended": seconds on the clock that CLOCK_BOOTTIME is, "still": seconds that the host stood still,
"killed": how many processes}.
"""

import argparse
import json
import time

import control_group
import metrics

INTERVAL = 0.02
DESCRIPTIONS = {
    "kills_total": "How often the tasks of this host were ended, since it had stood still for longer than Airflow waits for their heartbeats.",
    "still_seconds": "How long it had stood still then, the last time.",
}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unit", required=True, help="below which tasks run")
    parser.add_argument("--after", type=float, required=True, help="seconds that a host may stand still")
    return parser.parse_args()


def now():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def watch(after, end):
    """What was done, each time that something was."""
    looked = now()
    while True:
        time.sleep(INTERVAL)  # what is waited for is that it takes longer
        woke = now()
        if woke - looked > after:
            killed = end()
            yield {"woke": woke, "ended": now(), "still": woke - looked, "killed": len(killed)}
        looked = woke


def publish(told):
    """told: what was done, each time since the start."""
    last = {"still_seconds": {None: round(told[-1]["still"], 3)}} if told else {}
    metrics.publish("airflow_fence.prom", metrics.exposition("airflow_fence", DESCRIPTIONS, {"kills_total": {None: len(told)}, **last}))
    metrics.publish("fenced.jsonl", "".join(json.dumps(each) + "\n" for each in told))


def main():
    wish = parse()
    group = control_group.own().with_name(wish.unit)
    metrics.status(f"watches the clock for {wish.unit}")
    told = []
    publish(told)
    # twice, since who is killed last may have begun another one
    for done in watch(wish.after, lambda: control_group.kill(group) | control_group.kill(group)):
        told.append(done)
        words = f"this host stood still for {done['still']:.1f} s: {done['killed']} processes of {wish.unit} were killed, whose tasks run elsewhere by now"
        print(words, flush=True)
        metrics.status(words)
        publish(told)


if __name__ == "__main__":
    main()
