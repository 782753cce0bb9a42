# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads files of the controller and judges them. No host is asked; the module beside it is its documentation."""

from __future__ import annotations

import secrets

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.modules.airflow_ha_audit import OPTIONS
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import page, verdict, written


class ActionModule(ActionBase):
    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _checked, wish = self.validate_argument_spec(OPTIONS)
        try:
            found = verdict.of_written(written.subjects(wish, self._loader.get_basedir(), secrets.token_hex()), wish["mutes"])
            bad = verdict.failing(found, wish["fail_on"])
        except BadOption as error:
            raise AnsibleActionFail(str(error)) from error
        ids = ", ".join(dict.fromkeys(each["id"] for each in bad))
        return {"changed": False, "failed": bool(bad), "msg": f"found: {ids}" if bad else page.summary(found),
                "report": page.text(found).splitlines(), **found}
