#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: units_started
short_description: Units of a host enabled and started at once
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Enables and starts several units in one go, where M(ansible.builtin.systemd_service) does so for one after the other.
  - Does not wait until they have started. The caller waits for what they do.
extends_documentation_fragment: steady.airflow.without_diff
options:
  names:
    description: Names of the units, each with its suffix.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Start Airflow
  steady.airflow.units_started:
    names: [airflow-scheduler.service, airflow-worker.service]
"""

RETURN = r"""
started:
  description: Units that were not running.
  type: list
  elements: str
  returned: always
  sample: [airflow-worker.service]
enabled:
  description: Units that would not have started with the host.
  type: list
  elements: str
  returned: always
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _service


def main():
    module = AnsibleModule(
        argument_spec={"names": {"type": "list", "elements": "str", "required": True}},
        supports_check_mode=True,
    )
    names = module.params["names"]
    seen = list(zip(names, _service.show(module, names)))
    absent = [name for name, shown in seen if shown.get("LoadState") == "not-found"]
    if absent:
        module.fail_json(msg="there is no unit %s on this host" % ", ".join(absent))
    started = [name for name, shown in seen if shown.get("ActiveState") not in _service.RUNNING]
    enabled = [name for name, shown in seen if shown.get("UnitFileState") not in _service.ENABLED]
    for words, units in ((["enable"], enabled), (["start", "--no-block"], started)):
        if units and not module.check_mode:
            module.run_command(["systemctl", *words, *units], check_rc=True)
    module.exit_json(changed=bool(started or enabled), started=started, enabled=enabled)


if __name__ == "__main__":
    main()
