# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the power of each of the demo's hosts in turn while DAGs run, and gives it back: was a run lost, and how long was what away?"""

from __future__ import annotations

import argparse
import collections
import json
import subprocess
import sys
import threading
import time

from airflow_api import ApiError, wait_for
from demo import DEMO, authority_file, client, playbook, variables_of
from host_loss_report import report, verdict
from load import Load
from probes import ApiDoor, Writer, longest_gap
from stages import StageFailed, Stages

MARKS = "/var/lib/airflow/load"
NODES = ("node1", "node2", "node3")
JOBS_OF_EACH_HOST = ("SchedulerJob", "TriggererJob")
UNITS = ("etcd", "patroni", "rabbitmq-server", "haproxy", "keepalived",
         *(f"airflow-{component}" for component in ("api-server", "scheduler", "dag-processor", "triggerer", "worker")))
READY_SECONDS = 300  # for each tier to be whole again, before the proof gives up


def docker(*arguments):
    """What Docker answers; the hosts are containers of this machine."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)


def on(node, *command):
    return docker("exec", f"steady-demo-{node}", *command).stdout


class Watched(Stages):
    """Remembers when each task of a playbook was done."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.task, self.done = "", {}

    def show(self, line):
        super().show(line)
        if line.startswith("TASK ["):
            self.task = line[len("TASK ["):line.rindex("]")]
        elif line.startswith(("ok: [", "changed: [")):
            self.done[self.task] = time.monotonic()


