# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are written as a whole or not at all."""
from __future__ import annotations

import errno
import grp
import os
import pwd
import stat

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.module_utils import _files


def module(check_mode=False):
    with patch_module_args({"_ansible_check_mode": check_mode}):
        return AnsibleModule(argument_spec={}, supports_check_mode=True)


def wish(path, **more):
    """A wanted file of whoever runs the tests."""
    wanted = {"path": str(path), "state": "file", "content": "new\n", "target": None, "mode": "0644", "validate": None}
    wanted.update(owner=pwd.getpwuid(os.geteuid()).pw_name, group=grp.getgrgid(os.getegid()).gr_name)
    return dict(wanted, **more)


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def broken(code):
    def fail(*_arguments):
        raise OSError(code, os.strerror(code))

    return fail


def test_a_file_is_made_with_its_directory(tmp_path):
    path = tmp_path / "etc/service/settings"
    difference = _files.apply(module(), wish(path, mode="0640"))
    assert (path.read_text(), mode_of(path)) == ("new\n", 0o640)
    assert (difference["before"], difference["after"]) == ("", "new\n")
    assert os.listdir(path.parent) == ["settings"]


def test_what_is_as_wanted_is_left_alone(tmp_path):
    path = tmp_path / "settings"
    _files.apply(module(), wish(path))
    before = os.stat(path)
    assert _files.apply(module(), wish(path)) is None
    assert (os.stat(path).st_ino, os.stat(path).st_ctime_ns) == (before.st_ino, before.st_ctime_ns)


def test_a_changed_file_is_replaced_and_not_rewritten(tmp_path):
    path = tmp_path / "settings"
    path.write_text("old\n")
    with path.open() as reader:
        assert _files.apply(module(), wish(path))["before"] == "old\n"
        assert reader.read() == "old\n"  # who reads the old one meanwhile still has all of it
    assert path.read_text() == "new\n"


def test_a_mode_alone_is_a_change(tmp_path):
    path = tmp_path / "settings"
    path.write_text("new\n")
    path.chmod(0o600)
    assert _files.apply(module(check_mode=True), wish(path, mode="0640"))["after"] == "as wanted\n"
    assert mode_of(path) == 0o600
    assert _files.apply(module(), wish(path, mode="0640"))["before"] == "different\n"
    assert mode_of(path) == 0o640
    assert _files.apply(module(), wish(path, mode="0640")) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_an_owner_alone_is_a_change(tmp_path):
    path = tmp_path / "settings"
    path.write_text("new\n")
    assert _files.apply(module(), wish(path, owner="daemon", group="daemon"))["before"] == "different\n"
    assert (path.owner(), path.group()) == ("daemon", "daemon")


def test_text_that_is_no_utf8_is_replaced(tmp_path):
    path = tmp_path / "settings"
    path.write_bytes(b"\xff\n")
    assert _files.apply(module(), wish(path))["after"] == "new\n"


def test_check_mode_tells_and_touches_nothing(tmp_path):
    for wanted in (wish(tmp_path / "file"), wish(tmp_path / "directory", state="directory"),
                   wish(tmp_path / "link", state="link", target="/dev/null")):
        assert _files.apply(module(check_mode=True), wanted)
    assert not os.listdir(tmp_path)


def test_what_is_judged_invalid_never_takes_its_place(tmp_path):
    path = tmp_path / "settings"
    path.write_text("old\n")
    with pytest.raises(_files.Unwritable, match="would not be valid and was left as it is: .*No such"):
        _files.apply(module(), wish(path, validate="ls /nowhere %s"))
    assert path.read_text() == "old\n"
    assert os.listdir(tmp_path) == ["settings"]


def test_what_is_judged_valid_takes_its_place(tmp_path):
    assert _files.apply(module(), wish(tmp_path / "settings", validate="grep -q new %s"))


def test_a_judge_knows_the_file_by_its_name(tmp_path):
    with pytest.raises(_files.Unwritable) as caught:
        _files.apply(module(), wish(tmp_path / "my.service", validate="ls --nonsense %s/my.service"))
    assert str(tmp_path / "my.service") in str(caught.value)
    assert _files.apply(module(), wish(tmp_path / "my.service", validate="find %s -name my.service"))


def test_a_judge_may_have_to_say_nothing(tmp_path):
    with pytest.raises(_files.Unwritable, match="left as it is: new"):
        _files.apply(module(), wish(tmp_path / "settings", validate="cat %s", silent=True))
    assert os.listdir(tmp_path) == []
    assert _files.apply(module(), wish(tmp_path / "settings", validate="true %s", silent=True))


def test_what_a_judge_says_of_secrets_is_not_told(tmp_path):
    with pytest.raises(_files.Unwritable) as caught:
        _files.apply(module(), wish(tmp_path / "settings", content="a password", validate="grep x%s a"), secret=True)
    assert "password" not in str(caught.value) and "may tell a secret" in str(caught.value)


@pytest.mark.parametrize("code, says", [
    (errno.ENOSPC, "no space is left on its file system. Free some space there and run again"),
    (errno.EDQUOT, "no space is left on its file system"),
    (errno.EROFS, "its file system is read-only"),
    (errno.EIO, "Input/output error"),
])
def test_a_disk_that_takes_nothing_keeps_the_old_file(tmp_path, monkeypatch, code, says):
    path = tmp_path / "settings"
    path.write_text("old\n")
    monkeypatch.setattr(_files.os, "fsync", broken(code))
    with pytest.raises(_files.Unwritable, match=says) as caught:
        _files.apply(module(), wish(path))
    assert str(path) in str(caught.value)
    assert (path.read_text(), os.listdir(tmp_path)) == ("old\n", ["settings"])


def test_a_directory_is_made_once(tmp_path):
    wanted = wish(tmp_path / "a/b", state="directory", mode="0755")
    assert _files.apply(module(), wanted)["after"] == "directory\n"
    assert _files.apply(module(), wanted) is None
    assert mode_of(tmp_path / "a/b") == 0o755


def test_a_link_is_made_turned_and_left(tmp_path):
    path = tmp_path / "current"
    assert _files.apply(module(), wish(path, state="link", target="1"))["before"] == "absent\n"
    assert _files.apply(module(), wish(path, state="link", target="2"))["before"] == "1\n"
    assert _files.apply(module(), wish(path, state="link", target="2")) is None
    assert (os.readlink(path), os.listdir(tmp_path)) == ("2", ["current"])


def test_a_link_takes_no_directory_s_place(tmp_path):
    (tmp_path / "current").mkdir()
    with pytest.raises(_files.Unwritable, match="Is a directory"):
        _files.apply(module(), wish(tmp_path / "current", state="link", target="2"))
    assert os.listdir(tmp_path) == ["current"]


def test_what_is_not_wanted_is_removed(tmp_path):
    path = tmp_path / "settings"
    path.symlink_to("/nowhere")
    wanted = wish(path, state="absent", content=None)
    assert _files.apply(module(check_mode=True), wanted) and os.path.islink(path)
    assert _files.apply(module(), wanted)["after"] == "absent\n"
    assert _files.apply(module(), wanted) is None


def test_the_newest_change_counts_and_modes_are_changes(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("")
    new.write_text("")
    os.utime(new, (1, 1))  # a restored modification time hides nothing
    assert _files.newest_change([str(old), str(new), "/nowhere"]) == os.stat(new).st_ctime
    assert _files.newest_change(["/nowhere"]) == _files.newest_change([]) == 0.0
