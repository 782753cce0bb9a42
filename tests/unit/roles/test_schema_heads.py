# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that asks an installed Airflow for the heads of its schema, with a tree of files in Airflow's shape."""
from __future__ import annotations

import importlib.util
import json
import os
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT


class ScriptDirectory:
    """As much of Alembic's as is used: the head stands in a file."""

    def __init__(self, path):
        self.path = path

    def get_current_head(self):
        with open(os.path.join(self.path, "head"), encoding="utf-8") as head:
            return head.read()


@pytest.fixture(name="script")
def schema_heads(tmp_path, monkeypatch):
    for path, head in (("airflow/migrations", "aaa"), ("airflow/providers/fab/migrations", "bbb")):
        (tmp_path / path).mkdir(parents=True)
        (tmp_path / path / "head").write_text(head)
    alembic = types.ModuleType("alembic.script")
    alembic.ScriptDirectory = ScriptDirectory
    monkeypatch.setitem(sys.modules, "alembic", types.ModuleType("alembic"))
    monkeypatch.setitem(sys.modules, "alembic.script", alembic)
    monkeypatch.setattr(sys, "path", ["/nowhere", str(tmp_path)] + sys.path)
    spec = importlib.util.spec_from_file_location("schema_heads", ROOT / "roles/airflow/files/schema_heads.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_heads_of_both_tables_are_written(script, tmp_path):
    target = tmp_path / "steady-complete.json"
    script.main(str(target))
    assert json.loads(target.read_text()) == {"alembic_version": "aaa", "alembic_version_fab": "bbb"}
    assert not (tmp_path / "steady-complete.json.new").exists()


def test_an_airflow_that_does_not_work_is_not_declared_complete(script, tmp_path):
    (tmp_path / "airflow/providers/fab/migrations/head").unlink()
    with pytest.raises(FileNotFoundError):
        script.main(str(tmp_path / "steady-complete.json"))
    assert not (tmp_path / "steady-complete.json").exists()
