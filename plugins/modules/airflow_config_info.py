#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_config_info
short_description: What configuration files tell Airflow, without the secrets in them
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Reads files such as C(airflow.cfg) as Airflow does.
  - A secret is told by its length and a salted digest, so that two hosts can be compared; a URL by its parts without the password.
  - Starts nothing. What a command or a secrets backend would say stays unknown.
attributes:
  check_mode:
    description: Reads only, so it does the same in check mode.
    support: full
  diff_mode:
    description: Changes nothing.
    support: N/A
options:
  paths:
    description: The files.
    type: list
    elements: path
    required: true
  version:
    description: The version of Airflow that reads them. It is handed back.
    type: str
    default: ""
  salt:
    description:
      - A random text, the same for all that is to be compared, and new each time.
      - Without it, the module draws one, and what it returns can be compared with nothing else.
    type: str
notes:
  - A file that is absent, may not be read or is broken is told in C(problem), and does not fail.
"""

EXAMPLES = r"""
- name: Read what Airflow is told here
  steady.airflow.airflow_config_info:
    paths: [/etc/airflow/airflow.cfg]
    version: 3.3.2
  register: told

- name: Which executor is it?
  ansible.builtin.debug:
    msg: "{{ told.files[0].options['core.executor'].value }}"
"""

RETURN = r"""
files:
  description: What each file tells.
  returned: always
  type: list
  elements: dict
  contains:
    member:
      description: The path.
      type: str
    version:
      description: What O(version) said.
      type: str
    options:
      description:
        - By their names, such as C(core.executor), what was told and C(from) where, which is V(file), V(command)
          or V(secrets backend).
        - Each has one of C(value), a text; C(secret), with C(digest) and C(length) in characters; C(urls), a list of parts; and
          C(unknown), why it is so. Empty where there is a problem, but for a file that Airflow refuses and that is clear all the same.
      type: dict
      sample:
        core.executor: {value: CeleryExecutor, from: file}
        core.fernet_key: {secret: {digest: 5c1d9a0f0d4ab1e2, length: 44}, from: file}
    problem:
      description: Why the file could not be read, and never what stands in it; empty if it could.
      type: str
    broken:
      description: Whether that is so for Airflow, too.
      type: bool
"""

import secrets

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config


def look(path, version, salt):
    told = {"member": path, "version": version, "options": {}, "problem": "", "broken": False}
    try:
        with open(path, encoding="utf-8") as file:
            told.update(airflow_config.look(path, file.read(), {}, salt, complete=False))
    except UnicodeDecodeError:
        told.update(problem="%s is no text in UTF-8" % path, broken=True)
    except OSError as error:
        told["problem"] = "%s cannot be read: %s" % (path, error.strerror)
    return told


def main():
    module = AnsibleModule(
        argument_spec={
            "paths": {"type": "list", "elements": "path", "required": True},
            "version": {"type": "str", "default": ""},
            "salt": {"type": "str", "no_log": True},
        },
        supports_check_mode=True,
    )
    wish = module.params
    salt = wish["salt"] or secrets.token_hex()
    module.exit_json(changed=False, files=[look(path, wish["version"], salt) for path in wish["paths"]])


if __name__ == "__main__":
    main()