class Proof:
    def __init__(self, stages, wish):
        variables = variables_of(NODES[0])
        self.vip = variables["topology_vip"]
        self.stages, self.wish = stages, wish
        self.airflow = client(variables)
        self.load = Load(self.airflow, wish.every, "loss")
        self.door = ApiDoor(self.vip, 8080, variables["tls_ca_certificate"])
        self.writer = Writer(host=self.vip, port=5432, dbname="airflow", user=variables.get("airflow_database_user", "airflow"),
                             password=variables["airflow_database_password"], sslmode="verify-full", sslrootcert=authority_file(variables))
        self.losses = []

    def jobs(self):
        return self.airflow.request("GET", "/api/v2/jobs?order_by=-latest_heartbeat&limit=100")["jobs"]

    def start(self, stages):
        self.load.start(stages)
        for probe in (self.door, self.writer):
            probe.start()

    def whole(self, stages, ask_from, returned=None, since=""):
        """Waits until all tiers are whole; returns who leads, and when each tier was found whole."""
        leaders = DEMO / "leaders.json"
        stages.done = {}
        playbook("tools/host_loss_whole.yml", "--limit", ask_from, "-e", f"leaders_file={leaders}", "-e", f"seconds={READY_SECONDS}")(stages)
        found = {tier: moment for tier, moment in stages.done.items() if tier in ("Consensus", "PostgreSQL", "RabbitMQ", "Airflow", "Workers")}
        if returned:
            wait_for(lambda: self.has_fresh_jobs(returned, since), READY_SECONDS)
            wait_for(lambda: set(on(returned, "systemctl", "is-active", *UNITS).split()) == {"active"}, READY_SECONDS)
            found["Jobs"] = time.monotonic()
        return json.loads(leaders.read_text(encoding="utf-8")), found

    def has_fresh_jobs(self, node, since):
        fresh = {job["job_type"] for job in self.jobs() if job["hostname"] == node and job["start_date"] > since and job["state"] == "running"}
        return fresh.issuperset(JOBS_OF_EACH_HOST)

    def roles(self, node, leaders):
        """What this host leads at this moment, as the cluster says."""
        roles = [tier for tier in ("etcd", "PostgreSQL") if leaders[tier] == node]
        if self.vip in on(node, "ip", "-o", "addr"):
            roles.append("VIP")
        processor = max((job for job in self.jobs() if job["job_type"] == "DagProcessorJob"), key=lambda job: job["latest_heartbeat"])
        if processor["hostname"] == node:
            roles.append("dag-processor")
        queues = leaders["queues"].count(f"rabbit@{node}")
        return roles + ([f"{queues} of {len(leaders['queues'])} queues"] if queues else [])

    def lose(self, node):
        def work(stages):
            other = next(name for name in NODES if name != node)
            leaders = self.whole(stages, other)[0]
            roles = self.roles(node, leaders)
            stages.progress(f"{node} leads: {', '.join(roles) or 'nothing'}")
            killed = time.monotonic()
            docker("kill", f"steady-demo-{node}")
            stages.progress(f"{node} killed")
            threading.Event().wait(self.wish.down)
            back, since = time.monotonic(), time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
            docker("start", f"steady-demo-{node}")
            stages.progress(f"{node} started")
            loss = {"host": node, "roles": roles, "killed": killed, "back": back, "tiers": {}, "problem": ""}
            self.losses.append(loss)
            try:
                found = self.whole(stages, other, returned=node, since=since)[1]
                loss["tiers"] = {tier: round(moment - back, 1) for tier, moment in found.items()}
            except (StageFailed, ApiError) as error:
                loss["problem"] = str(error)
            loss["whole"] = time.monotonic()
            stages.progress(f"{'not ' if loss['problem'] else ''}whole after {loss['whole'] - back:.0f} s")
            threading.Event().wait(self.wish.every)  # what the return itself disturbs belongs to this host
        return work

    def finish(self, stages):
        self.load.finish(stages)
        for probe in (self.door, self.writer):
            probe.stop()

    def doubles(self):
        """Tasks of which two tries were alive at the same time."""
        spans = collections.defaultdict(list)
        for node in NODES:
            for line in on(node, "grep", "-r", ".", MARKS).splitlines():
                path, times = line.split(":", 1)
                run_id, task, number = path.removeprefix(MARKS + "/").split("/")
                if run_id in self.load.states:
                    start, end = map(float, times.split())
                    spans[run_id, task].append((start, end, node, number))
            on(node, "rm", "-rf", MARKS)
        found = []
        for key, tries in spans.items():
            tries.sort()
            found += [(key, earlier, later) for earlier, later in zip(tries, tries[1:]) if later[0] < earlier[1]]
        return found

    def judge(self, stages):
        end = time.monotonic()
        bounds = [loss["killed"] for loss in self.losses[1:]] + [end]
        for loss, until in zip(self.losses, bounds):
            window = (loss["killed"], min(until, loss["whole"] + self.wish.every))
            loss["api_gap"] = round(longest_gap(self.door.successes, *window), 1)
            loss["vip_gap"] = round(longest_gap(self.door.answers, *window), 1)
            loss["write_gap"] = round(longest_gap(self.writer.successes, *window), 1)
            loss["whole_after"] = round(loss["whole"] - loss["back"], 1)
        self.result = {
            "losses": self.losses, "runs": collections.Counter(self.load.states.values()), "retried": self.load.retried(),
            "refusals": self.load.traffic.refusals, "lost_writes": sorted(self.writer.lost()), "writes": len(self.writer.acknowledged),
            "twice_at_once": self.doubles(), "failed": self.load.failed(),
        }
        (DEMO / f"{self.load.traffic.prefix}.json").write_text(json.dumps(self.result, indent=1), encoding="utf-8")

    def run(self):
        stages = self.stages
        stages.run("The proof's DAG files", self.load.deploy)
        try:
            stages.run("Runs start, and go on", self.start)
            for node in self.wish.hosts:
                stages.run(f"Loss of {node}", self.lose(node))
                if self.losses[-1]["problem"]:  # a cluster that is not whole may not lose another host
                    break
            stages.run("The last runs end", self.finish)
            stages.run("Judge", self.judge)
        finally:
            stages.run("The demo's DAG files", self.load.remove)
        print("\n".join(report(self.result)))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=lambda text: text.split(","), default=list(NODES), help="which, and in which order")
    parser.add_argument("--down", type=float, default=30, help="seconds that a host is away")
    parser.add_argument("--every", type=float, default=20, help="seconds between two runs of the DAG")
    parser.add_argument("--limit", type=float, default=120, help="seconds from a host's return until all is whole")
    return parser.parse_args()


def main():
    wish = arguments()
    stages = Watched(total=len(wish.hosts) + 5, log_path=DEMO / time.strftime("host-loss-%Y%m%d-%H%M%S.log"))
    stages.say(f"Full log: {stages.log_path}")
    try:
        proof = Proof(stages, wish)
        proof.run()
    except (StageFailed, ApiError) as error:
        stages.say(f"\n{error}\nFull log: {stages.log_path}")
        return 1
    failures = verdict(proof.result, wish.limit)
    print("\n".join(["", *failures]) if failures else "\nEvery accepted run succeeded, and all was whole again in time.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
