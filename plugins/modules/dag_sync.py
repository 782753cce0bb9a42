#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dag_sync
short_description: DAG files of the controller, at once and as a whole
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Copies a directory of the controller to a host, and switches a link to it when all files are there. What was
    removed on the controller is gone on the host as well.
  - Files are sent only to hosts that do not have this set of files yet.
  - Leaves out C(__pycache__), C(*.pyc) and the directories of version control.
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
  diff_mode:
    description: Shows the digests of the two sets.
    support: full
options:
  source:
    description:
      - Directory on the controller. When it is empty, the host gets an empty set if it has none yet, and keeps what it has.
    type: str
    required: true
  path:
    description: The link on the host. The sets lie in the directory C(sets) beside it.
    type: path
    required: true
  group:
    description: Group that may read the files.
    type: str
    default: root
  keep:
    description: How many earlier sets are kept.
    type: int
    default: 2
  digest:
    description: Set by the action plugin.
    type: str
  archive:
    description: Set by the action plugin.
    type: path
notes:
  - A host that M(steady.airflow.host_info) has just looked at is asked only when its link leads elsewhere.
  - An action plugin of the same name packs the files on the controller.
"""

EXAMPLES = r"""
- name: Copy the DAG files
  steady.airflow.dag_sync:
    source: "{{ inventory_dir }}/dags"
    path: /var/lib/airflow/dags/current
    group: airflow
"""

RETURN = r"""
digest:
  description: Digest of the set that the link points to afterwards.
  type: str
  returned: always
  sample: 5fd0c1e95b1f2a77
missing:
  description: Whether the host lacked the files. The action plugin then sends them.
  type: bool
  returned: always
  sample: false
"""

import os
import tarfile

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _dag_set, _files


def main():
    module = AnsibleModule(
        argument_spec={
            "source": {"type": "str", "required": True},
            "path": {"type": "path", "required": True},
            "group": {"type": "str", "default": "root"},
            "keep": {"type": "int", "default": 2},
            "digest": {"type": "str"},
            "archive": {"type": "path"},
        },
        supports_check_mode=True,
    )
    _files.usual_umask()
    wish = module.params
    path, digest, before = wish["path"], wish["digest"], _dag_set.present(wish["path"])
    if before == digest or (before and not wish["source"]):
        module.exit_json(changed=False, digest=before, missing=False)
    diff = {"before": "%s\n" % before, "after": "%s\n" % digest}
    if module.check_mode:
        module.exit_json(changed=True, digest=before, missing=False, diff=diff)
    if not wish["archive"] and not os.path.isdir(_dag_set.set_directory(path, digest)):
        module.exit_json(changed=False, digest=before, missing=True)
    try:
        if wish["archive"]:
            _dag_set.unpack(wish["archive"], path, digest, wish["group"])
        _dag_set.switch(path, digest)
        _dag_set.prune(path, wish["keep"])
    except (OSError, LookupError, tarfile.TarError) as error:
        module.fail_json(
            msg="The DAG files could not be written below %s: %s. The earlier ones stay in use."
            % (os.path.dirname(path), getattr(error, "strerror", None) or error)
        )
    module.exit_json(changed=True, digest=digest, missing=False, diff=diff)


if __name__ == "__main__":
    main()
