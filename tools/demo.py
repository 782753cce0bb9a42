# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to a highly available Airflow on three hosts of this machine, and a DAG that ran on it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time

from airflow_api import Airflow, ApiError, run_dag, workers
from checkout import ROOT
from stages import StageFailed, Stages, duration, table

DEMO = ROOT / ".demo"
OVERLAY = DEMO / "inventory"
AUTHORITY = DEMO / "ca.crt"
SECRETS = OVERLAY / "group_vars/all/secrets.yml"
INVENTORY = ("-i", "inventories/three_nodes", "-i", OVERLAY)
DAG = "steady_example"
LEAST_WORKERS = 2
RECAP = re.compile(r"^\S+\s*: .*\bchanged=(\d+)")


def playbook(path, *arguments):
    environment = dict(os.environ, ANSIBLE_FORCE_COLOR="0", ANSIBLE_NOCOLOR="1")
    return lambda stages: stages.command(
        [ROOT / ".venv/bin/ansible-playbook", *INVENTORY, path, *arguments], cwd=ROOT, env=environment)


def tool(*arguments):
    return lambda stages: stages.command(arguments, cwd=ROOT)


def changes(lines):
    """How many changes the recap of a playbook counts, over all hosts."""
    return sum(int(match.group(1)) for match in map(RECAP.match, lines) if match)


def variables_of(host):
    """What the inventory says about a host, in memory only: secrets are among it."""
    command = [ROOT / ".venv/bin/ansible-inventory", *INVENTORY, "--host", host]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def authority_file(variables):
    """Who vouches for all services, as a file for browsers and other clients."""
    AUTHORITY.write_text(variables["tls_ca_certificate"], encoding="utf-8")
    return AUTHORITY


def client(variables):
    """The API as its admin sees it, by what the inventory says."""
    return Airflow(f"https://{variables['topology_vip']}:8080", variables.get("airflow_admin_username", "admin"),
                   variables["airflow_admin_password"], variables["tls_ca_certificate"])


def run_example(airflow):
    def work(stages):
        state, instances = run_dag(airflow, DAG, tell=stages.progress)
        hosts = workers(instances)
        stages.log.write(json.dumps({"state": state, "workers": hosts}) + "\n")
        if state != "success":
            raise StageFailed(f"the run of {DAG} ended as {state}")
        if len(hosts) < LEAST_WORKERS:
            raise StageFailed(f"all tasks ran on {', '.join(hosts) or 'no host'}; {LEAST_WORKERS} workers or more should have had some")
        return hosts
    return work


def look_at_tiers(stages):
    path = DEMO / "status.json"
    playbook("tools/demo-status.yml", "-e", f"status_file={path}")(stages)
    return tier_rows(json.loads(path.read_text(encoding="utf-8")))


def tier_rows(status):
    rows = []
    for tier, seen in status.items():
        members = ", ".join(member["name"] for member in seen["members"])
        health = "healthy" if seen["healthy"] else "; ".join(seen["problems"])
        rows.append((tier, members, seen.get("leader") or "-", health))
    return rows


def report(stages, airflow, changed, tasks, tiers, authority):
    lines = [
        "",
        f"Airflow   {airflow.url}   (user {airflow.credentials['username']}; the password is airflow_admin_password in {SECRETS.relative_to(ROOT)})",
        f"Browser   let it trust {authority.relative_to(ROOT)}, the demo's own authority, or accept its warning",
        f"DAG run   {DAG} succeeded: " + ", ".join(f"{count} tasks on {host}" for host, count in tasks.items()),
        f"Changes   {changed} on all hosts",
        "",
        *table(("Tier", "Members", "Leader", "Health"), tiers),
        "",
        *table(("Stage", "Time"), [(title, duration(seconds)) for title, seconds in stages.times]),
        "",
        f"Full log: {stages.log_path.relative_to(ROOT)}.   Again: make demo.   Remove everything: make demo-down.",
    ]
    print("\n".join(lines))


def demo(stages):
    stages.add("Development environment", float(os.environ.get("DEVENV_SECONDS", "0")))
    stages.run("Container engine", tool("tools/engine"))
    stages.run("Image of a bare Debian host", tool("tools/image"))
    stages.run("Three hosts", tool("tools/hosts", "up"))
    stages.run("Secrets", playbook("playbooks/secrets.yml", "-e", f"secrets_file={SECRETS}"))
    changed = changes(stages.run("Deployment", playbook("playbooks/site.yml")))
    variables = variables_of("node1")
    airflow = client(variables)
    tasks = stages.run("Example DAG through the VIP", run_example(airflow))
    tiers = stages.run("Look at every tier", look_at_tiers)
    report(stages, airflow, changed, tasks, tiers, authority_file(variables))
    return 0


def log_path():
    directory = ROOT / ".demo"
    directory.mkdir(mode=0o700, exist_ok=True)
    return directory / time.strftime("demo-%Y%m%d-%H%M%S.log")


def main():
    return Stages(total=8, log_path=log_path()).main(demo, ApiError)


if __name__ == "__main__":
    sys.exit(main())
