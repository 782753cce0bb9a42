# SPDX-License-Identifier: GPL-3.0-or-later
"""DAG files are told by a digest, so that hosts can be compared."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import dags
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files


@pytest.fixture(name="look")
def looker(tmp_path):
    def look(name, options=None, **contents):
        for file, text in contents.items():
            (tmp_path / name / "dags" / "team").mkdir(parents=True, exist_ok=True)
            (tmp_path / name / "dags" / "team" / (file + ".py")).write_text(text)
        return dags.look(Files(str(tmp_path)), "/" + name, {} if options is None else options)

    return look


def test_equal_files_have_an_equal_digest_wherever_they_lie(look):
    one, other = look("one", a="x", b="y"), look("other", a="x", b="y")
    assert one == {"folder": "/one/dags", "files": 2, "digest": other["digest"]}


@pytest.mark.parametrize("contents", [{"a": "x"}, {"a": "x", "b": "z"}, {"a": "x", "c": "y"}, {"a": "x", "b": "y" * (dags.LARGEST + 1)}])
def test_other_files_have_another_one(look, contents):
    assert look("one", a="x", b="y")["digest"] != look("other", **contents)["digest"]


def test_the_folder_is_the_one_that_airflow_is_told(look):
    look("one", a="x")
    assert look("two", {"core.dags_folder": {"value": "/one/dags"}})["folder"] == "/one/dags"


@pytest.mark.parametrize("options", [{}, {"core.dags_folder": {"value": "/nowhere"}}, {"core.dags_folder": {"unknown": "it comes from a command"}}])
def test_where_no_folder_is_nothing_is_told(look, options):
    assert look("one", options) is None
