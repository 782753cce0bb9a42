# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges what files of the controller say, or what was seen of hosts. No host is asked; the module beside it is its documentation."""

from __future__ import annotations

import json
import pathlib
import secrets

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.steady.airflow.plugins.module_utils import _what_if
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.modules.airflow_ha_audit import OPTIONS
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import html, machines, page, verdict, written


class ActionModule(ActionBase):
    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _checked, wish = self.validate_argument_spec(OPTIONS)
        try:
            found = self._judge(wish)
            failing = list(dict.fromkeys(each["id"] for each in verdict.failing(found, wish["fail_on"])))
            self._keep(wish, found)
        except BadOption as error:
            raise AnsibleActionFail(str(error)) from None  # Ansible would say it again for each cause
        report = page.text(found).splitlines() + (["", *_what_if.lines(wish["losses"])] if wish["losses"] else [])
        return {"changed": False, "failed": bool(failing), "failing": failing, "report": report, **found,
                "msg": "found: %s" % ", ".join(failing) if failing else page.summary(found)}

    def _judge(self, wish):
        if wish["seen"]:
            return verdict.of_hosts(wish["seen"], wish["mutes"])
        return verdict.of_written(written.subjects(wish, self._loader.get_basedir(), secrets.token_hex()), wish["mutes"])

    def _keep(self, wish, found):
        """The verdict as files for people and programs."""
        if not wish["directory"] or self._task.check_mode:
            return
        contents = {
            "audit.json": json.dumps(found, indent=4, sort_keys=True) + "\n", "audit.sarif": machines.sarif(found), "audit.xml": machines.junit(found),
            "audit.html": html.html(found, wish["name"], wish["seen"], wish["losses"]),
        }
        directory = pathlib.Path(self._loader.get_basedir(), pathlib.Path(wish["directory"]).expanduser())
        try:
            directory.mkdir(parents=True, exist_ok=True)
            for name, content in contents.items():
                (directory / name).write_text(content, encoding="utf-8")
        except OSError as error:
            raise BadOption("directory: %s cannot be written: %s" % (error.filename, error.strerror)) from error
