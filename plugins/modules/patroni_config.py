#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: patroni_config
short_description: Settings that all members of a Patroni cluster share
version_added: 0.1.0
description:
  - Changes the dynamic configuration of Patroni through its REST API, and only where it differs.
  - Settings that O(config) does not name are left alone; a setting whose value is null is removed.
  - Waits until every member that answers has taken the change over, and says which of them need a restart for it.
author: The steady.airflow authors (@steady-airflow)
extends_documentation_fragment:
  - steady.airflow.writer
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
  diff_mode:
    description: Shows the settings that change.
    support: full
options:
  config:
    description: The wanted settings, in the shape in which Patroni's C(/config) has them.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Let two connections more in
  steady.airflow.patroni_config:
    members: "{{ patroni_members }}"
    username: patroni
    password: "{{ patroni_rest_password }}"
    config: {postgresql: {parameters: {max_connections: 302}}}
"""

RETURN = r"""
changed_settings:
  description: The part of O(config) that was different.
  type: dict
  returned: always
  sample: {ttl: 20}
pending_restart:
  description: Names of the members that must restart PostgreSQL for a setting.
  type: list
  elements: str
  returned: always
  sample: [node1]
leader_first:
  description:
    - Whether the leader must restart before the standbys do, in place. PostgreSQL's standbys do not start with smaller
      limits (such as C(max_connections)) than the leader has.
  type: bool
  returned: always
  sample: false
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _patroni_write as patroni
from ansible_collections.steady.airflow.plugins.module_utils import _writer
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._wait import until


def taken_over(ask, urls, since, seconds):
    """Wait until each member that answers has finished a round of its own that began after ``since``."""
    return until(lambda: all(one.get("dcs_last_seen", 0) > since for one in patroni.statuses(ask, urls)), seconds)


def main():
    module = AnsibleModule(
        argument_spec=_writer.argument_spec(config={"type": "dict", "required": True}),
        supports_check_mode=True,
    )
    http, urls = _writer.client(module.params), list(_writer.urls(module.params).values())

    def ask(url):
        return http.ask(url)[1]

    try:
        url, now = patroni.first_answer(http.ask_well, urls, "/config")
        changed = patroni.difference(module.params["config"], now)
        if changed and not module.check_mode:
            http.ask_well(url + "/config", changed, method="PATCH")
            # two rounds: one may have begun before the change
            seen = max([one.get("dcs_last_seen", 0) for one in patroni.statuses(ask, urls)] or [0])
            if not taken_over(ask, urls, seen + 2 * int(now.get("loop_wait", 10)), module.params["wait"]):
                module.fail_json(
                    msg="The settings of the cluster were changed, but after %d s not every member had taken them over. "
                    "Look at the members with patronictl list." % module.params["wait"]
                )
    except SteadyError as error:
        module.fail_json(msg="The settings of the cluster could not be changed: %s. Is a leader up?" % error)
    waiting = [one for one in patroni.statuses(ask, urls) if one.get("pending_restart")]
    module.exit_json(
        changed=bool(changed),
        changed_settings=changed,
        pending_restart=[one["patroni"]["name"] for one in waiting],
        leader_first=any(patroni.leader_goes_first(one) for one in waiting),
        diff={"before": patroni.as_text(patroni.restrict(now, changed)), "after": patroni.as_text(changed)},
    )


if __name__ == "__main__":
    main()
