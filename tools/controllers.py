# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs site.yml on the demo's hosts from each controller that meta/runtime.yml promises, which changes nothing there.

Usage: controllers.py    needs a demo that is up to date (make demo)
"""

from __future__ import annotations

import subprocess
import sys
import time

from demo import DEMO, ROOT, changes
from engineer import HOME, Engineer
from stages import StageFailed, Stages, duration, table

NETWORK = "steady-demo"
# package "ansible", and the system that brings the Python
CONTROLLERS = (("12", "trixie"), ("13", "trixie"), ("14", "trixie"), ("14", "forky"))
SITE = f"{HOME}/site"
INVENTORY = ("-i", "three_nodes", "-i", "demo")


def versions(engineer):
    """Such as "ansible-core 2.21.5 on Python 3.13.5"."""
    words = engineer.answer("venv/bin/python", "-c", "import ansible.release, platform; print(ansible.release.__version__, platform.python_version())")
    return "ansible-core {} on Python {}".format(*words.split())


def site(engineer):
    def work(stages):
        engineer.put(stages, {ROOT / "inventories/three_nodes": "three_nodes", DEMO / "inventory": "demo", ROOT / "examples/dags": "dags",
                              DEMO / "id_ed25519": "", DEMO / "known_hosts": ""})
        done = engineer.playbook(
            INVENTORY, "steady.airflow.site", "-e", f"dag_sync_source={SITE}/dags", "-e", f"ansible_ssh_private_key_file={SITE}/id_ed25519",
            "-e", f"ansible_ssh_common_args='-o UserKnownHostsFile={SITE}/known_hosts -o StrictHostKeyChecking=yes'")(stages)
        if changes(done):
            raise StageFailed(f"{versions(engineer)} changed {changes(done)} things on hosts that were as they should be")
        return versions(engineer)
    return work


def try_all(stages):
    tried = []
    for ansible, suite in CONTROLLERS:
        engineer = Engineer(f"{NETWORK}-controller")
        try:
            stages.run(f"Ansible {ansible} on Debian {suite}", engineer.start(NETWORK, ansible, suite))
            tried.append(stages.run("A run that changes nothing", site(engineer)))
        finally:
            engineer.stop(stages)
    print("\n".join(["", *table(("Controller", "Time"), zip(tried, [duration(seconds) for _title, seconds in stages.times[1::2]]))]))
    return 0


def main():
    log = DEMO / time.strftime("controllers-%Y%m%d-%H%M%S.log")
    return Stages(total=2 * len(CONTROLLERS), log_path=log).main(try_all, subprocess.CalledProcessError)


if __name__ == "__main__":
    sys.exit(main())
