#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drill_dags
short_description: Have Airflow run the DAGs of a drill, or forget them
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Asks Airflow's public API, usually from the controller.
extends_documentation_fragment: steady.airflow.airflow_api
attributes:
  check_mode:
    description: Can run in check mode and return without doing anything.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing), when in diff mode.
    support: none
options:
  dags:
    description: Ids of DAGs.
    type: list
    elements: str
    required: true
  state:
    description:
      - With V(active) waits until a dag-processor has read them all, and starts them.
      - With V(absent) deletes what Airflow keeps of them, their runs included, when their last tasks are over. Their files must be gone
        before, or they come back.
    type: str
    choices: [active, absent]
    default: active
  patience:
    description: Seconds to wait at most.
    type: int
    default: 180
"""

EXAMPLES = r"""
- name: Have the smallest DAG run
  steady.airflow.drill_dags:
    url: https://192.0.2.10:8080
    username: admin
    password: "{{ airflow_admin_password }}"
    dags: [steady_drill_pulse]
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
forgotten:
  description: DAGs that were deleted.
  type: list
  elements: str
  returned: when O(state) is V(absent)
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils._drill import dags
from ansible_collections.steady.airflow.plugins.module_utils._drill.session import ARGUMENTS, session
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError

SECONDS = 30  # for one request; to delete a DAG takes its runs along


def main():
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS,
            "dags": {"type": "list", "elements": "str", "required": True},
            "state": {"type": "str", "choices": ["active", "absent"], "default": "active"},
            "patience": {"type": "int", "default": 180},
        },
        supports_check_mode=True,
    )
    wish = module.params
    if module.check_mode:
        module.exit_json(changed=True, forgotten=[])
    try:
        airflow = session(wish, SECONDS)
        if wish["state"] == "active":
            dags.activate(airflow, wish["dags"], wish["patience"])
            module.exit_json(changed=True)
        known = dags.forget(airflow, wish["dags"], wish["patience"])
    except SteadyError as error:
        module.fail_json(msg="%s" % error)
    module.exit_json(changed=bool(known), forgotten=known)


if __name__ == "__main__":
    main()
