# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads files of the controller and judges them. No host is asked; the module beside it is its documentation."""

from __future__ import annotations

import secrets

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import files, page, verdict
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import SEVERITIES

OPTIONS = {
    "config": {"type": "path"},
    "environment": {"type": "list", "elements": "path", "default": []},
    "components": {"type": "dict", "default": {}},
    "version": {"type": "str", "default": ""},
    "hosts": {"type": "dict", "default": {}},
    "mutes": {"type": "list", "elements": "dict", "default": []},
    "fail_on": {"type": "str", "choices": [*SEVERITIES, "none"], "default": "none"},
}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _checked, wish = self.validate_argument_spec(OPTIONS)
        try:
            found = self._judge(wish)
        except BadOption as error:
            raise AnsibleActionFail(str(error)) from error
        bad = verdict.failing(found, wish["fail_on"])
        ids = ", ".join(dict.fromkeys(each["id"] for each in bad))
        return {"changed": False, "failed": bool(bad), "msg": f"found: {ids}" if bad else page.summary(found),
                "report": page.text(found).splitlines(), **found}

    def _judge(self, wish):
        if not (wish["config"] or wish["environment"] or wish["components"] or wish["hosts"]):
            raise BadOption("nothing is named: give config, environment, components or hosts")
        here = self._loader.get_basedir()
        paths = {name: [files.under(here, path) for path in _list(given)] for name, given in wish["components"].items()}
        installations = files.installations(wish["config"] and files.under(here, wish["config"]),
                                            [files.under(here, path) for path in wish["environment"]], paths, wish["version"], secrets.token_hex())
        return verdict.of_told(installations, {name: _list(kinds) for name, kinds in wish["hosts"].items()}, wish["mutes"])


def _list(given):
    return given if isinstance(given, list) else [given]
