# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs the DAG files on the controller and sends them only to hosts that lack them."""

from __future__ import annotations

import os
import tempfile

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.steady.airflow.plugins.module_utils import _dag_set
from ansible_collections.steady.airflow.plugins.plugin_utils import _look

MODULE = "steady.airflow.dag_sync"


class ActionModule(ActionBase):
    TRANSFERS_FILES = True

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        source = os.path.expanduser(self._task.args.get("source") or "")
        if source and not os.path.isdir(source):
            raise AnsibleActionFail(f"{source} (dag_sync_source) is no directory on the controller")
        digest, data = _dag_set.pack(source)
        if self._is_there(_look.fresh(task_vars), digest if source else None):
            return {"changed": False, "digest": digest, "missing": False}
        args = dict(self._task.args, source=source, digest=digest)
        result = self._execute_module(module_name=MODULE, module_args=args, task_vars=task_vars)
        if not result.get("missing"):
            return result
        self._make_tmp_path()
        try:
            archive = self._send(data)
            return self._execute_module(module_name=MODULE, module_args=dict(args, archive=archive), task_vars=task_vars)
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)

    def _is_there(self, kept, digest):
        """Whether the look at the host's start tells that the link leads to this set, or to any set without a digest."""
        link = ((kept or {}).get("files") or {}).get(self._task.args.get("path")) or {}
        return link.get("resolves") and (digest is None or link["target"] == _dag_set.target(digest))

    def _send(self, data):
        remote = self._connection._shell.join_path(self._connection._shell.tmpdir, "dags.tar")
        with tempfile.NamedTemporaryFile() as local:
            local.write(data)
            local.flush()
            self._transfer_file(local.name, remote)
        self._fixup_perms2((self._connection._shell.tmpdir, remote))
        return remote
