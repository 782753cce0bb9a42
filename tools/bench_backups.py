# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what a backup costs those who work meanwhile, and how backup, drill and restore grow with the database.

What it filled the database with, the tables steady_bulk and steady_commits, is left there.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

import psycopg2
import yaml
from airflow_api import Airflow, host_port, wait_for
from bench_report import markdown, ratio, text
from checkout import ROOT
from stages import StageFailed, Stages
from traffic import Traffic

PAGE = ROOT / "docs/benchmarks.md"
DAG = "steady_example"
KEEPER, MEMBERS = "node3", ("node1", "node2")
DATA = "/var/lib/postgresql/17/patroni"
STATE = "/var/lib/steady-airflow-backup"
PHASE = 90  # seconds with or without backups
EVERY = 3  # seconds between two DAG runs
COMMITS = 20  # per second
CHUNK = 500_000  # rows that are written at once, some 90 MB
WAITING = 32  # segments that may wait for the archive while the database is filled
ROW = """'{"dag_id": "dag_' || n % 500 || '", "task_id": "task_' || n % 50 || '", "run_id": "scheduled__' || md5(n::text) || '"}'"""


class Cluster:
    """The hosts of the scenario, by what tools/molecule says of them."""

    def __init__(self):
        overlay = pathlib.Path(os.environ["STEADY_OVERLAY"])
        names = overlay / "group_vars/all"
        self.secrets = yaml.safe_load((names / "secrets.yml").read_text(encoding="utf-8"))
        authority = yaml.safe_load((names / "authority.yml").read_text(encoding="utf-8"))["tls_ca_certificate"]
        self.vip = f"{os.environ['STEADY_MEMBERS']}10"
        self.inventory = [word for place in (os.environ["STEADY_INVENTORY"], overlay, ROOT / ".molecule/state/inventory") for word in ("-i", place)]
        self.airflow = Airflow(f"https://{host_port(self.vip, 8080)}", "admin", self.secrets["airflow_admin_password"], authority)

    def connect(self):
        return contextlib.closing(psycopg2.connect(
            host=self.vip, port=5432, dbname="airflow", user=self.secrets["airflow_database_user"], sslmode="require", connect_timeout=3,
            password=self.secrets["airflow_database_password"]))

    def do(self, statement):
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            connection.commit()
            return cursor.fetchone()[0] if cursor.description else None


