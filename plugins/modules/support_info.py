#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: support_info
short_description: What a host says of its services, for somebody who is to find out what is wrong
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Tells states and journals of units, files, and what some commands that only read say, all without secrets.
  - A secret is taken out by its value, as it is and as URLs have it, and where its name says that it is one.
attributes:
  check_mode:
    description: Reads only, so it does the same in check mode.
    support: full
  diff_mode:
    description: Changes nothing.
    support: N/A
options:
  units:
    description: Units of systemd. Those that failed are told of, too.
    type: list
    elements: str
    default: []
  files:
    description: Paths of files. What is not there is left out.
    type: list
    elements: path
    default: []
  secrets:
    description: Values that nobody is told.
    type: list
    elements: str
    default: []
  journal_lines:
    description: Lines of each unit's journal, from its end.
    type: int
    default: 400
"""

EXAMPLES = r"""
- name: What this host says of itself
  become: true
  steady.airflow.support_info:
    units: [etcd.service, patroni.service]
    files: [/etc/patroni/config.yml]
    secrets: ["{{ patroni_superuser_password }}"]
"""

RETURN = r"""
support:
  description: What was found.
  returned: always
  type: dict
  contains:
    units:
      description: By name, properties of C(systemctl show).
      type: dict
      sample: {"etcd.service": {"ActiveState": "active", "SubState": "running", "Result": "success", "NRestarts": "0", "ExecMainStatus": "0"}}
    journals:
      description: By unit, the end of its journal.
      type: dict
    files:
      description: By path, their texts.
      type: dict
    commands:
      description: By name, such as V(disks), V(packages) or V(processes), what a command said.
      type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _redaction
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files

PROPERTIES = ("Id", "ActiveState", "SubState", "Result", "NRestarts", "ExecMainStatus", "ActiveEnterTimestamp")
COMMANDS = {
    "disks": ["df", "--human-readable", "--output=target,fstype,size,avail,pcent"],
    "addresses": ["ip", "-oneline", "address"],
    "sockets": ["ss", "--numeric", "--listening", "--tcp", "--processes"],
    "processes": ["ps", "-eo", "pid,ppid,user,stat,etimes,time,rss,args", "--sort=-rss"],
    "packages": ["dpkg-query", "--show"],
}
KERNEL = ("/proc/uptime", "/proc/loadavg", "/proc/meminfo", "/proc/pressure/cpu", "/proc/pressure/io", "/proc/pressure/memory")


def failed(text):
    return [line.split()[0] for line in text.splitlines() if line.strip()]


def shown(text):
    blocks = [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in text.strip().split("\n\n")]
    return {block.pop("Id"): block for block in blocks if "Id" in block}


def look(module, files):
    def output(*command):
        status, out, err = module.run_command(list(command))
        return out if status == 0 else out + err

    wish = module.params
    units = sorted({*wish["units"], *failed(output("systemctl", "list-units", "--state=failed", "--plain", "--no-legend"))})
    journal = ("journalctl", "--no-pager", "--output=short-iso", "--lines=%d" % wish["journal_lines"], "--unit")
    return {
        "units": shown(output("systemctl", "show", "--property=" + ",".join(PROPERTIES), *units)) if units else {},
        "journals": {unit: output(*journal, unit) for unit in units},
        "files": {path: files.text(path) for path in wish["files"] if files.exists(path)},
        "commands": {**{name: output(*command) for name, command in COMMANDS.items()},
                     "kernel": "".join("%s\n%s\n" % (path, files.text(path)) for path in KERNEL if files.exists(path))},
    }


def main():
    module = AnsibleModule(
        argument_spec={
            "units": {"type": "list", "elements": "str", "default": []},
            "files": {"type": "list", "elements": "path", "default": []},
            "secrets": {"type": "list", "elements": "str", "default": [], "no_log": True},
            "journal_lines": {"type": "int", "default": 400},
        },
        supports_check_mode=True,
    )
    known = _redaction.forms(module.params["secrets"])
    seen = look(module, Files())
    for kind in ("journals", "files", "commands"):
        seen[kind] = {name: _redaction.redacted(text, known) for name, text in seen[kind].items()}
    module.exit_json(changed=False, support=seen)


if __name__ == "__main__":
    main()
