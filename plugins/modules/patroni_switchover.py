#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: patroni_switchover
short_description: Hand the leadership of a Patroni cluster away from a member
version_added: 0.1.0
description:
  - Does nothing when the member does not lead.
  - Otherwise asks Patroni to hand over to its best synchronous standby, and waits until another member leads and
    this one follows it.
author: The steady.airflow authors (@steady-airflow)
extends_documentation_fragment:
  - steady.airflow.writer
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
  diff_mode:
    description: Shows the names of the leaders.
    support: full
options:
  member:
    description: Name of the member that is not to lead.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Hand over before this host is restarted
  steady.airflow.patroni_switchover:
    members: "{{ patroni_members }}"
    member: "{{ inventory_hostname }}"
    username: patroni
    password: "{{ patroni_rest_password }}"
"""

RETURN = r"""
leader:
  description: Name of the leader afterwards; in check mode the present one.
  type: str
  returned: always
  sample: node2
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _patroni_write as patroni
from ansible_collections.steady.airflow.plugins.module_utils import _writer
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption, SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._observe.patroni import leader_of
from ansible_collections.steady.airflow.plugins.module_utils._wait import until


def handed_over(http, urls, member):
    """Return a condition: another member leads, and this one follows it."""

    def condition():
        try:
            cluster = patroni.first_answer(http.ask_well, urls, "/cluster")[1]
        except SteadyError:
            return False
        states = {one["name"]: one["state"] for one in cluster.get("members", [])}
        return leader_of(cluster) not in (None, member) and states.get(member) == "streaming"

    return condition


def main():
    module = AnsibleModule(
        argument_spec=_writer.argument_spec(member={"type": "str", "required": True}),
        supports_check_mode=True,
    )
    http, by_name = _writer.client(module.params), _writer.urls(module.params)
    member, urls = module.params["member"], list(by_name.values())
    try:
        leader = leader_of(patroni.first_answer(http.ask_well, urls, "/cluster")[1])
        if leader != member or module.check_mode:
            module.exit_json(changed=leader == member, leader=leader)
        if member not in by_name:
            raise BadOption("it is none of the members that were named")
        # Patroni answers when it is done, and it gives itself 20 s or more
        patient = _writer.client(dict(module.params, timeout=max(module.params["timeout"], module.params["wait"])))
        patroni.switchover(patient, by_name[member], member)
        if not until(handed_over(http, urls, member), module.params["wait"]):
            module.fail_json(msg="%s was to hand over, but after %d s no other member leads it." % (member, module.params["wait"]))
        after = leader_of(patroni.first_answer(http.ask_well, urls, "/cluster")[1])
    except SteadyError as error:
        module.fail_json(
            msg="%s could not hand the leadership over: %s. Look at the cluster with patronictl list." % (member, error)
        )
    module.exit_json(changed=True, leader=after, diff={"before": "%s\n" % leader, "after": "%s\n" % after})


if __name__ == "__main__":
    main()