def on(host, command):
    done = subprocess.run(["docker", "exec", host, "sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise StageFailed(f"{host}: {command} ended with {done.returncode}\n{done.stdout[-2000:]}")
    return done.stdout


def seconds_of(work, *arguments):
    began = time.monotonic()
    work(*arguments)
    return time.monotonic() - began


def backup(kind):
    on(KEEPER, f"systemctl start steady-airflow-backup@{kind}")


class Writer(threading.Thread):
    """Commits rows through the door: took is [seconds], last the moment when the newest one was acknowledged."""

    def __init__(self, cluster):
        super().__init__(daemon=True)
        self.cluster, self.over, self.took, self.last = cluster, threading.Event(), [], None
        cluster.do("CREATE TABLE IF NOT EXISTS steady_commits (at timestamptz)")

    def run(self):
        while not self.over.is_set():
            with contextlib.suppress(psycopg2.Error), self.cluster.connect() as connection, connection.cursor() as cursor:
                while not self.over.wait(1 / COMMITS):
                    began = time.monotonic()
                    cursor.execute("INSERT INTO steady_commits VALUES (clock_timestamp())")
                    connection.commit()
                    self.took.append(time.monotonic() - began)
                    self.last = datetime.datetime.now(datetime.timezone.utc)

    def stop(self):
        self.over.set()
        self.join()


def phase(cluster, while_it_lasts):
    """([seconds of each commit], [seconds from when a task could run until it ran])"""
    writer, traffic = Writer(cluster), Traffic(cluster.airflow, DAG, EVERY, "bench")
    over = threading.Event()
    busy = threading.Thread(target=while_it_lasts, args=(over,))
    for thread in (writer, traffic, busy):
        thread.start()
    over.wait(PHASE)
    for ended in (traffic.stop, writer.stop, over.set, busy.join):
        ended()
    starts = []
    for run in traffic.accepted:
        wait_for(lambda run=run: cluster.airflow.state(DAG, run) == "success", 600)
        starts += [moment(task["start_date"]) - moment(task["scheduled_when"]) for task in cluster.airflow.task_instances(DAG, run)]
    return writer.took, [start.total_seconds() for start in starts]


def moment(words):
    return datetime.datetime.fromisoformat(words.replace("Z", "+00:00"))


def backups(over):
    while not over.is_set():
        backup("full")


def cost(cluster, repeats):
    def run(stages):
        found = {"without": [], "with": []}
        for _number in range(repeats):
            for name, busy in (("without", lambda over: None), ("with", backups)):
                found[name].append(phase(cluster, busy))
                stages.progress(f"{name}: {', '.join(f'{value * 1000:.0f} ms' for value in map(p95, found[name][-1]))}")
        rows = []
        for index, what in enumerate(("A commit", "From when a task could run until it ran")):
            per = {name: [p95(one[index]) for one in each] for name, each in found.items()}
            ratios = [with_it / without for without, with_it in zip(per["without"], per["with"])]
            rows.append((what, milliseconds(per["without"]), milliseconds(per["with"]),
                         f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"))
        return rows
    return run


def p95(values):
    return statistics.quantiles(values, n=20)[-1]


def milliseconds(values):
    return f"{statistics.median(values) * 1000:.0f} ms ({min(values) * 1000:.0f} to {max(values) * 1000:.0f})"


def fill(cluster, gigabytes):
    """Until the database is so large; the archive keeps up with it."""
    def run(stages):
        cluster.do("CREATE TABLE IF NOT EXISTS steady_bulk (n bigint, row text)")
        while (size := cluster.do("SELECT pg_database_size('airflow')")) < gigabytes * 1e9:
            cluster.do(f"INSERT INTO steady_bulk SELECT n, {ROW} FROM generate_series(1, {CHUNK}) n")
            stages.passing(f"{size / 1e9:.1f} GB")
            while sum(int(on(host, f"ls {DATA}/pg_wal/archive_status | grep -c ready || true")) for host in MEMBERS) > WAITING:
                time.sleep(1)  # the interval of the poll
        cluster.do("ANALYZE steady_bulk")
    return run


def grow(cluster, gigabytes):
    """(heading, what was measured) of each row for a database of this size."""
    def run(stages):
        found = {"full backup": seconds_of(backup, "full")}
        cluster.do(f"INSERT INTO steady_bulk SELECT n, {ROW} FROM generate_series(1, {CHUNK}) n")
        found["backup of what has changed, some 90 MB"] = seconds_of(backup, "incr")
        found["restore drill"] = seconds_of(on, KEEPER, "systemctl start steady-airflow-restore-drill")
        proof = json.loads(on(KEEPER, f"cat {STATE}/restore_drill.json"))
        found.update(parts(proof["seconds"]))
        stages.progress(", ".join(f"{name} {value:.0f} s" for name, value in found.items()))
        found.update(disaster(cluster, stages))
        stages.progress(", ".join(f"{name} {value:.0f} s" for name, value in found.items()))
        return found
    return run


def parts(took, where=""):
    return {f"- of these to {name}{where}": took[name] for name in ("restore", "replay", "read") if name in took}


def disaster(cluster, stages):
    """All members of the database lose their data under load, and the cluster comes out of the backups."""
    writer = Writer(cluster)
    writer.start()
    threading.Event().wait(90)  # what is archived once a minute is so in the middle of it
    for host in MEMBERS:
        on(host, "systemctl kill --signal=KILL patroni; systemctl stop patroni")
    writer.stop()
    for host in MEMBERS:
        on(host, f"rm -rf {DATA}")
    environment = dict(os.environ, ANSIBLE_CONFIG=str(ROOT / "ansible.cfg"), ANSIBLE_FORCE_COLOR="0", ANSIBLE_NOCOLOR="1")
    words = json.dumps({"backup_restore_confirm": "airflow", "backup_restore_reports": str(ROOT / ".molecule")})
    began = time.monotonic()
    stages.command([ROOT / ".venv/bin/ansible-playbook", *cluster.inventory, "playbooks/restore.yml", "-e", words], cwd=ROOT, env=environment)
    took = time.monotonic() - began
    report = json.loads(max((ROOT / ".molecule").glob("restore-*.json")).read_text(encoding="utf-8"))["restored"]
    newest = cluster.do("SELECT max(at) FROM steady_commits")
    return {"restore of the whole cluster, from the command to Airflow at work": took,
            **parts(report["seconds"], ", on one member"),
            "commits that were lost: those of the last": (writer.last - newest).total_seconds()}


def seconds(value):
    return f"{value:.0f} s"


def growth(sizes, found):
    """A row for what was measured, a column for each size, and how many times as long the largest takes as the smallest."""
    smallest, largest = found[sizes[0]], found[sizes[-1]]
    return [(name, *(seconds(found[size][name]) for size in sizes), ratio(largest[name], max(smallest[name], 0.1))) for name in smallest]


def measure(stages, wish):
    cluster, found = Cluster(), {}
    stages.run("Airflow is there", lambda stages: wait_for(lambda: cluster.airflow.login() or not cluster.airflow.unpause(DAG)["is_stale"], 300))
    for size in wish.sizes:
        stages.run(f"A database of {size} GB", fill(cluster, size))
        if size == wish.sizes[0] and wish.repeats:
            costs = stages.run(f"Commits and task starts, {PHASE} s without and with backups in turn", cost(cluster, wish.repeats))
        found[size] = stages.run("Backup, drill, disaster, restore", grow(cluster, size))
    sections = [("What backups cost those who work meanwhile", ("95th percentile", "without", "while full ones are made", "ratio"), costs)] * bool(wish.repeats)
    sections.append(("Backups as the database grows", ("", *(f"{size:g} GB" for size in wish.sizes), "ratio"), growth(wish.sizes, found)))
    print(text(sections))
    if wish.write:
        PAGE.write_text(markdown(sections, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=lambda words: [float(word) for word in words.split(",")], default=[1.0, 10.0], help="of the database, in GB")
    parser.add_argument("--repeats", type=int, default=3, help="of the phases without and with backups; 0 for none")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/benchmarks.md")
    wish = parser.parse_args()
    stages = Stages(1 + 2 * len(wish.sizes) + bool(wish.repeats), ROOT / ".molecule/bench_backups.log")
    return stages.main(lambda stages: measure(stages, wish), OSError, psycopg2.Error)


if __name__ == "__main__":
    sys.exit(main())
