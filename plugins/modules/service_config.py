#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_config
short_description: Files of a service, and what its unit needs to run with them
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Writes all files of a service in one go, each atomically, and tells for each unit whether it must be
    started, restarted or reloaded to run with what is on disk.
  - The need is read from the host itself (is a file newer than the running process?), not from what this
    run changed. So a run that was interrupted between writing and restarting is made good by the next one.
  - A host that M(steady.airflow.host_info) has just looked at is asked only when something differs from what was seen.
  - Lets systemd read its unit files again where they changed. Units that run are not touched. The caller starts them at once, or
    restarts them one member at a time.
  - A unit that is about to start with the old files is stopped, and then has to be started as any other. It serves nobody yet, and may
    never do with those.
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
  diff_mode:
    description: Shows what changes in O(files), never in O(secret_files).
    support: full
options:
  files:
    description: Files, directories and links to bring into a state, in this order.
    type: list
    elements: dict
    default: []
    suboptions: &entry
      path:
        description: Absolute path.
        type: path
        required: true
      state:
        description: What is to be there.
        type: str
        choices: [file, directory, link, absent]
        default: file
      content:
        description: Text of the file; needed for V(state=file).
        type: str
      target:
        description: Where the link points; needed for V(state=link).
        type: str
      owner:
        description: Owner of the file.
        type: str
        default: root
      group:
        description: Group of the file.
        type: str
        default: root
      mode:
        description: Mode, as an octal string. Directories usually want V(0755).
        type: raw
        default: "0644"
      validate:
        description: Command that judges the new file before it takes its place; C(%s) is its path, which ends with the name of the file.
        type: str
      silent:
        description: Whether the file is good only if that command has nothing to say.
        type: bool
        default: false
  secret_files:
    description: The same for files with secrets. Their content is never shown, logged or diffed.
    type: list
    elements: dict
    default: []
    suboptions: *entry
  units:
    description: Units that read these files.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the unit, with its suffix.
        type: str
        required: true
      restart_on:
        description: Paths whose change needs a restart.
        type: list
        elements: path
        default: []
      reload_on:
        description: Paths whose change needs only a reload.
        type: list
        elements: path
        default: []
"""

EXAMPLES = r"""
- name: Configure etcd
  steady.airflow.service_config:
    files:
      - path: /etc/default/etcd
        content: "{{ lookup('ansible.builtin.template', 'etcd.env.j2') }}"
    units:
      - name: etcd.service
        restart_on: [/etc/default/etcd]
  register: etcd_config

- name: Start etcd
  ansible.builtin.systemd_service:
    name: etcd.service
    state: started
    enabled: true
  when: etcd_config.pending['etcd.service'] == 'start'
"""

RETURN = r"""
changed_paths:
  description: Paths that were changed, or would be in check mode.
  type: list
  elements: str
  returned: always
  sample: [/etc/default/etcd]
pending:
  description: For each unit V(start), V(restart), V(reload), or an empty string when it needs nothing.
  type: dict
  returned: always
  sample: {etcd.service: restart}
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _files, _kept, _service


class Discreet(AnsibleModule):
    """A module whose options do not go to the host's journal.

    ansible-core would hide a secret within a list there only if it is a single line: it looks for it in a text in which each
    end of a line is written as two characters.
    """

    def _log_invocation(self):
        self.log("Invoked for %s" % ", ".join(entry["path"] for entry in self.params["files"] + self.params["secret_files"]))


def newest(paths, about_to_change):
    """Return the newest change among paths; a path that check mode left unwritten counts as changed just now."""
    if about_to_change.intersection(paths):
        return float("inf")
    return _files.newest_change(paths)


def main():
    module = Discreet(argument_spec=_service.ARGUMENTS, supports_check_mode=True)
    _files.usual_umask()
    # only differences that were shown are kept: a secret file's stays here
    changed, differences = [], []
    try:
        for option in ("files", "secret_files"):
            for wanted in module.params[option]:
                difference = _files.apply(module, wanted, secret=option == "secret_files")
                if difference is None:
                    continue
                changed.append(wanted["path"])
                if option == "files":
                    differences.append(difference)
        if not module.check_mode:
            _kept.remember(_kept.record_lines(module.params))
    except _files.Unwritable as error:
        module.fail_json(msg=str(error), changed_paths=changed)

    unwritten = set(changed) if module.check_mode else set()
    units = module.params["units"]
    seen = _service.show(module, [unit["name"] for unit in units])
    if not module.check_mode and _service.knows_old_files(changed, seen):
        _service.read_again(module)
    pending = {
        unit["name"]: _service.pending(
            shown, newest(unit["restart_on"], unwritten), newest(unit["reload_on"], unwritten)
        )
        for unit, shown in zip(units, seen)
    }
    vain = [unit["name"] for unit, shown in zip(units, seen) if _service.begins_in_vain(shown, pending[unit["name"]])]
    if vain and not module.check_mode:
        _service.stop(module, vain)
    module.exit_json(changed=bool(changed), changed_paths=changed, pending=pending, diff=differences)


if __name__ == "__main__":
    main()
