# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of DAG files: equal when their files are, whole or not there."""
from __future__ import annotations

import grp
import io
import os
import socket
import tarfile

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _dag_set

GROUP = grp.getgrgid(os.getegid()).gr_name


@pytest.fixture(name="source")
def dag_files(tmp_path):
    source = tmp_path / "dags"
    (source / "lib/__pycache__").mkdir(parents=True)
    (source / ".git").mkdir()
    for name in ("one.py", "lib/two.py", "lib/__pycache__/two.cpython-313.pyc", "stray.pyc", ".git/config"):
        (source / name).write_text(name)
    return source


def names(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert all(member.isreg() for member in archive)
        return archive.getnames()


def unpacked(tmp_path, source):
    """A host with a link to a set of these files."""
    digest, data = _dag_set.pack(str(source))
    (tmp_path / "archive").write_bytes(data)
    path = str(tmp_path / "host/current")
    _dag_set.unpack(str(tmp_path / "archive"), path, digest, GROUP)
    _dag_set.switch(path, digest)
    return path, digest


def test_only_what_is_meant_is_packed(source):
    assert names(_dag_set.pack(str(source))[1]) == ["lib/two.py", "one.py"]


def test_equal_files_are_an_equal_set(source, tmp_path):
    first = _dag_set.pack(str(source))
    os.utime(source / "one.py", (1, 1))
    (source / "one.py").chmod(0o664)
    assert _dag_set.pack(str(source)) == first
    source.rename(tmp_path / "elsewhere")
    assert _dag_set.pack(str(tmp_path / "elsewhere")) == first


@pytest.mark.parametrize("change", [
    lambda source: (source / "one.py").write_text("other"),
    lambda source: (source / "one.py").rename(source / "two.py"),
    lambda source: (source / "one.py").unlink(),
    lambda source: (source / "one.py").chmod(0o755),
])
def test_other_files_are_another_set(source, change):
    first = _dag_set.pack(str(source))[0]
    change(source)
    assert _dag_set.pack(str(source))[0] != first


def test_links_are_followed_under_their_own_names(source, tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/common.py").write_text("common")
    (source / "linked.py").symlink_to(tmp_path / "shared/common.py")
    (source / "shared").symlink_to(tmp_path / "shared")
    os.link(source / "one.py", source / "same.py")
    assert names(_dag_set.pack(str(source))[1]) == ["lib/two.py", "linked.py", "one.py", "same.py", "shared/common.py"]


def test_what_is_no_file_is_left_out(source):
    (source / ".#one.py").symlink_to("nobody@nowhere:1")  # as Emacs locks a file
    (source / "lib/back").symlink_to(source)
    with socket.socket(socket.AF_UNIX) as unix:
        folder = os.open(source, os.O_DIRECTORY)
        unix.bind("/proc/self/fd/%d/door" % folder)
        os.close(folder)
    assert names(_dag_set.pack(str(source))[1]) == ["lib/two.py", "one.py"]


def test_no_source_is_an_empty_set():
    assert names(_dag_set.pack("")[1]) == []


def test_a_set_is_unpacked_and_switched_to(source, tmp_path):
    path, digest = unpacked(tmp_path, source)
    assert _dag_set.present(path) == digest
    assert open(path + "/lib/two.py", encoding="utf-8").read() == "lib/two.py"
    assert sorted(os.listdir(tmp_path / "host")) == ["current", "sets"]
    assert os.listdir(tmp_path / "host/sets") == [digest]


def test_the_group_can_read_whatever_the_umask_is(source, tmp_path):
    before = os.umask(0o077)
    try:
        path, _digest = unpacked(tmp_path, source)
    finally:
        os.umask(before)
    for one in ("", "/..", "/lib"):
        assert os.stat(path + one).st_mode & 0o070 == 0o050
    assert os.stat(path + "/lib/two.py").st_mode & 0o070 == 0o040


def test_a_damaged_archive_is_not_unpacked(source, tmp_path):
    digest, data = _dag_set.pack(str(source))
    (tmp_path / "archive").write_bytes(data[:1100])
    with pytest.raises(OSError, match="damaged"):
        _dag_set.unpack(str(tmp_path / "archive"), str(tmp_path / "host/current"), digest, GROUP)
    assert not (tmp_path / "host").exists()


def test_what_cannot_be_unpacked_leaves_nothing_behind(source, tmp_path):
    digest, data = _dag_set.pack(str(source))
    (tmp_path / "archive").write_bytes(data)
    with pytest.raises(LookupError):
        _dag_set.unpack(str(tmp_path / "archive"), str(tmp_path / "host/current"), digest, "nobody-knows-it")
    assert os.listdir(tmp_path / "host/sets") == []


def test_what_a_killed_run_left_behind_is_cleared(source, tmp_path):
    os.makedirs(_dag_set.set_directory(str(tmp_path / "host/current"), _dag_set.pack(str(source))[0]) + ".partial/odd")
    path, _digest = unpacked(tmp_path, source)
    assert sorted(os.listdir(path)) == ["lib", "one.py"]


def test_a_set_that_is_gone_is_not_present(tmp_path):
    (tmp_path / "current").symlink_to("sets/gone")
    assert _dag_set.present(str(tmp_path / "current")) is None
    assert _dag_set.present(str(tmp_path / "nothing")) is None


def test_the_latest_sets_are_kept_and_the_present_one_always(source, tmp_path):
    digests = []
    for number in range(4):
        (source / "one.py").write_text(str(number))
        path, digest = unpacked(tmp_path, source)
        os.utime(_dag_set.set_directory(path, digest), (number, number))
        digests.append(digest)
    _dag_set.switch(path, digests[0])  # back to the oldest
    _dag_set.prune(path, 1)
    assert sorted(os.listdir(tmp_path / "host/sets")) == sorted([digests[0], digests[3]])
