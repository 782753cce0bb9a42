#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: pgbackrest_info
short_description: Tell which backups there are, and whether they can be relied on
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Asks pgBackRest, on the host that keeps the backups, what its repository holds for a cluster of PostgreSQL.
  - That a backup is there is no proof that it can be restored.
extends_documentation_fragment:
  - steady.airflow.pgbackrest
  - steady.airflow.without_diff
options:
  oldest:
    description: Hours after which the newest backup is too old.
    type: float
    default: 26
  furthest_behind:
    description:
      - Seconds without a new segment of write-ahead log after which the archive counts as behind.
      - PostgreSQL hands one over at least as often as C(archive_timeout) says, as long as anything is written.
    type: float
    default: 600
"""

EXAMPLES = r"""
- name: Look at the backups
  steady.airflow.pgbackrest_info:
  register: kept

- name: Refuse to upgrade without a backup of today
  ansible.builtin.assert:
    that: kept.healthy
    fail_msg: "{{ kept.problems | join('; ') }}"
"""

RETURN = r"""
healthy:
  description: Whether there is a backup that is young enough and was made without errors, and the archive keeps up.
  type: bool
  returned: always
  sample: true
problems:
  description: What is wrong, one sentence each; empty if all is healthy.
  type: list
  elements: str
  returned: always
  sample: ["the newest backup, 20260301-013000F, is 51 h old"]
backups:
  description:
    - All backups, the newest one last. C(type) is C(full), C(diff) or C(incr). C(start) and C(stop) are in seconds since the epoch.
    - C(size) is that of the database, C(stored) what this backup added to the repository, both in bytes.
    - C(error) tells that pages of the database had wrong checksums.
  type: list
  elements: dict
  returned: always
  sample: [{label: 20260301-013000F, type: full, start: 1772328600, stop: 1772328612, error: false, size: 43012345, stored: 5432100}]
age:
  description: Hours since the newest backup ended; null without one.
  type: float
  returned: always
  sample: 7.5
running:
  description: Whether a backup is being made right now.
  type: bool
  returned: always
  sample: false
encrypted:
  description: Whether the repository is encrypted.
  type: bool
  returned: always
  sample: true
archive:
  description:
    - The archive of write-ahead log, C(first) and C(last) segment. C(came) is when the last one came, in seconds since the epoch, C(behind) how
      many seconds ago that was. All are null without any.
  type: dict
  returned: always
  sample: {first: "000000010000000000000002", last: 00000001000000000000002A, came: 1772355600, behind: 41}
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _pgbackrest
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._observe import pgbackrest


def main():
    module = AnsibleModule(
        argument_spec={
            "stanza": {"type": "str", "default": "airflow"},
            "oldest": {"type": "float", "default": 26},
            "furthest_behind": {"type": "float", "default": 600},
        },
        supports_check_mode=True,
    )
    wish = module.params
    try:
        stanza = _pgbackrest.ask(module, wish["stanza"], "info")[0]
        directory = pgbackrest.newest_directory(stanza)
        segments = _pgbackrest.ask(module, wish["stanza"], "repo-ls", directory) if directory else {}
    except SteadyError as error:
        module.fail_json(msg="pgBackRest cannot say what it keeps: %s" % error)
    module.exit_json(changed=False, **pgbackrest.judge(stanza, segments, time.time(), wish["oldest"], wish["furthest_behind"]))


if __name__ == "__main__":
    main()
