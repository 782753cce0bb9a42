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
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import compose, files, page, verdict


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
        told = [wish[name] for name in ("config", "compose", "environment", "components")]
        if not any(told) and not wish["hosts"]:
            raise BadOption("nothing is named: give config, compose, environment, components or hosts")
        subject = wish["config"] or wish["compose"] or next(iter(wish["environment"]), "") or "the configuration"
        shared = files.environment(self._paths(wish["environment"]))
        components = {name: files.environment(self._paths(given), shared) for name, given in wish["components"].items()}
        composed = compose.read(*self._paths(wish["compose"])) if wish["compose"] else {"components": {}, "kinds": [], "version": ""}
        components.update({name: {**shared, **own} for name, own in composed["components"].items()})
        hosts = {name: _list(kinds) for name, kinds in wish["hosts"].items()} or ({subject: composed["kinds"]} if composed["kinds"] else {})
        installations = files.installations(subject, next(iter(self._paths(wish["config"])), None), components or ({"": shared} if any(told) else {}),
                                            wish["version"] or composed["version"], secrets.token_hex())
        return verdict.of_told(installations, hosts, wish["mutes"])

    def _paths(self, given):
        return [files.under(self._loader.get_basedir(), path) for path in _list(given)]


def _list(given):
    return given if isinstance(given, list) else [given] if given else []
