# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import backups
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files


@pytest.mark.parametrize("text, told", [
    (None, None), ("{", None),
    (json.dumps({"time": 5.0, "problems": ["x"], "proof": None, "backups": [{"label": "y"}]}),
     {"time": 5.0, "problems": ["x"], "proof": None, "running": None}),
])
def test_what_the_watch_saw_is_told_where_there_is_one(tmp_path, text, told):
    if text is not None:
        (tmp_path / "run/steady-airflow-backup").mkdir(parents=True)
        (tmp_path / "run/steady-airflow-backup/backups.json").write_text(text)
    assert backups.look(Files(str(tmp_path))) == told
