#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: support_bundle
short_description: One archive of what all hosts say of themselves, without secrets
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Writes C(support.tar.gz) and C(summary.txt), which says first what is wrong. Runs on the controller.
  - Every text is searched for the secrets once more before it is written, and left out if it holds one.
attributes:
  check_mode:
    description: Writes nothing, and tells the summary all the same.
    support: full
  diff_mode:
    description: Not supported; what is written is new each time.
    support: none
options:
  directory:
    description: Where both files go. It is made for the owner alone if it is not there.
    type: path
    required: true
  reports:
    description: By host, RV(steady.airflow.support_info#module:support), or C(msg), which says why there is none.
    type: dict
    required: true
  secrets:
    description: Values that must not be in it.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Write it down
  delegate_to: localhost
  run_once: true
  steady.airflow.support_bundle:
    directory: ./support
    reports: {node1: "{{ support_of_node1 }}", node2: {msg: Connection refused}}
    secrets: ["{{ patroni_superuser_password }}"]
"""

RETURN = r"""
path:
  description: The archive.
  returned: always
  type: str
  sample: /home/me/support/support.tar.gz
summary:
  description: What is wrong, the worst first.
  returned: always
  type: list
  elements: str
left_out:
  description: Texts that held a secret and are not in the archive.
  returned: always
  type: list
  elements: str
"""

import io
import os
import tarfile
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _support


def write(directory, texts):
    """The archive appears whole or not at all, for its owner alone."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    path = os.path.join(directory, "support.tar.gz")
    with os.fdopen(os.open(path + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        with tarfile.open(fileobj=target, mode="w:gz") as archive:
            for name, text in sorted(texts.items()):
                content = text.encode()
                entry = tarfile.TarInfo("support/" + name)
                entry.size, entry.mode, entry.mtime = len(content), 0o600, int(time.time())
                archive.addfile(entry, io.BytesIO(content))
    os.replace(path + ".part", path)
    with os.fdopen(os.open(os.path.join(directory, "summary.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as target:
        target.write(texts["summary.txt"])
    return path


def main():
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "reports": {"type": "dict", "required": True},
            "secrets": {"type": "list", "elements": "str", "default": [], "no_log": True},
        },
        supports_check_mode=True,
    )
    wish = module.params
    texts, left_out = _support.searched(_support.texts(wish["reports"]), wish["secrets"])
    path = os.path.join(wish["directory"], "support.tar.gz")
    if not module.check_mode:
        try:
            path = write(wish["directory"], texts)
        except OSError as error:
            module.fail_json(msg="could not write %s: %s; set support_bundle_directory to another place" % (path, error.strerror))
    module.exit_json(changed=True, path=path, summary=texts["summary.txt"].splitlines(), left_out=left_out)


if __name__ == "__main__":
    main()
