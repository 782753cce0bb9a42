#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rabbitmq_forget
short_description: Make a RabbitMQ cluster forget a member that lost its data
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Runs on a member of the cluster, before another one that lost its data starts again. The cluster still lists the
    lost one, and would not let it join; it would then found a cluster of its own.
  - Does nothing when no broker runs here, when the cluster does not list the member, or when the member is running.
extends_documentation_fragment:
  - steady.airflow.management
  - steady.airflow.without_diff
options:
  name:
    description: Name of the member to forget, without C(rabbit@).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Forget node3 on node1, where a broker runs
  steady.airflow.rabbitmq_forget:
    name: node3
    username: operator
    password: "{{ rabbitmq_operator_password }}"
  delegate_to: node1
"""

RETURN = r"""
reachable:
  description: Whether a broker runs on this host.
  type: bool
  returned: always
  sample: true
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _management
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError


def listed_and_down(nodes, node):
    """Return whether the cluster's list of nodes has this one, not running."""
    return any(one["name"] == node and not one.get("running") for one in nodes)


def main():
    module = AnsibleModule(
        argument_spec=_management.argument_spec(name={"type": "str", "required": True}),
        supports_check_mode=True,
    )
    wish = module.params
    node = "rabbit@%s" % wish["name"]
    http, url = _management.client(wish)
    try:
        nodes = http.ask_well(url + "/nodes?columns=name,running", kind=list)
    except SteadyError:
        module.exit_json(changed=False, reachable=False)
    if not listed_and_down(nodes, node):
        module.exit_json(changed=False, reachable=True)
    if not module.check_mode:
        # the HTTP API has no such call
        code, out, err = module.run_command(["rabbitmqctl", "forget_cluster_node", node])
        if code:
            module.fail_json(
                msg="The cluster could not forget %s, so it cannot come back: %s. Are most members up?" % (node, (err or out).strip())
            )
    module.exit_json(changed=True, reachable=True)


if __name__ == "__main__":
    main()
