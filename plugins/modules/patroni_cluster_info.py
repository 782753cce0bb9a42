#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: patroni_cluster_info
short_description: Tell whether a PostgreSQL cluster under Patroni is whole
version_added: 0.1.0
description:
  - Asks the REST API of Patroni on every expected member for its own state, for the cluster and for the dynamic configuration.
  - A cluster that is down or half built is an answer with RV(healthy=false), unless O(wait) is set.
extends_documentation_fragment:
  - steady.airflow.observer
options:
  port:
    description: The port of Patroni's REST API.
    type: int
    default: 8008
  max_lag:
    description: How far a member may lag behind the leader and still be healthy, in bytes.
    type: int
    default: 1048576
seealso:
  - module: steady.airflow.etcd_cluster_info
"""

EXAMPLES = r"""
- name: Look at PostgreSQL
  steady.airflow.patroni_cluster_info:
    members:
      - {name: node1, address: 192.0.2.11}
      - {name: node2, address: 192.0.2.12}
      - {name: node3, address: 192.0.2.13}
  register: postgresql

- name: Wait up to two minutes until every member streams from one leader
  steady.airflow.patroni_cluster_info:
    members: "{{ patroni_members }}"
    wait: 120
"""

RETURN = r"""
healthy:
  description:
    - Whether one leader is running and every other expected member streams from it with at most O(max_lag) bytes of lag.
    - With C(synchronous_mode) on, at least one member must also be a synchronous standby.
  type: bool
  returned: always
  sample: true
reachable:
  description: Whether at least one expected member answered.
  type: bool
  returned: always
  sample: true
leader:
  description:
    - The name of the leader as the cluster has it; null if there is none.
    - A leader that died is still named until its lease is over, but RV(healthy) is V(false) by then.
  type: str
  returned: always
  sample: node1
problems:
  description: What is wrong, one sentence each; empty if the cluster is healthy.
  type: list
  elements: str
  returned: always
  sample: ["node2: does not stream, its state is \"starting\""]
members:
  description:
    - The expected members, in the order given.
    - C(role) is Patroni's word, such as C(leader), C(sync_standby), C(quorum_standby) or C(replica), or null if it is not known.
    - C(error) says what is wrong with the member or is null.
    - C(lag) is in bytes behind the leader, null if it is not known. C(sync) tells a synchronous standby.
    - C(pending_restart) tells that changed settings wait for a restart of PostgreSQL. It does not spoil RV(healthy).
  type: list
  elements: dict
  returned: always
  sample:
    - name: node2
      address: 192.0.2.12
      healthy: true
      reachable: true
      role: quorum_standby
      error: null
      state: streaming
      timeline: 3
      lag: 0
      sync: true
      pending_restart: false
      version: 4.0.6
      postgresql_version: 170006
scope:
  description: The name of the cluster; null if nobody told.
  type: str
  returned: always
  sample: airflow
paused:
  description: Whether the cluster is in maintenance mode, in which Patroni does not fail over.
  type: bool
  returned: always
  sample: false
timeline:
  description: The timeline of the leader; null if there is none.
  type: int
  returned: always
  sample: 3
system_identifier:
  description: The number that PostgreSQL gave the cluster when it was made, as text; null if nobody told.
  type: str
  returned: always
  sample: "7710946342658008519"
dynamic_config:
  description: The configuration kept in the distributed store, as it is set there; empty if nobody told.
  type: dict
  returned: always
  sample: {ttl: 30, loop_wait: 10, synchronous_mode: quorum}
unexpected:
  description: Names of members the cluster has that are not expected. They do not spoil RV(healthy).
  type: list
  elements: str
  returned: always
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.steady.airflow.plugins.module_utils._clients import patroni
from ansible_collections.steady.airflow.plugins.module_utils._observe.patroni import judge
from ansible_collections.steady.airflow.plugins.module_utils._observer import argument_spec, run

REMEDY = "see that etcd is healthy, then read Patroni's journal (journalctl -u patroni) on the members named"


def look(observer):
    """One look at the cluster."""
    return judge(observer.members, observer.ask(patroni), observer.params["max_lag"])


def main():
    spec = argument_spec(port=8008, max_lag=dict(type="int", default=1048576))
    run(AnsibleModule(argument_spec=spec, supports_check_mode=True), "PostgreSQL", REMEDY, look)


if __name__ == "__main__":
    main()
