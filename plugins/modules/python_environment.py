#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: python_environment
short_description: A Python environment from a lock file, as a whole or not at all
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Makes a virtual environment and installs into it by C(uv) what a lock file names, every package checked by its hash.
  - An environment counts as complete when a program of its own has run in it and left a file. One that is complete is never
    touched again; one that an interrupted run left behind is made anew.
  - Of several runs that want the same environment at once, one makes it while the others wait.
extends_documentation_fragment: steady.airflow.without_diff
options:
  path:
    description: The environment. A change of its lock needs another path, so that one in use stays as it is.
    type: path
    required: true
  lock:
    description: Lock file on the host, with the hash of every package.
    type: path
    required: true
  installer:
    description: Environment of the installer, which is made when O(path) has to be made.
    type: path
    required: true
  installer_lock:
    description: Lock file on the host that installs C(uv), with its hashes.
    type: path
    required: true
  program:
    description: Python program that is run by the new environment, with O(complete) as its argument.
    type: path
    required: true
  complete:
    description: File that O(program) writes at last.
    type: path
    required: true
  python:
    description: The Python that both environments are made with.
    type: path
    default: /usr/bin/python3
notes:
  - The installers heed C(UV_INDEX_URL), C(PIP_INDEX_URL) and their like in the task's C(environment), where values may be secret.
  - Needs Debian's C(python3-venv) on the host.
"""

EXAMPLES = r"""
- name: Make the environment
  steady.airflow.python_environment:
    path: /opt/airflow/3.3.2-8fd8417c05ea
    lock: /opt/airflow/airflow.lock
    installer: /opt/airflow/uv
    installer_lock: /opt/airflow/uv.lock
    program: /opt/airflow/schema_heads.py
    complete: /opt/airflow/3.3.2-8fd8417c05ea/steady-complete.json
"""

RETURN = r"""
path:
  description: The environment.
  type: str
  returned: success
  sample: /opt/airflow/3.3.2-8fd8417c05ea
step:
  description: What was being done when it failed.
  type: str
  returned: failure
  sample: install the packages
unfetched:
  description: Whether something could not be fetched, so that the same may succeed later. A wrong hash and a full disk stay as they are.
  type: bool
  returned: failure
  sample: true
"""

import fcntl
import os
import re

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _files

LAST_WORDS = 2000
FETCHING = ("install the installer", "install the packages")
# what pip and uv say of a package that is another one, and any program of a full disk
LASTING = re.compile("DO NOT MATCH THE HASHES|Hash mismatch|No space left")
FRAMES = re.compile(r"^Traceback.*:\n(?:[ \t].*\n)+", re.MULTILINE)


def steps(wish):
    """What is to be done, in this order: (what it is for a reader, command)."""
    uv, python = os.path.join(wish["installer"], "bin", "uv"), os.path.join(wish["path"], "bin", "python")
    return [
        ("make the installer's environment", [wish["python"], "-m", "venv", "--clear", wish["installer"]]),
        ("install the installer", [
            os.path.join(wish["installer"], "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--require-hashes", "-r", wish["installer_lock"]]),
        ("make the environment", [uv, "venv", "--quiet", "--clear", "--python", wish["python"], wish["path"]]),
        ("install the packages", [
            uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "--link-mode", "copy", "--compile-bytecode",
            "-r", wish["lock"]]),
        ("run in the environment", [python, wish["program"], wish["complete"]]),
    ]


def make(module):
    """Make the environment, unless another run has done it while this one waited; return whether it did."""
    wish = module.params
    with open(wish["path"] + ".lock", "w", encoding="utf-8") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)
        if os.path.exists(wish["complete"]):
            return False
        for step, command in steps(wish):
            code, out, err = module.run_command(command)
            if code:
                words = FRAMES.sub("", err or out).strip()[-LAST_WORDS:]
                unfetched = step in FETCHING and not LASTING.search(words)
                module.fail_json(msg="could not %s: %s" % (step, words), step=step, rc=code, unfetched=unfetched)
    return True


def main():
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "lock": {"type": "path", "required": True},
            "installer": {"type": "path", "required": True},
            "installer_lock": {"type": "path", "required": True},
            "program": {"type": "path", "required": True},
            "complete": {"type": "path", "required": True},
            "python": {"type": "path", "default": "/usr/bin/python3"},
        },
        supports_check_mode=True,
    )
    _files.usual_umask()
    wish = module.params
    if os.path.exists(wish["complete"]):
        module.exit_json(changed=False, path=wish["path"])
    if module.check_mode:
        module.exit_json(changed=True, path=wish["path"])
    try:
        changed = make(module)
    except OSError as error:
        module.fail_json(msg="could not write below %s: %s" % (os.path.dirname(wish["path"]), error.strerror), step="begin", unfetched=False)
    module.exit_json(changed=changed, path=wish["path"])


if __name__ == "__main__":
    main()
