# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a deployment against a plain script, a second run and an audit against a ping, and what the idle stack takes."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import yaml
from bench_report import markdown, ratio, seconds_of, text, usage_rows
from demo import INVENTORY, ROOT, SECRETS, changes, playbook, tool
from stages import StageFailed, Stages, duration

HOSTS = ("node1", "node2", "node3")
LOCKS = ROOT / "roles/airflow/files/locks"
PARTS = {"first": 6, "second": 2, "audit": 1, "idle": 1}  # how many stages each has
IDLE_SECONDS = 60


class Rehearsal(Stages):
    """Says what it would run."""

    def command(self, arguments, **options):
        self.say("      " + " ".join(map(str, arguments)))
        return ["{}"]  # no recap, and no unit


def container(host):
    return f"steady-demo-{host}"


def on_every_host(stages, copied, *command):
    """Copies files into the hosts and runs a command on all of them at once; returns the lines of each."""
    for host in HOSTS:
        for path in copied:
            stages.command(["docker", "cp", path, f"{container(host)}:/root/"])
    with ThreadPoolExecutor(len(HOSTS)) as pool:
        running = [pool.submit(stages.command, ["docker", "exec", container(host), *command]) for host in HOSTS]
    return {host: one.result() for host, one in zip(HOSTS, running)}


def bare_hosts(stages):
    tool("tools/hosts", "down")(stages)
    tool("tools/hosts", "up")(stages)


def topology():
    return yaml.safe_load((ROOT / "roles/topology/defaults/main.yml").read_text(encoding="utf-8"))


def packages(defaults):
    """All packages of all tiers, as the collection installs them on a host that has every tier."""
    return sorted({package for group in defaults["topology_packages"].values() for package in group})


def arguments_of_plain(defaults):
    lock = f"airflow-{defaults['topology_airflow_version']}-py3.13.txt"
    return [f"/root/locks/{lock}", "/root/locks/uv.txt", *packages(defaults)]


def plain(stages):
    """The plain script on all hosts at once."""
    on_every_host(stages, [LOCKS, ROOT / "tools/bench-plain.sh"], "bash", "/root/bench-plain.sh", *arguments_of_plain(topology()))


def ping(stages):
    return stages.command([ROOT / ".venv/bin/ansible", *INVENTORY, "all", "-m", "ansible.builtin.ping"], cwd=ROOT)


def timed(work, stages):
    started = time.monotonic()
    result = work(stages)
    return time.monotonic() - started, result


def secrets(stages):
    return playbook("playbooks/secrets.yml", "-e", f"secrets_file={SECRETS}")(stages)


def first(stages):
    """A deployment of bare hosts; what both install was downloaded before."""
    stages.run("Fill the caches: plain script on bare hosts", lambda stage: (bare_hosts(stage), plain(stage)))
    stages.run("Bare hosts again", bare_hosts)
    theirs, _none = stages.run("Plain script", lambda stage: timed(plain, stage))
    stages.run("Bare hosts again", bare_hosts)
    stages.run("Secrets", secrets)
    ours, _lines = stages.run("First deployment", lambda stage: timed(playbook("playbooks/site.yml"), stage))
    return "First deployment", ("", "site.yml", "plain script", "Ratio"), [
        ("Three bare hosts, warm caches", duration(ours), duration(theirs), f"{ours / theirs:.1f}")]


def alternate(stages, name, repeats):
    """Seconds of a playbook that changes nothing and of a ping, in turn."""
    ours, theirs = [], []
    for repeat in range(repeats):
        theirs.append(timed(ping, stages)[0])
        seconds, lines = timed(playbook(f"playbooks/{name}.yml"), stages)
        if changes(lines):
            raise StageFailed(f"a run that should change nothing changed {changes(lines)} things; the figures mean nothing")
        ours.append(seconds)
        stages.progress(f"{repeat + 1} of {repeats}: {name}.yml {ours[-1]:.1f} s, ping {theirs[-1]:.1f} s")
    return ours, theirs


def beside_ping(stages, title, name, repeats):
    ours, theirs = stages.run(f"{title} and ping in turn", lambda stage: alternate(stage, name, repeats))
    return title, ("", f"{name}.yml", "ansible -m ping", "Ratio"), [
        (f"Median of {repeats} (least to most)", seconds_of(ours), seconds_of(theirs),
         ratio(statistics.median(ours), statistics.median(theirs)))]


def second(stages, repeats):
    stages.run("A run after which nothing is left to change", playbook("playbooks/site.yml"))
    return beside_ping(stages, "Second run", "site", repeats)


def idle(stages):
    """Memory and CPU of every unit while no DAG runs."""
    seen = stages.run(f"The idle stack, {IDLE_SECONDS} s", lambda stage: on_every_host(
        stage, [ROOT / "tools/bench_usage.py"], "python3", "/root/bench_usage.py", str(IDLE_SECONDS)))
    usage = {host: json.loads(lines[-1]) for host, lines in seen.items()}
    return "The idle stack: memory (PSS) and CPU (of one core)", ("Tier", *HOSTS), usage_rows(usage)


def parse():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help="first, second, audit, idle; all of them when none is named")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be run")
    parser.add_argument("--repeats", type=int, default=5, help="second runs and audits to take the median of")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/benchmarks.md")
    wish = parser.parse_args()
    if unknown := set(wish.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    wish.parts = [part for part in PARTS if part in (wish.parts or PARTS)]
    return wish


def main():
    wish = parse()
    log_path = ROOT / "build/bench.log"  # .demo goes with the hosts
    log_path.parent.mkdir(exist_ok=True)
    stages = (Rehearsal if wish.dry_run else Stages)(total=sum(PARTS[part] for part in wish.parts), log_path=log_path)
    if "first" in wish.parts:
        stages.say("This removes the demo's hosts and makes new ones.")
    work = {"first": first, "second": lambda stage: second(stage, wish.repeats),
            "audit": lambda stage: beside_ping(stage, "Audit", "audit", wish.repeats), "idle": idle}
    try:
        sections = [work[part](stages) for part in wish.parts]
    except StageFailed as error:
        stages.say(f"\n{error}\nFull log: {stages.log_path}")
        return 1
    if not wish.dry_run:
        print(text(sections))
        if wish.write:
            page = ROOT / "docs/benchmarks.md"
            page.write_text(markdown(sections, page.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
