#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rabbitmq_cluster_info
short_description: Tell whether a RabbitMQ cluster is whole
version_added: 0.1.0
description:
  - Asks the HTTP API of RabbitMQ's management plugin on one node for the nodes and queues of the whole cluster.
  - The expected members are compared with the nodes C(rabbit@<name>); their addresses are not asked.
  - RabbitMQ renews what it tells about queues every five seconds. What it tells about nodes is up to date.
  - While a node is silently cut off from the network the others do not answer until they have noticed (C(net_ticktime)).
    That is reported as RV(healthy=false) with RV(reachable=false).
  - A cluster that is down or half built is an answer with RV(healthy=false), unless O(wait) is set.
extends_documentation_fragment:
  - steady.airflow.observer
options:
  address:
    description: The address of the node to ask. Default is the host the module runs on.
    type: str
    default: 127.0.0.1
  port:
    description: The port of the management plugin.
    type: int
    default: 15672
  username:
    description: A user with the tag C(monitoring), or one above it.
    type: str
    required: true
  password:
    description: The password of O(username).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Look at RabbitMQ, from one of its nodes
  steady.airflow.rabbitmq_cluster_info:
    members:
      - {name: node1, address: 192.0.2.11}
      - {name: node2, address: 192.0.2.12}
      - {name: node3, address: 192.0.2.13}
    username: monitor
    password: "{{ monitor_password }}"
  register: broker

- name: Wait up to a minute until every node and every quorum queue is whole
  steady.airflow.rabbitmq_cluster_info:
    members: "{{ rabbitmq_members }}"
    username: monitor
    password: "{{ monitor_password }}"
    wait: 60
"""

RETURN = r"""
healthy:
  description:
    - Whether every expected node runs, without alarms, partitions or maintenance mode.
    - Every quorum queue must also have a leader and a replica online on each of these nodes.
  type: bool
  returned: always
  sample: true
reachable:
  description: Whether the node asked told about the cluster.
  type: bool
  returned: always
  sample: true
leader:
  description: Always null, since only queues have a leader.
  type: str
  returned: always
  sample: null
problems:
  description: What is wrong, one sentence each; empty if the cluster is healthy.
  type: list
  elements: str
  returned: always
  sample: ["quorum queue default in vhost airflow is not online on rabbit@node2"]
members:
  description:
    - The expected members, in the order given.
    - C(role) is C(disc) or C(ram), or null if it is not known; C(error) says what is wrong with the member or is null.
    - C(alarms) holds C(memory) and C(disk); C(draining) tells maintenance mode.
  type: list
  elements: dict
  returned: always
  sample:
    - name: node1
      address: 192.0.2.11
      healthy: true
      reachable: true
      role: disc
      error: null
      node: rabbit@node1
      running: true
      alarms: []
      partitions: []
      draining: false
queues:
  description: All queues the user may see. C(members) and C(online) are empty for classic queues.
  type: list
  elements: dict
  returned: always
  sample:
    - name: default
      vhost: airflow
      type: quorum
      leader: rabbit@node1
      members: [rabbit@node1, rabbit@node2, rabbit@node3]
      online: [rabbit@node1, rabbit@node2, rabbit@node3]
      consumers: 3
cluster_name:
  description: The name of the cluster; null if nobody told.
  type: str
  returned: always
  sample: rabbit@node1
version:
  description: The version of RabbitMQ on the node asked; null if it did not tell.
  type: str
  returned: always
  sample: 4.0.5
unexpected:
  description: Nodes the cluster has that are not expected. They do not spoil RV(healthy).
  type: list
  elements: str
  returned: always
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.steady.airflow.plugins.module_utils._clients import rabbitmq
from ansible_collections.steady.airflow.plugins.module_utils._observe.rabbitmq import judge
from ansible_collections.steady.airflow.plugins.module_utils._observer import argument_spec, run

REMEDY = "start rabbitmq-server on the members that do not run and read its log in /var/log/rabbitmq there"


def look(observer):
    """One look at the cluster, through the one node that is asked."""
    address = observer.params["address"]
    answers = observer.ask(rabbitmq, [{"name": address, "address": address}])
    return judge(observer.members, answers[address])


def main():
    spec = argument_spec(
        port=15672,
        address=dict(type="str", default="127.0.0.1"),
        username=dict(type="str", required=True),
        password=dict(type="str", required=True, no_log=True),
    )
    run(AnsibleModule(argument_spec=spec, supports_check_mode=True), "RabbitMQ", REMEDY, look)


if __name__ == "__main__":
    main()
