#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: pgbackrest_stanza
short_description: A place for a cluster of PostgreSQL in a repository of pgBackRest
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Makes it where it is missing, and sees that it belongs to the cluster that runs.
  - Fails, and changes nothing, when the repository holds backups of another cluster, is encrypted with another key or cannot be read.
extends_documentation_fragment:
  - steady.airflow.pgbackrest
  - steady.airflow.without_diff
options:
  system_identifier:
    description: The number that PostgreSQL gave the cluster that runs, as M(steady.airflow.patroni_cluster_info) returns it.
    type: str
    required: true
  wait:
    description:
      - Seconds to try it again while the cluster's members are busy. pgBackRest does one thing at a time, and a leader that tries to archive
        before there is a place for it is doing something.
    type: int
    default: 60
"""

EXAMPLES = r"""
- name: Make a place for the cluster
  steady.airflow.pgbackrest_stanza:
    stanza: airflow
    system_identifier: "{{ cluster.system_identifier }}"
"""

RETURN = r"""
backups:
  description: How many backups there are.
  type: int
  returned: always
  sample: 3
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _pgbackrest
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._observe.pgbackrest import ANOTHER_KEY, NO_STANZA, unreadable
from ansible_collections.steady.airflow.plugins.module_utils._wait import until


def trouble(stanza, system_identifier):
    """Why the place that there is cannot be that of the cluster, or None. stanza: the entry of C(info --output=json)."""
    reason = unreadable(stanza)
    if "HTTP request failed" in reason:
        return "%s. See that key, secret, bucket and region of the object store are right (backup_s3)" % reason
    if reason:
        return "%s. %s; else repair the repository, or choose another one (backup_directory, backup_s3)" % (reason, ANOTHER_KEY)
    kept = [str(one["system-id"]) for one in stanza["db"][-1:]]
    if kept and kept != [system_identifier]:
        return "the repository holds backups of another cluster: its number is %s, and that of the one that runs is %s. Choose another place " \
               "(backup_directory, backup_s3), or restore what is there" % (kept[0], system_identifier)
    return None


def create(module, stanza, wait):
    """Waits while pgBackRest is locked, which it tells by a refusal only."""
    refusals = []

    def created():
        try:
            _pgbackrest.call(module, stanza, "stanza-create")
        except _pgbackrest.Refusal as refusal:
            if "lock" not in str(refusal):
                raise
            refusals.append(refusal)
            return False
        return True

    if not until(created, wait):
        raise refusals[-1]


def main():
    module = AnsibleModule(
        argument_spec={
            "stanza": {"type": "str", "default": "airflow"},
            "system_identifier": {"type": "str", "required": True},
            "wait": {"type": "int", "default": 60},
        },
        supports_check_mode=True,
    )
    wish = module.params
    try:
        seen = _pgbackrest.ask(module, wish["stanza"], "info")[0]
        missing = seen["status"]["code"] in NO_STANZA
        reason = trouble(seen, wish["system_identifier"])
        if reason:
            module.fail_json(msg=reason)
        if missing and not module.check_mode:
            create(module, wish["stanza"], wish["wait"])
    except SteadyError as error:
        module.fail_json(msg="pgBackRest makes no place for %s: %s. It needs the database's leader, and pgbackrest.service on all members"
                             % (wish["stanza"], error))
    module.exit_json(changed=missing, backups=len(seen["backup"]))


if __name__ == "__main__":
    main()
