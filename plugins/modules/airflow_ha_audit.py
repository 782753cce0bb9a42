#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_ha_audit
short_description: What would break Airflow's high availability, by files or by what was seen of hosts
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Reads a configuration of Airflow from files on the controller, as Airflow would, and tells what would lose work at the next failure.
  - No host is asked, nothing is started, and Airflow need not be there. The playbook C(steady.airflow.audit) asks hosts first, and gives what they
    tell in O(seen).
  - What a command, a secrets backend or a variable that is not told would say is unknown, and so is each rule that asks for it.
  - No secret is returned.
attributes:
  action:
    description: Runs on the controller.
    support: full
  check_mode:
    description: Does the same in check mode, but for O(directory), which is not written.
    support: full
  diff_mode:
    description: Changes nothing.
    support: N/A
options:
  config:
    description: Path of C(airflow.cfg), relative to the playbook, or else to where the command is called; of several each is judged.
    type: list
    elements: path
    default: []
  environment:
    description:
      - Paths of files with the environment of all components, lines of C(NAME=VALUE), as for systemd, a shell or Docker Compose. A later file counts.
      - C(${NAME:-DEFAULT}) is what these files say, or the default.
    type: list
    elements: path
    default: []
  components:
    description:
      - Where components differ, further files with the environment of each.
      - "Such as C({scheduler: scheduler.env, worker: [worker.env]})."
    type: dict
    default: {}
  compose:
    description:
      - Path of a file of Docker Compose. What its services are told is read as Compose does, with the file C(.env) beside it.
      - Unless O(hosts) says otherwise, all of it is taken to run on one host. Unless O(version) says otherwise, the version is that of the image.
    type: path
  units:
    description:
      - Paths of files of systemd's units, each with what lies in C(NAME.service.d) beside it. What it says of the environment counts after O(environment).
      - Of units only it is judged how they are started, stopped and started again, unless one of them tells Airflow something.
    type: list
    elements: path
    default: []
  services:
    description:
      - "Paths of the configurations of what Airflow stands on, such as C({haproxy: haproxy.cfg, redis: redis.conf})."
      - Known are V(haproxy), V(keepalived), V(pgbouncer), V(rabbitmq), V(redis) and V(redis_sentinel).
    type: dict
    default: {}
  version:
    description: The version of Airflow that reads them. Without it no option can be judged.
    type: str
    default: ""
  hosts:
    description:
      - "What runs where, such as C({host1: [scheduler, worker, postgresql], host2: ['worker:default,reports']}), a word as often as it runs there."
      - A worker's word may name the queues that it serves; without them it serves the default one.
      - Without it nothing is said of what is on one host alone. Leave out what somebody else runs for you and keeps available.
      - The words are V(api_server), V(webserver), V(scheduler), V(dag_processor), V(triggerer), V(worker), V(flower), V(standalone),
        V(postgresql), V(patroni), V(mysql), V(mariadb), V(pgbouncer), V(rabbitmq), V(redis), V(redis_sentinel), V(etcd), V(haproxy),
        V(keepalived) and V(minio).
    type: dict
    default: {}
  seen:
    description:
      - What M(steady.airflow.audit_info) has returned of each host, by its name; of one that did not answer what Ansible registered instead.
      - If it is given, it alone is judged.
    type: dict
    default: {}
  losses:
    description: What P(steady.airflow.what_if#filter) says, to be told with the verdict.
    type: list
    elements: dict
    default: []
  name:
    description: What is audited, for the heading of the page.
    type: str
    default: Airflow
  directory:
    description: Where to write C(audit.html), C(audit.json), C(audit.sarif) and C(audit.xml) (JUnit) on the controller, not in check mode.
    type: path
  mutes:
    description: Findings that are known, each a dictionary with C(id), C(reason) and C(until), a date. After that day the finding is back.
    type: list
    elements: dict
    default: []
  fail_on:
    description: The least severity that makes the task fail.
    type: str
    choices: [error, warning, note, none]
    default: none
"""

EXAMPLES = r"""
# On the command line, without an inventory:
# ansible localhost -m steady.airflow.airflow_ha_audit -a 'config=airflow.cfg version=2.10.5'
# ansible localhost -m steady.airflow.airflow_ha_audit -a 'compose=docker-compose.yaml'

- name: Audit what a pull request changes
  steady.airflow.airflow_ha_audit:
    config: deploy/airflow.cfg
    environment: [deploy/airflow.env]
    components: {worker: deploy/worker.env}
    version: 3.3.2
    hosts: {airflow1: [api_server, scheduler, dag_processor, triggerer, worker], airflow2: [api_server, scheduler, worker]}
    fail_on: error
"""

RETURN = r"""
findings:
  description: What was found, worst first.
  returned: always
  type: list
  elements: dict
  sample:
    - id: airflow-fernet-unset
      severity: error
      tier: airflow
      member: airflow.cfg
      title: No common key for connections
      evidence: core.fernet_key is not set
      why: Without core.fernet_key each host makes its own.
      remedy: make one key for all hosts, and set core.fernet_key
      see: []
muted:
  description: The same of findings that O(mutes) names, each with C(reason) and C(until).
  returned: always
  type: list
  elements: dict
unknown:
  description: Rules that could not be judged, each with C(id), C(member) and C(reason).
  returned: always
  type: list
  elements: dict
passed:
  description: Rules that found nothing, each with C(id) and C(member).
  returned: always
  type: list
  elements: dict
failing:
  description: The C(id) of each rule that makes the task fail, by O(fail_on).
  returned: always
  type: list
  elements: str
report:
  description: All of it for people, in lines.
  returned: always
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule


OPTIONS = {  # the action plugin's, too
    "config": {"type": "list", "elements": "path", "default": []},
    "environment": {"type": "list", "elements": "path", "default": []},
    "components": {"type": "dict", "default": {}},
    "compose": {"type": "path"},
    "units": {"type": "list", "elements": "path", "default": []},
    "services": {"type": "dict", "default": {}},
    "version": {"type": "str", "default": ""},
    "hosts": {"type": "dict", "default": {}},
    "seen": {"type": "dict", "default": {}},
    "losses": {"type": "list", "elements": "dict", "default": []},
    "name": {"type": "str", "default": "Airflow"},
    "directory": {"type": "path"},
    "mutes": {"type": "list", "elements": "dict", "default": []},
    "fail_on": {"type": "str", "choices": ["error", "warning", "note", "none"], "default": "none"},
}


def main():
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.fail_json(msg="this module is its action plugin, which runs on the controller")


if __name__ == "__main__":
    main()
