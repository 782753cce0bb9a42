#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: etcd_member
short_description: Announce an etcd member that has no data to the running cluster
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Runs on a member before its first start. When the other members form a cluster already, this one cannot take part
    in founding it. It is added to their member list, and an environment file tells etcd to join.
  - A member whose data was lost is listed with an identity that nobody has any more. That entry is replaced.
  - Nothing is done for a member that has its data, or when no other member runs a cluster.
extends_documentation_fragment: steady.airflow.without_diff
options:
  name:
    description: Name of this member.
    type: str
    required: true
  address:
    description: Address of this member.
    type: str
    required: true
  members:
    description: All members, each with C(name) and C(address).
    type: list
    elements: dict
    required: true
  port:
    description: Port for clients.
    type: int
    default: 2379
  peer_port:
    description: Port between members.
    type: int
    default: 2380
  data_dir:
    description: Data directory of this member.
    type: path
    required: true
  environment_file:
    description: File to write the settings into with which etcd joins. Its directory should be forgotten by a reboot.
    type: path
    required: true
  timeout:
    description: Seconds that one request may take.
    type: float
    default: 5
  use_tls:
    description: Ask over TLS.
    type: bool
    default: false
  ca_path:
    description: Certificate authority of the members.
    type: path
  client_cert:
    description: Client certificate.
    type: path
  client_key:
    description: Key of the client certificate.
    type: path
"""

EXAMPLES = r"""
- name: Announce this member
  steady.airflow.etcd_member:
    name: node1
    address: 192.0.2.11
    members: "{{ etcd_members }}"
    data_dir: /var/lib/etcd/default
    environment_file: /run/steady-etcd-join.env
"""

RETURN = r"""
action:
  description: What was done, V(none), V(added) or V(replaced).
  type: str
  returned: always
  sample: replaced
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, base_url, opener_for, tls_options
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._etcd_join import environment, join


def main():
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "address": {"type": "str", "required": True},
            "members": {"type": "list", "elements": "dict", "required": True},
            "port": {"type": "int", "default": 2379},
            "peer_port": {"type": "int", "default": 2380},
            "data_dir": {"type": "path", "required": True},
            "environment_file": {"type": "path", "required": True},
            "timeout": {"type": "float", "default": 5},
            **tls_options(),
        },
        supports_check_mode=True,
    )
    wish = module.params
    if os.path.isdir(os.path.join(wish["data_dir"], "member")):
        module.exit_json(changed=False, action="none")
    http = HttpClient(opener_for(wish), wish["timeout"])
    others = [
        base_url(one["address"], wish["port"], wish["use_tls"]) for one in wish["members"] if one["name"] != wish["name"]
    ]
    peer_url = base_url(wish["address"], wish["peer_port"], wish["use_tls"])
    try:
        action, listed = join(http.ask_well, others, peer_url, module.check_mode)
    except SteadyError as error:
        module.fail_json(
            msg="etcd member %s cannot join the running cluster: %s. The cluster takes a member only while a majority "
            "of its members is up: bring them up and run again." % (wish["name"], error)
        )
    if action != "none" and not module.check_mode:
        with open(wish["environment_file"], "w", encoding="utf-8") as out:
            out.write(environment(listed, wish["name"], peer_url))
    module.exit_json(changed=action in ("added", "replaced"), action=action)


if __name__ == "__main__":
    main()
