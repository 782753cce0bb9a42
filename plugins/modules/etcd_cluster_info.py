#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: etcd_cluster_info
short_description: Tell whether an etcd cluster is whole
version_added: 0.1.0
description:
  - Asks every expected member of an etcd cluster for its status, its member list, its health and its alarms, over HTTP.
  - A cluster that is down or half built is an answer with RV(healthy=false), unless O(wait) is set.
extends_documentation_fragment:
  - steady.airflow.observer
options:
  port:
    description: The port of the members' client interface.
    type: int
    default: 2379
seealso:
  - module: steady.airflow.patroni_cluster_info
"""

EXAMPLES = r"""
- name: Look at etcd
  steady.airflow.etcd_cluster_info:
    members:
      - {name: node1, address: 192.0.2.11}
      - {name: node2, address: 192.0.2.12}
      - {name: node3, address: 192.0.2.13}
  register: etcd

- name: Wait up to a minute until every member is back
  steady.airflow.etcd_cluster_info:
    members: "{{ etcd_members }}"
    wait: 60
"""

RETURN = r"""
healthy:
  description: Whether every expected member is a started voting member, well and without alarms, and they follow one leader.
  type: bool
  returned: always
  sample: true
reachable:
  description: Whether at least one expected member answered.
  type: bool
  returned: always
  sample: true
leader:
  description: The name of the leader; null if there is none.
  type: str
  returned: always
  sample: node1
problems:
  description: What is wrong, one sentence each; empty if the cluster is healthy.
  type: list
  elements: str
  returned: always
  sample: ["node2: does not answer (no answer from http://192.0.2.12:2379/v3/maintenance/status: Connection refused)"]
members:
  description:
    - The expected members, in the order given.
    - C(role) is C(leader), C(follower), C(learner) or null; C(error) says what is wrong with the member or is null.
    - C(id) is the member's id in hexadecimal digits, as C(etcdctl) prints it; C(alarms) are names such as C(NOSPACE).
  type: list
  elements: dict
  returned: always
  sample:
    - name: node1
      address: 192.0.2.11
      healthy: true
      reachable: true
      role: leader
      error: null
      id: 8e9e05c52164694d
      peer_urls: ["http://192.0.2.11:2380"]
      learner: false
      started: true
      version: 3.5.16
      alarms: []
known_members:
  description:
    - The member list of the cluster itself, whether those members are expected or not.
    - A member that was added but has never started has an empty C(name) and C(started) is V(false).
  type: list
  elements: dict
  returned: always
  sample:
    - id: 8e9e05c52164694d
      name: node1
      peer_urls: ["http://192.0.2.11:2380"]
      client_urls: ["http://192.0.2.11:2379"]
      learner: false
      started: true
unexpected:
  description: Names (or ids, if they never started) of known members that are not expected. They do not spoil RV(healthy).
  type: list
  elements: str
  returned: always
  sample: []
cluster_id:
  description: The id of the cluster in hexadecimal digits; null if nobody told.
  type: str
  returned: always
  sample: 1c45a069f3a1d796
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.steady.airflow.plugins.module_utils._clients import etcd
from ansible_collections.steady.airflow.plugins.module_utils._observe.etcd import judge
from ansible_collections.steady.airflow.plugins.module_utils._observer import argument_spec, run

REMEDY = "start etcd on the members that do not answer and read its journal (journalctl -u etcd) there"


def look(observer):
    """One look at the cluster."""
    return judge(observer.members, observer.ask(etcd))


def main():
    module = AnsibleModule(argument_spec=argument_spec(port=2379), supports_check_mode=True)
    run(module, "etcd", REMEDY, look)


if __name__ == "__main__":
    main()
