# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploys to hosts as people have them, from a controller as people have it: docs/testing.md says what is hostile about them.

Usage: hostile.py    leaves the hosts for a look when it fails; tools/hosts down with STEADY_HOSTS=hostile removes them
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import yaml
from airflow_api import Airflow, ApiError, run_dag, wait_for, workers
from checkout import ROOT
from demo import changes
from engineer import HOME, Engineer, docker
from stages import StageFailed, Stages, duration, table

HERE = ROOT / ".hostile"
NAME = "steady-hostile"
ENGINEER, NODES = Engineer(f"{NAME}-controller"), ("node1", "node2", "node3")
ANSIBLE = "14"  # the newest package, with ansible-core 2.21
PATH = "/airflow"
SPECIAL = "%@:/#$'\"\\{} &=?+;,|<>`!*~"
DATA = ("/var/lib/etcd", "/var/lib/postgresql", "/var/lib/rabbitmq", "/var/lib/airflow")  # disks of their own
ENVIRONMENT = dict(
    os.environ, STEADY_HOSTS="hostile",
    STEADY_HOST_OPTIONS=" ".join(["--tmpfs /tmp:noexec --tmpfs /var/tmp:noexec --sysctl net.ipv4.ip_unprivileged_port_start=1024",
                                  *(f"--volume {path}" for path in DATA)]))
NEVER = 600 * float(os.environ.get("STEADY_PATIENCE") or 1)
DAG = "steady_example"


def tool(*arguments):
    return lambda stages: stages.command(arguments, cwd=ROOT, env=ENVIRONMENT)


def playbook(name):
    return ENGINEER.playbook(("-i", "my"), name)


def network(name):
    """The first three numbers of its addresses; one that is free where there is no such network yet."""
    script = f"source {ROOT}/tools/lib.sh; free_network {name}"
    return subprocess.run(["bash", "-euc", script], check=True, capture_output=True, text=True).stdout.strip()


def second_network_card(stages):
    """Ansible reaches one host by a network on which the others are not."""
    name, members = f"{NAME}-2", {f"{NAME}-node3": 13, ENGINEER.name: 9}
    prefix = network(name)
    if subprocess.run(["docker", "network", "inspect", name], capture_output=True, check=False).returncode:
        docker("network", "create", "--subnet", f"{prefix}.0/24", name, stdout=subprocess.DEVNULL)
    there = docker("network", "inspect", "--format", "{{range .Containers}}{{.Name}} {{end}}", name, capture_output=True).stdout.split()
    for container, number in members.items():
        if container not in there:
            docker("network", "connect", "--ip", f"{prefix}.{number}", name, container)
    stages.progress(f"node3 is reached at {prefix}.13")
    return f"{prefix}.13"


def sudo_password(_stages):
    for node in NODES:
        docker("exec", "--interactive", f"{NAME}-{node}", "chpasswd", input=f"admin:{SPECIAL}\n")


def inventory(prefix, other_address):
    return {"all": {"vars": {
        "topology_vip": f"{prefix}.10", "ansible_user": "admin", "ansible_become": True, "ansible_become_password": SPECIAL,
        "ansible_ssh_private_key_file": f"{HOME}/site/id_ed25519",
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={HOME}/site/known_hosts -o StrictHostKeyChecking=accept-new"}},
        "nodes": {"hosts": {"node1": {"ansible_host": f"{prefix}.11"}, "node2": {"ansible_host": f"{prefix}.12"},
                            "node3": {"ansible_host": other_address, "topology_address": f"{prefix}.13"}}},
        **{group: {"children": {"nodes": {}}} for group in (
            "etcd", "postgresql", "rabbitmq", "load_balancers", "airflow_api_servers", "airflow_schedulers", "airflow_dag_processors",
            "airflow_triggerers", "airflow_workers")}}


def settings():
    proxy = "http://192.0.2.1:3128"  # nobody is there
    return {
        "topology_ports": {"airflow": 443}, "airflow_base_url": f"https://portal.example.org{PATH}", "dag_sync_source": f"{HOME}/site/dags",
        "airflow_component_environment": {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "example.org",
                                          "MOTTO": f"{SPECIAL}\nof two lines"},
        "airflow_config": {
            "logging": {"log_format": "[%(asctime)s]\n%(levelname)s - %(message)s"},
            "dag_processor": {"dag_bundle_config_list": json.dumps([
                {"name": "dags-folder", "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle", "kwargs": {}}], indent=2)}},
    }


def special_secrets(variables):
    """Every secret that may be any text becomes one with all special characters; a different one each."""
    return {name: f"{name[:3]}{SPECIAL}{value[:12]}" if name.endswith(("_password", "_cookie", "_secret_key")) else value
            for name, value in variables.items()}


class Unsafe(str):
    """Written so that Ansible does not take braces in it for a template."""


yaml.SafeDumper.add_representer(Unsafe, lambda dumper, data: dumper.represent_scalar("!unsafe", str(data), style='"'))


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, width=1000), encoding="utf-8")


