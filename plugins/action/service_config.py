# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the host only when the look at its start does not tell that everything is as wanted."""

from __future__ import annotations

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.steady.airflow.plugins.module_utils import _kept, _service
from ansible_collections.steady.airflow.plugins.plugin_utils import _look

MODULE = "steady.airflow.service_config"


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        kept = _look.fresh(task_vars)
        told = kept and self._judge(kept)
        if not told:
            told = self._execute_module(module_name=MODULE, task_vars=task_vars)
            if kept and told.get("changed_paths"):
                told["ansible_facts"] = _look.overtaken(kept)
        return {**result, **told}

    def _judge(self, kept):
        wish = ArgumentSpecValidator(_service.ARGUMENTS).validate(self._task.args)
        return None if wish.error_messages else _kept.answer(wish.validated_parameters, kept)
