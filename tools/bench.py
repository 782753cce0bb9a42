# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a deployment against a plain script, a second run against a ping, and what the idle stack takes."""

from __future__ import annotations

import subprocess
import sys
import time

import yaml
from demo import INVENTORY, ROOT, SECRETS, changes, playbook, tool
from stages import StageFailed, Stages, duration, table

HOSTS = ("node1", "node2", "node3")
LOCKS = ROOT / "roles/airflow/files/locks"
SAMPLES = 10


def container(host):
    return f"steady-demo-{host}"


def fresh_hosts(stages):
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
    for host in HOSTS:
        stages.command(["docker", "cp", LOCKS, f"{container(host)}:/root/locks"])
    script = (ROOT / "tools/bench-plain.sh").read_text(encoding="utf-8")
    arguments = arguments_of_plain(topology())
    running = []
    for host in HOSTS:
        process = subprocess.Popen(
            ["docker", "exec", "-i", container(host), "bash", "-s", "--", *arguments],
            stdin=subprocess.PIPE, stdout=stages.log, stderr=subprocess.STDOUT, text=True)
        process.stdin.write(script)
        process.stdin.close()
        running.append(process)
    failed = [host for host, process in zip(HOSTS, running) if process.wait()]
    if failed:
        raise StageFailed(f"the plain script failed on {', '.join(failed)}")


def ping(stages):
    stages.command([ROOT / ".venv/bin/ansible", *INVENTORY, "all", "-m", "ansible.builtin.ping"], cwd=ROOT)


def measured(stages, title, work):
    started = time.monotonic()
    result = stages.run(title, work)
    return time.monotonic() - started, result


def parse_stats(lines):
    """Mean CPU and last memory per host, from lines like 'steady-demo-node1 1.9GiB / 23GiB 12.5%'."""
    samples = {}
    for line in lines:
        name, memory, *_rest, cpu = line.split()
        samples.setdefault(name, []).append((memory, float(cpu.rstrip("%"))))
    return [(name, seen[-1][0], f"{sum(cpu for _memory, cpu in seen) / len(seen):.0f} % of one core")
            for name, seen in sorted(samples.items())]


def idle(stages):
    lines = []
    for _sample in range(SAMPLES):  # each takes about two seconds
        lines += stages.command(
            ["docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}} {{.CPUPerc}}", *map(container, HOSTS)])
    return parse_stats(lines)


def bench(stages):
    stages.run("Fill the caches: plain script on bare hosts", lambda stage: (fresh_hosts(stage), plain(stage)))
    stages.run("Bare hosts again", fresh_hosts)
    plain_seconds, _none = measured(stages, "Plain script", plain)
    stages.run("Bare hosts again", fresh_hosts)
    stages.run("Secrets", playbook("playbooks/secrets.yml", "-e", f"secrets_file={SECRETS}"))
    first_seconds, _lines = measured(stages, "First deployment", playbook("playbooks/site.yml"))
    second_seconds, lines = measured(stages, "Second run", playbook("playbooks/site.yml"))
    ping_seconds, _none = measured(stages, "Ping", ping)
    usage = stages.run("The idle stack", idle)
    if changes(lines):
        raise StageFailed(f"the second run changed {changes(lines)} things; the figures mean nothing")
    rows = [
        ("First deployment / plain script", duration(first_seconds), duration(plain_seconds), f"{first_seconds / plain_seconds:.1f}"),
        ("Second run / ping", duration(second_seconds), f"{ping_seconds:.1f} s", f"{second_seconds / ping_seconds:.1f}"),
    ]
    print("\n".join(["", *table(("Measure", "Ours", "Theirs", "Ratio"), rows), "", *table(("Idle host", "Memory", "CPU"), usage)]))


def main():
    log_path = ROOT / "build/bench.log"  # .demo goes with the hosts
    log_path.parent.mkdir(exist_ok=True)
    stages = Stages(total=9, log_path=log_path)
    stages.say("This removes the demo's hosts and makes new ones.")
    try:
        bench(stages)
    except StageFailed as error:
        stages.say(f"\n{error}\nFull log: {stages.log_path}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
