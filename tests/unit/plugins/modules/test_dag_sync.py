# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module dag_sync as its action plugin calls it."""
from __future__ import annotations

import grp
import os

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _dag_set
from ansible_collections.steady.airflow.plugins.modules import dag_sync
from ansible_collections.steady.airflow.tests.unit.stage import result_of

GROUP = grp.getgrgid(os.getegid()).gr_name


@pytest.fixture(name="sync")
def synchronizer(tmp_path, capsys):
    source = tmp_path / "dags"
    source.mkdir()

    def sync(content=None, archive=True, **more):
        if content is not None:
            (source / "one.py").write_text(content)
        digest, data = _dag_set.pack(str(source))
        (tmp_path / "archive").write_bytes(data)
        wish = {"source": str(source), "path": str(tmp_path / "host/current"), "group": GROUP, "digest": digest}
        return result_of(dag_sync.main, capsys, **dict(wish, **dict({"archive": str(tmp_path / "archive")} if archive else {}, **more)))

    return sync


def test_missing_files_are_asked_for_and_nothing_is_touched(sync, tmp_path):
    result = sync("1", archive=False)
    assert (result["missing"], result["changed"], result["digest"]) == (True, False, None)
    assert not (tmp_path / "host").exists()


def test_files_arrive_once(sync, tmp_path):
    first = sync("1")
    assert first["changed"] and (tmp_path / "host/current/one.py").read_text() == "1"
    again = sync(archive=False)
    assert (again["changed"], again["missing"], again["digest"]) == (False, False, first["digest"])


def test_a_set_that_the_host_still_has_is_not_sent_again(sync, tmp_path):
    sync("1")
    sync("2")
    back = sync("1", archive=False)
    assert back["changed"] and (tmp_path / "host/current/one.py").read_text() == "1"


def test_check_mode_shows_both_digests_and_writes_nothing(sync, tmp_path):
    first = sync("1")
    result = sync("2", _ansible_check_mode=True)
    assert result["changed"] and result["diff"]["before"] == "%s\n" % first["digest"] != result["diff"]["after"]
    assert (tmp_path / "host/current/one.py").read_text() == "1"


def test_without_a_source_the_host_keeps_what_it_has(sync):
    first = sync("1")
    result = sync(source="", digest=_dag_set.pack("")[0])
    assert (result["changed"], result["digest"]) == (False, first["digest"])


def test_without_a_source_a_new_host_gets_an_empty_set(sync, tmp_path):
    assert sync(source="")["changed"]
    assert not os.listdir(tmp_path / "host/current")


def test_a_full_disk_leaves_the_earlier_files_in_use(sync, tmp_path, monkeypatch):
    sync("1")

    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_dag_set.tarfile.TarFile, "extractall", full)
    result = sync("2")
    assert result["msg"] == (
        "The DAG files could not be written below %s: No space left on device. The earlier ones stay in use." % (tmp_path / "host"))
    assert (tmp_path / "host/current/one.py").read_text() == "1"


def test_an_unknown_group_is_told(sync):
    assert "no such group: 'nobody-knows-it'" in sync("1", group="nobody-knows-it")["msg"]
