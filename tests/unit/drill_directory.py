# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill of one fault as its directory has it, and an Airflow that tells of it: node1 loses power while its tasks run.

Every task of the drill runs on one of three nodes, which began at different moments. Those that node1 ran are tried again on node2.
"""

from __future__ import annotations

import json
import urllib.parse
import uuid

from ansible_collections.steady.airflow.plugins.module_utils._drill import work

BEGAN = 1795392000.0  # a whole minute
BLOW, BACK, WHOLE, STOPPED = BEGAN + 60, BEGAN + 120, BEGAN + 150, BEGAN + 200
ASKED = BEGAN + 300
COLLECTED = BEGAN + 400
NODES = ("node1", "node2", "node3")
CLOCKS = {"node1": {"a": BEGAN - 5000, "b": BACK}, "node2": {"c": BEGAN - 77.5}, "node3": {"d": BEGAN - 1000000}}
SHAPED = "steady_drill_2_retries"
PLAN = {
    "cluster": "three_nodes", "seed": 7, "started": BEGAN, "prefix": "drill-7", "campaign": [{"fault": "F29", "number": 1, "seed": 11}],
    "catalogue": {
        "F29": {"title": "A worker's host is lost", "layer": "airflow", "target": "worker", "hosts": 1, "kind": "power", "duration": 60,
                "bounds": {"scheduling": 110.0, "redundancy": 120.0}, "settings": {}},
        "F24": {"title": "RabbitMQ is killed", "layer": "broker", "target": "rabbitmq", "hosts": 1, "kind": "kill",
                "bounds": {"broker": 5.0, "redundancy": 60.0}, "settings": {"units": ["rabbitmq-server.service"]}},
    },
    "settings": {"patroni_ttl": 20, "api_retries": 10, "api_retry_wait": 5},
    "versions": {"airflow": "3.3.2"}, "nodes": list(NODES), "tick_began": BEGAN, "pulse_every": 1.0,
    "predicted": {"F29": {"scheduling": 102.0}},
}
FAULT = {
    "fault": "F29", "number": 1, "parts": [{"fault": "F29", "hosts": ["node1"]}], "begun": {"node1": BLOW}, "done": {"node1": BLOW + 0.5},
    "duration": 60, "problem": "", "whole": WHOLE,
    "watched": {"airflow": {"away": [[BLOW + 21, WHOLE]]}, "broker": {"away": [[BLOW + 3, BLOW + 6.5]]}, "etcd": {"away": []}},
    "fenced": {}, "machine": {"waiting": 83, "stolen": 2},
    "clocks": CLOCKS, "victims": {}, "roles": {"node1": ["postgresql_leader", "vip_holder"]},
}
LOAD = {"acknowledged": 20, "lost": [], "stopped": STOPPED, "problems": []}


class Drill:
    """What was written down where."""

    def __init__(self):
        self.lines = {node: [] for node in NODES}
        self.runs, self.instances, self.histories, self.record = [], [], {}, []
        for number, moment in enumerate((BEGAN + 10, BLOW - 10, WHOLE + 5)):
            self.run(SHAPED, "drill-7-%05d" % number, moment)
        for second in [*range(1, 60), *range(80, 200)]:
            self.run(work.PULSE, "drill-7-%05d" % second, BEGAN + second, node="node3")
        for minute in range(5):
            moment = BEGAN + minute * 60
            self.run(work.TICK, "scheduled__" + work.iso(moment), moment, node="node3", kind="scheduled")
        self.record += [{"what": "write", "number": number, "at": BEGAN + number} for number in range(200) if not 62 < number < 75]
        self.record += [{"what": "api", "asked": BEGAN + number, "ok": None if 61 < number < 70 else True, "at": BEGAN + number} for number in range(200)]

    def run(self, dag, run, moment, node=None, kind="manual"):
        self.runs.append({"dag_id": dag, "dag_run_id": run, "run_type": kind, "run_after": api(moment), "state": "success", "conf": {}})
        if kind == "manual":
            self.record.append({"what": "run", "dag": dag, "run": run, "asked": moment, "answer": "accepted", "at": moment + 0.2})
        keys = [(task["task"], index) for task in work.TASKS[dag] for index in (range(task["maps"]) if task["maps"] > 1 else (-1,))]
        for place, (task, index) in enumerate(keys):
            self.task((dag, run, task, index), moment + 0.5, node or NODES[place % 3])

    def task(self, key, moment, node):
        """One that runs for 20 seconds, and again if its node loses power meanwhile."""
        first = row(key, 1, node, moment, moment + 20)
        self.line(node, moment, "start", first)
        if node == "node1" and moment < BLOW < moment + 20:
            second = row(key, 2, "node2", BLOW + 100, BLOW + 120)
            self.histories[key] = [{name: value for name, value in dict(first, state="failed", end_date=api(BLOW + 90)).items() if name != "id"}]
            self.instances.append(second)
            self.line("node2", BLOW + 100, "start", second)
            self.line("node2", BLOW + 120, "commit", second)
        else:
            self.instances.append(first)
            self.line(node, moment + 20, "commit", first)

    def line(self, node, moment, phase, told):
        boot = "b" if node == "node1" and moment > BLOW else next(iter(CLOCKS[node]))
        self.lines[node].append({
            "t": round((moment + 0.1 - CLOCKS[node][boot]) * 10**9), "boot": boot, "node": node, "pid": told["pid"], "phase": phase,
            "dag": told["dag_id"], "run": told["dag_run_id"], "task": told["task_id"], "map": told["map_index"], "try": told["try_number"],
            "ti": told["id"]})

    def write(self, directory, **changes):
        """changes: of what the files say, by their names without an ending; null for a file that is absent."""
        told = {"plan": PLAN, "faults/0001": FAULT, "collected": {"missing": [], "load": LOAD}, **changes}
        (directory / "faults").mkdir()
        (directory / "ledgers").mkdir()
        for name, content in told.items():
            if content is not None:
                (directory / (name + ".json")).write_text(json.dumps(content))
        (directory / "load.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in self.record))
        for node, lines in self.lines.items():
            (directory / "ledgers" / node).write_text("".join("\n%s\n" % json.dumps(line) for line in lines))
        return directory


def api(moment):
    """As Airflow's API writes it."""
    return work.iso(moment).replace("+00:00", "Z")


