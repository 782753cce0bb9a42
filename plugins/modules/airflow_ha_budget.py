#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_ha_budget
short_description: How long outages may last by a set of timeouts, and whether these fit together
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Works out the longest outage of each kind from the timeouts of Patroni, HAProxy, keepalived, RabbitMQ and Airflow, without asking any host.
  - A failover has two sides, one that recovers and one that is patient meanwhile, and must not be so for too long. This tells each inequality with both
    sums, and the changes that would make all of them hold.
attributes:
  check_mode:
    description: Changes nothing, so it does the same in check mode.
    support: full
  diff_mode:
    description: Changes nothing.
    support: N/A
options:
  timing:
    description:
      - The numbers as C(topology_timing) of the role C(topology) has them, in seconds but for C(api_retries), C(api_failed_heartbeats), C(keepalive_count)
        and C(task_retries), which are counts.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: What would these numbers mean?
  steady.airflow.airflow_ha_budget:
    timing: "{{ topology_timing | combine({'patroni_ttl': 30}) }}"
  register: budget

- name: Do they fit?
  ansible.builtin.assert:
    that: budget.fits
    fail_msg: "Set these in topology_timing_changes: {{ budget.changes }}"
"""

RETURN = r"""
fits:
  description: Whether all inequalities hold.
  returned: success
  type: bool
outages:
  description: The longest time of each kind of outage, with C(name), C(what) it is, and C(seconds).
  returned: success
  type: list
  elements: dict
  sample: [{"name": "failover", "what": "the database has no leader after its host died", "seconds": 26.5}]
inequalities:
  description: Each with its C(id), C(smaller) and C(greater), both with C(name) and C(seconds), whether it C(holds), and whether both C(may_be_equal).
  returned: success
  type: list
  elements: dict
changes:
  description:
    - Numbers of O(timing) that would have to be others so that all inequalities hold. Patience is raised to the next whole number that is enough, and what
      notices a dead peer is made quicker. Empty where all hold.
  returned: success
  type: dict
  sample: {"api_retries": 10}
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils._rules import budget, timing
from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import text


def main():
    module = AnsibleModule(argument_spec={"timing": {"type": "dict", "required": True}}, supports_check_mode=True)
    given = module.params["timing"]
    numbers = {key: value for key, value in given.items() if timing.is_number(value)}
    wrong = list(timing.judge_keys(given, numbers))
    if wrong:
        module.fail_json(msg="timing cannot be judged: %s" % text(wrong))
    told = budget.inequalities(numbers)
    module.exit_json(changed=False, fits=all(each["holds"] for each in told), outages=budget.outages(numbers), inequalities=told,
                     changes=budget.nearest(numbers))


if __name__ == "__main__":
    main()