def site(stages, prefix, other_address):
    """What the engineer has in their directory: the inventory, the archive, the DAGs."""
    write(HERE / "my/hosts.yml", inventory(prefix, other_address))
    demo = yaml.safe_load((ROOT / "tools/demo-vars.yml").read_text(encoding="utf-8"))
    write(HERE / "my/group_vars/all/machine.yml", {name: demo[name] for name in demo if name != "dag_sync_source"})
    write(HERE / "my/group_vars/all/settings.yml", settings())
    ENGINEER.put(stages, {HERE / "my": "my", HERE / "id_ed25519": "", ROOT / "tools/hostile/hosts.yml": "", ROOT / "examples/dags": "dags"})


def secrets(stages):
    """Made by the playbook, then with every special character."""
    playbook("steady.airflow.secrets")(stages)
    directory = f"{HOME}/site/my/group_vars/all"
    made = yaml.safe_load(ENGINEER.answer("cat", f"{directory}/secrets.yml"))
    changed = {name: Unsafe(value) if isinstance(value, str) else value for name, value in special_secrets(made).items()}
    ENGINEER.answer("sh", "-c", f"cat >{directory}/secrets.yml", input=yaml.safe_dump(changed, allow_unicode=True, width=1000))
    authority = yaml.safe_load(ENGINEER.answer("cat", f"{directory}/authority.yml"))
    return changed["airflow_admin_password"], authority["tls_ca_certificate"]


def run_example(airflow):
    def work(stages):
        state, instances = run_dag(airflow, DAG, seconds=NEVER, tell=stages.progress)
        if state != "success" or len(workers(instances)) < 2:
            raise StageFailed(f"the run of {DAG} ended as {state} on {workers(instances)}")
        return workers(instances)
    return work


def well(airflow):
    """All is whole, as the API and the playbook see it, whose second run changes nothing."""
    def work(stages):
        wait_for(lambda: all(part["status"] == "healthy" for part in airflow.request("GET", "/api/v2/monitor/health").values()), NEVER)
        changed = changes(playbook("steady.airflow.site")(stages))
        if changed:
            raise StageFailed(f"a run that had nothing to do changed {changed} things; see {stages.log_path}")
    return work


def environment_of(unit):
    """What its main process was started with, by name."""
    shown = docker("exec", f"{NAME}-node1", "systemctl", "show", "--property=MainPID", "--value", unit, capture_output=True).stdout
    text = docker("exec", f"{NAME}-node1", "cat", f"/proc/{shown.strip()}/environ", capture_output=True).stdout
    return dict(entry.split("=", 1) for entry in text.split("\0") if "=" in entry)


def told(_stages):
    """Components have exactly the environment that was written for them, and call the cluster's own addresses directly."""
    wanted, found = settings()["airflow_component_environment"], environment_of("airflow-scheduler.service")
    differing = [name for name, value in wanted.items() if name != "NO_PROXY" and found.get(name) != value]
    missing = [each for each in ("localhost", "node1", "node3", "example.org") if each not in found["NO_PROXY"].split(",")]
    if differing or missing:
        raise StageFailed(f"the scheduler's environment has other values of {differing}, and its NO_PROXY lacks {missing}")


def restart(*nodes):
    return lambda stages: docker("restart", "--timeout", 120, *(f"{NAME}-{node}" for node in nodes), stdout=subprocess.DEVNULL)


def remove(stages):
    """What an earlier run left; the controller first, since a network with somebody in it cannot be removed."""
    ENGINEER.stop(stages)
    tool("tools/hosts", "down")(stages)
    subprocess.run(["docker", "network", "rm", f"{NAME}-2"], capture_output=True, check=False)  # gone is what it is to be


def hostile(stages):
    stages.run("Container engine", tool("tools/engine"))
    remove(stages)
    stages.run("Hosts", tool("tools/hosts", "up"))
    prefix = network(NAME)
    stages.run(f"A controller with Ansible {ANSIBLE}", ENGINEER.start(NAME, ANSIBLE))
    other = stages.run("A second network card", second_network_card)
    stages.run("What somebody has there", lambda stages: site(stages, prefix, other))
    stages.run("A password for sudo", sudo_password)
    stages.run("Hosts as people have them", playbook("hosts.yml"))
    password, authority = stages.run("Secrets with all special characters", secrets)
    stages.run("Deployment", playbook("steady.airflow.site"))
    airflow = Airflow(f"https://{prefix}.10{PATH}", "admin", password, authority)
    stages.run("Example DAG through the door", run_example(airflow))
    stages.run("The environment of components", told)
    stages.run("A second run", well(airflow))
    for node in NODES:
        stages.run(f"{node} restarts", restart(node))
        stages.run("All is whole again", well(airflow))
    stages.run("All restart at once", restart(*NODES))
    stages.run("All is whole again", well(airflow))
    stages.run("Example DAG through the door", run_example(airflow))
    remove(stages)
    print("\n".join(["", *table(("Stage", "Time"), [(title, duration(seconds)) for title, seconds in stages.times])]))
    return 0


def main():
    HERE.mkdir(mode=0o700, exist_ok=True)
    return Stages(total=21, log_path=ROOT / time.strftime(".molecule/hostile-%Y%m%d-%H%M%S.log")).main(hostile, ApiError, subprocess.CalledProcessError)


if __name__ == "__main__":
    sys.exit(main())
