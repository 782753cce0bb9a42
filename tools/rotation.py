# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaces every secret, key and certificate of the demo while DAGs run: did a task notice, and is the old one worth nothing?"""

from __future__ import annotations

import argparse
import collections
import pathlib
import sys
import time

import yaml
from airflow_api import ApiError
from demo import DEMO, SECRETS, authority_file, client, playbook, variables_of
from load import SOURCE, Load
from rotation_checks import keep_a_secret, served, worthless
from stages import Stages, table
from traffic import ApiDoor

NEW = DEMO / "rotation"
# of .demo/inventory/group_vars/all
FILES = ("secrets.yml", "authority.yml", "authority_key.yml")
# One value each, which takes effect with one run. The admin's password is the one with which the proof itself logs in.
AT_ONCE = ("patroni_superuser_password", "patroni_replication_password", "patroni_rewind_password", "patroni_rest_password",
           "airflow_database_password", "rabbitmq_airflow_password", "rabbitmq_operator_password", "airflow_api_secret_key")
LONGEST_GAP = 15  # seconds in which the API may be away, at most: a load balancer's restart moves the VIP


def second(user):
    """The name of the account that takes this one's place."""
    return "airflow" if user != "airflow" else "airflow_2"


def first_step(old, new):
    """New accounts. New keys and the new authority are trusted beside the old ones."""
    return {
        **{name: new[name] for name in AT_ONCE},
        "airflow_database_user": second(old["airflow_database_user"]), "airflow_broker_user": second(old["airflow_broker_user"]),
        "airflow_jwt_keys": old["airflow_jwt_keys"] + new["airflow_jwt_keys"],
        "airflow_fernet_key": f"{old['airflow_fernet_key']},{new['airflow_fernet_key']}",
        "tls_ca_certificate": old["tls_ca_certificate"] + new["tls_ca_certificate"],
    }


def second_step(old, new):
    """New keys sign and encrypt, and the new authority signs; the old ones are still trusted."""
    return {
        "airflow_jwt_keys": new["airflow_jwt_keys"] + old["airflow_jwt_keys"],
        "airflow_fernet_key": f"{new['airflow_fernet_key']},{old['airflow_fernet_key']}",
        "tls_ca_key": new["tls_ca_key"],
    }


def last_step(old, new):
    """The old ones are let go."""
    return {name: new[name] for name in ("airflow_jwt_keys", "airflow_fernet_key", "tls_ca_certificate")}


def read(directory):
    return {path: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (directory / name for name in FILES)}


def values(files):
    return {name: value for content in files.values() for name, value in content.items()}


def write(changes):
    """Puts new values into the demo's inventory, where each variable is already."""
    for path, content in read(pathlib.Path(SECRETS).parent).items():
        mine = {name: changes[name] for name in content if name in changes}
        if mine:
            path.write_text(yaml.safe_dump({**content, **mine}, sort_keys=False), encoding="utf-8")  # an existing file keeps its mode


class Proof:
    def __init__(self, stages, wish):
        self.stages, self.wish = stages, wish
        self.steps = []

    def prepare(self, stages):
        """A second set of everything, and the load's client, which trusts both authorities."""
        for name in FILES:
            (NEW / name).unlink(missing_ok=True)
        playbook("playbooks/secrets.yml", "-e", f"secrets_file={NEW}/secrets.yml")(stages)
        self.old, self.new = values(read(pathlib.Path(SECRETS).parent)), values(read(NEW))
        variables = variables_of("node1")
        both = {**variables, "tls_ca_certificate": variables["tls_ca_certificate"] + self.new["tls_ca_certificate"]}
        self.load = Load(client(both), self.wish.every, "rotation")
        self.door = ApiDoor(variables["topology_vip"], 8080, both["tls_ca_certificate"])
        self.before = served(variables)
        self.load.deploy(stages)

    def start(self, stages):
        self.load.start(stages)
        keep_a_secret(self.load.airflow)
        self.door.start()

    def step(self, change, path="playbooks/site.yml"):
        def work(stages):
            begin = time.time()
            write(change(self.old, self.new))
            playbook(path, *SOURCE)(stages)
            self.steps.append((change.__doc__, begin, time.time()))
        return work

    def finish(self, stages):
        self.load.finish(stages)
        self.door.stop()

    def judge(self, stages):
        variables = variables_of("node1")
        authority_file(variables)
        after = served(variables)  # trusts the new authority alone
        self.retried, failed = self.load.retried(), self.load.failed()
        self.away = {text: self.door.longest_gap(begin, end) for text, begin, end in self.steps}
        same = [door for door, serial in after.items() if self.before[door] == serial]
        checks = [
            (self.load.traffic.others, "these runs were refused, or nobody answered until the end"),
            ([hand.problem for hand in (self.load.traffic, self.door) if hand.problem], "who was to see it failed"),
            (failed, "these runs were accepted and did not succeed"),
            ([f"{one['run']} {one['task']}" for one in self.retried], "these tasks needed more than one try"),
            (same, "these doors still show the certificate that they showed before"),
            (worthless(self.old, variables), "these old secrets are still good"),
            ([text for text, gap in self.away.items() if gap > LONGEST_GAP], f"the API was away for more than {LONGEST_GAP} s in these steps"),
        ]
        self.doors = len(after)
        self.failures = [f"{text}: {', '.join(found)}" for found, text in checks if found]

    def report(self):
        runs = ", ".join(f"{count} {state}" for state, count in collections.Counter(self.load.states.values()).items())
        return ["", *table(("Step", "Seconds", "API away"), [(text, round(end - begin), f"{self.away[text]:.1f} s") for text, begin, end in self.steps]), "",
                f"Runs      {runs}",
                f"Retried   {len(self.retried)} tasks needed more than one try: {self.retried or 'none'}",
                f"Doors     {self.doors} doors show certificates, all looked at with the new authority alone"]

    def run(self):
        stages = self.stages
        stages.run("A second set of secrets, and the proof's DAG files", self.prepare)
        try:
            stages.run("Runs start, and go on", self.start)
            stages.run("Beside the old", self.step(first_step))
            stages.run("Before the old", self.step(second_step))
            stages.run("Encrypt anew", self.step(encrypt_anew, "playbooks/rotate_fernet_key.yml"))
            stages.run("Without the old", self.step(last_step))
            stages.run("The last runs end", self.finish)
            stages.run("Judge", self.judge)
        finally:
            stages.run("The demo's DAG files", self.load.remove)
        print("\n".join(self.report()))


def encrypt_anew(old, new):
    """What Airflow keeps is encrypted with the new key."""
    return {}


def prove(proof):
    proof.run()
    print("\n".join(["", *proof.failures]) if proof.failures else "\nNo task noticed, every door shows a new certificate, and no old secret is good.")
    return 1 if proof.failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=float, default=20, help="seconds between two runs of the DAG")
    wish = parser.parse_args()
    stages = Stages(total=9, log_path=DEMO / time.strftime("rotation-%Y%m%d-%H%M%S.log"))
    return stages.main(lambda stages: prove(Proof(stages, wish)), ApiError)


if __name__ == "__main__":
    sys.exit(main())
