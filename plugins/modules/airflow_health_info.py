#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_health_info
short_description: Tell whether Airflow is whole
version_added: 0.1.0
description:
  - Asks every api-server for its version, for the health of all components and by the path that tasks take, and every scheduler for its own health.
  - The api-server answers with status 200 whatever the health is, so what counts is the body.
  - The api-server reports the best one of each kind of component, whatever host it runs on. Use O(schedulers) to learn about each.
  - An installation that is down or half built is an answer with RV(healthy=false), unless O(wait) is set.
extends_documentation_fragment:
  - steady.airflow.observer
options:
  port:
    description: The port of the api-servers, which are the O(members).
    type: int
    default: 8080
  path:
    description: Path below which the api-servers are, that of C([api] base_url) without a slash at its end.
    type: str
    default: ""
  components:
    description:
      - What must be healthy in the eyes of every api-server.
      - V(execution_api) is that server's own way in for tasks. Leave it out where others serve tasks (C(airflow api-server --apps)).
    type: list
    elements: str
    default: [scheduler, triggerer, dag_processor, metadatabase, execution_api]
  schedulers:
    description:
      - Hosts whose scheduler's own health server is asked, each a dictionary with the keys C(name) and C(address).
      - The scheduler only serves it if C([scheduler] enable_health_check) is on.
    type: list
    elements: dict
    default: []
  scheduler_port:
    description: The port of the schedulers' health server. It is always asked over plain HTTP.
    type: int
    default: 8974
"""

EXAMPLES = r"""
- name: Look at Airflow
  steady.airflow.airflow_health_info:
    members:
      - {name: node1, address: 192.0.2.11}
      - {name: node2, address: 192.0.2.12}
  register: airflow

- name: Wait up to a minute until one api-server and its database are well, whatever the others do
  steady.airflow.airflow_health_info:
    members:
      - {name: node1, address: 192.0.2.11}
    components: [metadatabase]
    wait: 60

- name: Wait until every scheduler is well, too
  steady.airflow.airflow_health_info:
    members: "{{ topology_tiers['api_server'] }}"
    schedulers: "{{ topology_tiers['scheduler'] }}"
    wait: 120
"""

RETURN = r"""
healthy:
  description: Whether every api-server answers and reports all O(components) as healthy, and every scheduler asked is alive.
  type: bool
  returned: always
  sample: true
reachable:
  description: Whether at least one api-server answered.
  type: bool
  returned: always
  sample: true
leader:
  description: Always null, since Airflow has no leader.
  type: str
  returned: always
  sample: null
problems:
  description: What is wrong, one sentence each; empty if Airflow is healthy.
  type: list
  elements: str
  returned: always
  sample: ["node1: reports triggerer as unhealthy"]
members:
  description:
    - The api-servers, in the order given. C(role) is always null; C(error) says what is wrong with the member or is null.
    - C(components) is what this api-server reports, as in RV(components).
  type: list
  elements: dict
  returned: always
  sample:
    - name: node1
      address: 192.0.2.11
      healthy: true
      reachable: true
      role: null
      error: null
      version: 3.3.2
      components: {metadatabase: {status: healthy, healthy: true, latest_heartbeat: null}}
components:
  description: The components as told by the api-server that sees most of them healthy; empty if none told.
  type: dict
  returned: always
  sample:
    scheduler: {status: healthy, healthy: true, latest_heartbeat: "2026-01-31T12:00:00.000000+00:00"}
    metadatabase: {status: healthy, healthy: true, latest_heartbeat: null}
    execution_api: {status: healthy, healthy: true, latest_heartbeat: null}
schedulers:
  description: The schedulers asked, in the order given, with the keys C(name), C(address), C(healthy), C(reachable), C(role), C(error).
  type: list
  elements: dict
  returned: always
  sample: [{name: node1, address: 192.0.2.11, healthy: true, reachable: true, role: null, error: null}]
versions:
  description: The versions of Airflow the api-servers run; more than one while it is being upgraded.
  type: list
  elements: str
  returned: always
  sample: [3.3.2]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.steady.airflow.plugins.module_utils._clients.airflow import ApiServer, Scheduler
from ansible_collections.steady.airflow.plugins.module_utils._observe.airflow import judge
from ansible_collections.steady.airflow.plugins.module_utils._observer import argument_spec, checked_members, run

COMPONENTS = ["scheduler", "triggerer", "dag_processor", "metadatabase", "execution_api"]
REMEDY = "read the journal of the component named (journalctl -u 'airflow-*') and see that the database is healthy"


def look(observer):
    """One look at api-servers and schedulers."""
    params = observer.params
    schedulers = checked_members(params["schedulers"], "schedulers", may_be_empty=True)
    answers = observer.ask(ApiServer, path=params["path"])
    scheduler_answers = observer.ask(Scheduler, schedulers, params["scheduler_port"], use_tls=False)
    return judge(observer.members, answers, params["components"], schedulers, scheduler_answers)


def main():
    spec = argument_spec(
        port=8080,
        path=dict(type="str", default=""),
        components=dict(type="list", elements="str", default=COMPONENTS),
        schedulers=dict(type="list", elements="dict", default=[]),
        scheduler_port=dict(type="int", default=8974),
    )
    run(AnsibleModule(argument_spec=spec, supports_check_mode=True), "Airflow", REMEDY, look)


if __name__ == "__main__":
    main()
