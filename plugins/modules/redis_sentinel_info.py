#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: redis_sentinel_info
short_description: Tell whether Redis and its Sentinels are whole
version_added: 0.1.0
description:
  - Asks Redis and Sentinel on every expected member about themselves and about each other, over the protocol of Redis.
  - The addresses of the members must be those by which Redis and the Sentinels know each other (C(replica-announce-ip), C(sentinel announce-ip)).
  - A Redis that is down or half built is an answer with RV(healthy=false), unless O(wait) is set.
requirements:
  - redis 4.3 or later (redis-py; the package C(python3-redis) of Debian and Ubuntu), on the host the module runs on
extends_documentation_fragment:
  - steady.airflow.observer
options:
  port:
    description: The port of Redis.
    type: int
    default: 6379
  sentinel_port:
    description: The port of Sentinel.
    type: int
    default: 26379
  master_name:
    description: The name under which the Sentinels watch the master.
    type: str
    default: airflow
  username:
    description:
      - A user of Redis and of Sentinel. In Redis it needs the command C(INFO), and C(CONFIG GET) to tell RV(min_replicas).
      - In Sentinel it needs C(INFO) and of C(SENTINEL) the subcommands C(MASTER), C(CKQUORUM), C(SENTINELS) and C(REPLICAS).
    type: str
    default: operator
  password:
    description: The password of O(username), the same in Redis and Sentinel.
    type: str
    required: true
  use_tls:
    description:
      - Ask over TLS, which hides O(password) on its way. The certificate of the other side is always verified, and that it is for its address.
    type: bool
    default: true
  ca_path:
    description:
      - File or directory of certificate authorities in PEM format to verify with. Those of the system are accepted, too.
    type: path
    aliases: [ca_file]
seealso:
  - module: steady.airflow.rabbitmq_cluster_info
"""

EXAMPLES = r"""
- name: Look at Redis
  steady.airflow.redis_sentinel_info:
    members:
      - {name: node1, address: 192.0.2.11}
      - {name: node2, address: 192.0.2.12}
      - {name: node3, address: 192.0.2.13}
    password: "{{ operator_password }}"
    ca_path: /etc/ssl/certs/our-authority.pem
  register: broker

- name: Wait up to a minute until one master, its replicas and all Sentinels are whole
  steady.airflow.redis_sentinel_info:
    members: "{{ redis_members }}"
    password: "{{ operator_password }}"
    ca_path: /etc/ssl/certs/our-authority.pem
    wait: 60
"""

RETURN = r"""
healthy:
  description:
    - Whether Redis and Sentinel of every expected member answer, all Sentinels have the same master and it says that it is, as the only one.
    - Every other member must be a replica of it with a link that is up, and nobody may have trouble with memory or disk.
    - The Sentinels must know exactly the expected members, take none of them for down, and see a quorum.
  type: bool
  returned: always
  sample: true
reachable:
  description: Whether Redis of at least one expected member told about itself.
  type: bool
  returned: always
  sample: true
leader:
  description:
    - The name of the master, as more than half of all expected Sentinels have it; null if they do not agree, too few tell or it is no expected member.
    - A master that died is still named until the Sentinels have replaced it, but RV(healthy) is V(false) by then.
  type: str
  returned: always
  sample: node1
problems:
  description: What is wrong, one sentence each; empty if all is healthy.
  type: list
  elements: str
  returned: always
  sample: ["node2: Redis cannot be asked (no answer from 192.0.2.12:6379: Connection refused)"]
members:
  description:
    - The expected members, in the order given. C(reachable) is about Redis; C(error) says what is wrong with the member or is null.
    - C(role) is C(master) or C(replica) by the word of Redis itself, or null. C(append_only) tells whether it writes an append-only file.
    - Of a replica, C(master) is the member it follows, or its address and port if it is none; C(link) is C(up) or C(down). Both are null otherwise.
    - C(syncing) tells that its master still fills it, C(loading) that it reads its data from the disk.
    - C(lag) is in bytes behind the master, null if it is not known. It does not spoil RV(healthy). C(used_memory) and C(maxmemory) are in bytes.
    - C(sentinel) is what Sentinel on the member tells. C(master), C(sentinels) and C(replicas) are whom it knows, without itself, by member's name, or
      by address and port if it is none; C(problems) are its own, and are in C(error), too.
  type: list
  elements: dict
  returned: always
  sample:
    - name: node2
      address: 192.0.2.12
      healthy: true
      reachable: true
      role: replica
      error: null
      sentinel:
        reachable: true
        master: node1
        sentinels: [node1, node3]
        replicas: [node2, node3]
        problems: []
      version: 7.0.15
      master: node1
      link: up
      syncing: false
      lag: 0
      loading: false
      append_only: true
      used_memory: 2108864
      maxmemory: 2147483648
quorum:
  description: Whether the Sentinels that answer can elect a new master.
  type: bool
  returned: always
  sample: true
disagreement:
  description: Whether the Sentinels that answer have different masters.
  type: bool
  returned: always
  sample: false
good_replicas:
  description: How many replicas the master counts as good; null if it does not tell, as it does without C(min-replicas-to-write).
  type: int
  returned: always
  sample: 2
min_replicas:
  description: How many good replicas the master needs to accept writes (C(min-replicas-to-write)); null if it does not tell.
  type: int
  returned: always
  sample: 1
version:
  description: The version of Redis on the master, or else on the first member that told; null if nobody told.
  type: str
  returned: always
  sample: 7.0.15
unexpected:
  description: Addresses and ports that the Sentinels have as masters, replicas or Sentinels and that are no expected members. They spoil RV(healthy).
  type: list
  elements: str
  returned: always
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.steady.airflow.plugins.module_utils._clients import redis_sentinel
from ansible_collections.steady.airflow.plugins.module_utils._observe.redis_sentinel import judge
from ansible_collections.steady.airflow.plugins.module_utils._observer import argument_spec, run

REMEDY = "start redis-server and redis-sentinel on the members that cannot be asked and read their journals there"


def look(observer):
    """One look at every Redis and every Sentinel, at the same time."""
    servers, sentinels = redis_sentinel.ask_all(observer.members, observer.params)
    return judge(observer.members, servers, sentinels, redis_sentinel.ports(observer.params))


def main():
    spec = argument_spec(
        port=6379,
        sentinel_port=dict(type="int", default=26379),
        master_name=dict(type="str", default="airflow"),
        username=dict(type="str", default="operator"),
        password=dict(type="str", required=True, no_log=True),
        use_tls=dict(type="bool", default=True),
        ca_path=dict(type="path", aliases=["ca_file"]),
    )
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
    if redis_sentinel.MISSING:
        module.fail_json(msg=missing_required_lib("redis, of the package python3-redis"), exception=redis_sentinel.MISSING)
    run(module, "Redis", REMEDY, look)


if __name__ == "__main__":
    main()
