# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.plugins.modules import audit_info
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

SHOWN = (FIXTURES / "audit/systemctl.txt").read_text(encoding="utf-8")


@pytest.fixture
def look(monkeypatch, capsys, tmp_path):
    """What the module tells of a host with these files, and what it has run there."""
    commands = []

    def answer(self, command, **_more):
        commands.append(command[0])
        return (0, SHOWN, "") if command[0] == "systemctl" else (2, "", "no server")

    def run(systemd, units=None):
        if systemd:
            (tmp_path / "run/systemd/system").mkdir(parents=True)
            (tmp_path / "proc/1").mkdir(parents=True)
            (tmp_path / "proc/1/comm").write_text("systemd\n")
        monkeypatch.setattr(audit_info, "Files", lambda: Files(str(tmp_path)))
        monkeypatch.setattr(audit_info.AnsibleModule, "run_command", answer)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(audit_info.airflow.health, "look", lambda *_asked: None)  # the recorded address is nobody's here
        with patch_module_args({"salt": "0123456789abcdef", "controller_time": 100.0, "units": units or {}}):
            with pytest.raises(SystemExit):
                audit_info.main()
        told = json.loads(capsys.readouterr().out)
        return told.get("audit", told), commands

    return run


def test_a_host_with_systemd_tells_its_services(look):
    seen, commands = look(systemd=True)
    assert {each["kind"] for each in seen["services"]} >= {"scheduler", "worker", "patroni", "haproxy"}
    assert all(set(each) == {"kind", "unit", "container", "settings", "queues"} for each in seen["services"])
    assert commands == ["systemctl", "runuser"]
    assert seen["postgresql"] == {"problem": "PostgreSQL does not answer: no server"}
    assert seen["controller_time"] == 100.0


def test_a_host_without_systemd_starts_nothing(look):
    seen, commands = look(systemd=False)
    assert (seen["services"], seen["airflow"], commands) == ([], [], [])


def test_a_kind_that_nobody_knows_is_refused(look):
    told, commands = look(systemd=True, units={"ours.service": "schedular"})
    assert told["failed"] and told["msg"].startswith("units: schedular is none of api_server, dag_processor, ")
    assert commands == []