def row(key, number, node, start, end, **changes):
    """As the list of task instances has it, but for much that nobody asks for."""
    identity = uuid.uuid5(uuid.NAMESPACE_OID, "%s %d" % (key, number))
    return dict({
        "id": str(identity), "dag_id": key[0], "dag_run_id": key[1], "task_id": key[2], "map_index": key[3], "try_number": number,
        "state": "success", "hostname": node, "pid": 1000 + identity.int % 30000, "start_date": api(start), "end_date": api(end), "max_tries": 2,
        "pool": "default_pool", "queue": "default", "operator": "Work"}, **changes)


class Airflow:
    """A session with an Airflow whose runs are those of a drill. It writes down what it was asked to pause."""

    url = "https://192.0.2.10:8080"

    def __init__(self, drill):
        self.drill, self.paused, self.asked = drill, [], []

    def ask(self, path, body=None, method=None):
        parts = [urllib.parse.unquote(part) for part in urllib.parse.urlsplit(path).path.split("/")[4:]]
        if method == "PATCH":
            self.paused.append((parts[0], body["is_paused"]))
            return 200, {"dag_id": parts[0], **body}
        self.asked.append(path)
        key = (parts[0], parts[2], parts[4], int(parts[5]) if len(parts) == 7 else -1)
        listed = [each for each in self.drill.instances if (each["dag_id"], each["dag_run_id"], each["task_id"], each["map_index"]) == key]
        present = [each for each in listed if each["state"] != "up_for_retry"]
        told = [{name: value for name, value in each.items() if name != "id"} for each in self.drill.histories[key] + present]
        return 200, {"task_instances": told, "total_entries": len(told)}

    def all_of(self, path, kind):
        told = urllib.parse.urlsplit(path)
        dag, wanted = told.path.split("/")[4], urllib.parse.parse_qs(told.query)
        found = self.drill.runs if kind == "dag_runs" else self.drill.instances
        return [each for each in found if each["dag_id"] == dag and each["state"] in wanted.get("state", [each["state"]])]
