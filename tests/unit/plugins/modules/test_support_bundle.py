# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import stat
import tarfile

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.modules import support_bundle

SECRET = "a-secret-of-the-deployment"
REPORT = {"units": {}, "journals": {"etcd.service": "it said %s\n" % SECRET}, "files": {}, "commands": {"disks": "all empty\n"}}


@pytest.fixture(name="write")
def run_of_the_module(capsys, tmp_path):
    def run(directory=tmp_path / "new", **more):
        with patch_module_args({"directory": str(directory), "reports": {"node1": REPORT, "node2": {"msg": "gone"}}, "secrets": [SECRET], **more}):
            with pytest.raises(SystemExit):
                support_bundle.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_one_archive_for_its_owner_alone_and_without_secrets(write, tmp_path):
    told = write()
    path = tmp_path / "new/support.tar.gz"
    assert told["path"] == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with tarfile.open(path) as archive:
        texts = {entry.name: archive.extractfile(entry).read().decode() for entry in archive}
    assert texts["support/node1/disks.txt"] == "all empty\n"
    assert SECRET not in "".join(texts.values())
    assert told["left_out"] == ["node1/journal/etcd.service.log"]
    assert (tmp_path / "new/summary.txt").read_text().splitlines() == told["summary"] == ["node2 does not answer: gone"]


def test_check_mode_writes_nothing(write, tmp_path):
    assert write(_ansible_check_mode=True)["summary"] == ["node2 does not answer: gone"]
    assert not (tmp_path / "new").exists()


def test_a_place_that_cannot_be_written_is_named_with_the_variable(write, tmp_path):
    (tmp_path / "file").write_text("")
    told = write(directory=tmp_path / "file/below")
    assert told["failed"] and "support_bundle_directory" in told["msg"]
