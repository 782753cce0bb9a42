# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.plugins.modules import support_info

SECRET = "a-secret-of-the-deployment"
# recorded from systemd 257
SHOWN = """Id=etcd.service
ActiveState=active
SubState=running
Result=success
NRestarts=0
ExecMainStatus=0
ActiveEnterTimestamp=Sat 2026-11-28 22:52:01 UTC

Id=cron.service
ActiveState=failed
SubState=failed
Result=exit-code
NRestarts=0
ExecMainStatus=1
ActiveEnterTimestamp=
"""
FAILED = "cron.service loaded failed failed Regular background program processing daemon\n"


@pytest.fixture(name="look")
def look_of_the_module(monkeypatch, capsys, tmp_path):
    asked = []

    def answer(self, command, **_more):
        asked.append(command)
        said = {"systemctl": FAILED if "list-units" in command else SHOWN, "journalctl": "it said %s\n" % SECRET}
        return (0, said[command[0]], "") if command[0] in said else (1, "", "no such program\n")

    def run(**wish):
        (tmp_path / "etc").mkdir()
        (tmp_path / "etc/hosts").write_text("127.0.0.1 localhost\npassword = never-told\n")
        monkeypatch.setattr(support_info, "Files", lambda: Files(str(tmp_path)))
        monkeypatch.setattr(support_info.AnsibleModule, "run_command", answer)
        with patch_module_args(wish), pytest.raises(SystemExit):
            support_info.main()
        return json.loads(capsys.readouterr().out)["support"], asked

    return run


def test_units_journals_and_files_are_told_without_secrets(look):
    seen, asked = look(units=["etcd.service"], files=["/etc/hosts", "/etc/nowhere"], secrets=[SECRET], journal_lines=7)
    assert {name: unit["ActiveState"] for name, unit in seen["units"].items()} == {"etcd.service": "active", "cron.service": "failed"}
    assert sorted(seen["journals"]) == ["cron.service", "etcd.service"]
    assert seen["journals"]["etcd.service"] == "it said [removed]\n"
    assert seen["files"] == {"/etc/hosts": "127.0.0.1 localhost\npassword = [removed]\n"}
    assert seen["commands"]["disks"] == "no such program\n"
    assert ["journalctl", "--no-pager", "--output=short-iso", "--lines=7", "--unit", "etcd.service"] in asked
