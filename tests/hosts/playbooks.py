# SPDX-License-Identifier: GPL-3.0-or-later
"""How the playbooks of this checkout are run, as text that can be read."""

from __future__ import annotations

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def begun(inventory, name, *options):
    """One that runs, in a session of its own. inventory: options that name it."""
    environment = dict(os.environ, ANSIBLE_CONFIG=str(ROOT / "ansible.cfg"), ANSIBLE_FORCE_COLOR="0", ANSIBLE_NOCOLOR="1")
    return subprocess.Popen([ROOT / ".venv/bin/ansible-playbook", *inventory, f"playbooks/{name}.yml", *options], cwd=ROOT, env=environment,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
