# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module service_config as a whole; systemctl answers as recorded on Debian 13."""
from __future__ import annotations

import grp
import json
import os
import pwd

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _kept
from ansible_collections.steady.airflow.plugins.modules import service_config
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES
from ansible_collections.steady.airflow.tests.unit.stage import result_of

SECRET = "correct horse battery staple"


@pytest.fixture(name="record", autouse=True)
def record_of_the_test(tmp_path, monkeypatch):
    monkeypatch.setattr(_kept, "RECORD", str(tmp_path / "state/kept"))
    return tmp_path / "state/kept"


@pytest.fixture(name="systemctl")
def recorded_systemctl(tmp_path, monkeypatch):
    """Let systemctl print the first units of the recording, running since some year."""
    bin_directory = tmp_path / "bin"
    bin_directory.mkdir()

    def prepare(units=1, year="2026", knows_old_files=False):
        blocks = (FIXTURES / "systemd/show.txt").read_text(encoding="utf-8").split("\n\n")[:units]
        (tmp_path / "shown").write_text(
            "\n\n".join(blocks).replace("2026", year).replace("NeedDaemonReload=no", "NeedDaemonReload=" + "no yes".split()[knows_old_files]))
        script = bin_directory / "systemctl"
        script.write_text('#!/bin/sh\necho "$@" >>%s/calls\ncat %s/shown\n' % (tmp_path, tmp_path))
        script.chmod(0o755)

    monkeypatch.setenv("PATH", "%s:%s" % (bin_directory, os.environ["PATH"]))
    prepare()
    return prepare


def entry(path, content="a\n", **more):
    owner, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    return dict({"path": str(path), "content": content, "owner": owner, "group": group}, **more)


def unit(name="etcd.service", restart_on=(), reload_on=()):
    return {"name": name, "restart_on": [str(one) for one in restart_on], "reload_on": [str(one) for one in reload_on]}


def test_a_file_newer_than_the_process_needs_a_restart_until_there_was_one(tmp_path, systemctl, capsys):
    path = tmp_path / "settings"
    wish = {"files": [entry(path)], "units": [unit(restart_on=[path])]}
    first = result_of(service_config.main, capsys, **wish)
    assert (first["changed"], first["changed_paths"], first["pending"]) == (True, [str(path)], {"etcd.service": "restart"})
    # the run ended before the restart: nothing changes any more, and the need is still told
    second = result_of(service_config.main, capsys, **wish)
    assert (second["changed"], second["pending"]) == (False, {"etcd.service": "restart"})
    systemctl(year="2099")
    assert result_of(service_config.main, capsys, **wish)["pending"] == {"etcd.service": ""}


def test_a_unit_that_begins_with_the_old_files_is_stopped_but_for_check_mode(tmp_path, systemctl, capsys):
    path = tmp_path / "settings"
    wish = {"files": [entry(path)], "units": [unit(restart_on=[path])]}
    shown = tmp_path / "shown"
    shown.write_text(shown.read_text().replace("ActiveState=active", "ActiveState=activating"))
    assert result_of(service_config.main, capsys, _ansible_check_mode=True, **wish)["pending"] == {"etcd.service": "start"}
    assert "stop" not in (tmp_path / "calls").read_text()
    assert result_of(service_config.main, capsys, **wish)["pending"] == {"etcd.service": "start"}
    assert (tmp_path / "calls").read_text().splitlines()[-1] == "stop etcd.service"


def test_each_unit_gets_its_own_answer(tmp_path, systemctl, capsys):
    systemctl(units=4, year="2099")
    units = [unit("etcd.service"), unit("patroni.service"), unit("haproxy.service"), unit("postgresql.service")]
    result = result_of(service_config.main, capsys, units=units)
    assert result["pending"] == {"etcd.service": "", "patroni.service": "", "haproxy.service": "", "postgresql.service": "start"}
    asked = (tmp_path / "calls").read_text().split()
    assert asked[-4:] == [one["name"] for one in units] and "--timestamp=us+utc" in asked


def test_a_file_that_needs_only_a_reload(tmp_path, systemctl, capsys):
    path = tmp_path / "settings"
    result = result_of(service_config.main, capsys, files=[entry(path)], units=[unit(reload_on=[path])])
    assert result["pending"] == {"etcd.service": "reload"}


def test_check_mode_foresees_the_need(tmp_path, systemctl, capsys):
    systemctl(year="2099")
    path = tmp_path / "settings"
    path.write_text("old\n")
    wish = {"files": [entry(path)], "units": [unit(restart_on=[path])], "_ansible_check_mode": True}
    result = result_of(service_config.main, capsys, **wish)
    assert (result["changed"], result["pending"], path.read_text()) == (True, {"etcd.service": "restart"}, "old\n")
    assert (result["diff"][0]["before"], result["diff"][0]["after"]) == ("old\n", "a\n")


@pytest.mark.parametrize(("needed", "check", "reads"), [(True, False, True), (True, True, False), (False, False, False)])
def test_systemd_reads_changed_unit_files_at_once(tmp_path, systemctl, capsys, needed, check, reads):
    systemctl(knows_old_files=needed)
    result_of(service_config.main, capsys, units=[unit()], _ansible_check_mode=check)
    assert ("daemon-reload" in (tmp_path / "calls").read_text()) is reads


def test_secrets_are_written_and_never_shown(tmp_path, capsys):
    path = tmp_path / "secrets"
    path.write_text("an older secret\n")
    result = result_of(service_config.main, capsys, secret_files=[entry(path, SECRET, mode="0600")], _ansible_diff=True)
    assert (result["changed"], result["changed_paths"], result["diff"]) == (True, [str(path)], [])
    assert path.read_text() == SECRET
    assert SECRET not in json.dumps(result) and "older" not in json.dumps(result)


def test_the_journal_tells_which_files_and_no_content(tmp_path, monkeypatch, capsys):
    logged = []
    monkeypatch.setattr(service_config.AnsibleModule, "log", lambda module, text, **more: logged.append(text))
    result_of(service_config.main, capsys, secret_files=[entry(tmp_path / "secrets", "password: %s\nuser: x\n" % SECRET)])
    assert logged == ["Invoked for %s" % (tmp_path / "secrets")]


def test_a_failure_tells_what_was_changed_before_it(tmp_path, capsys):
    (tmp_path / "is_a_directory").mkdir()
    files = [entry(tmp_path / "first"), entry(tmp_path / "is_a_directory")]
    result = result_of(service_config.main, capsys, files=files)
    assert result["failed"] and result["changed_paths"] == [str(tmp_path / "first")]
    assert result["msg"] == "%s cannot be written: Is a directory" % (tmp_path / "is_a_directory")


@pytest.mark.parametrize("state, lacks", [("file", "content"), ("link", "target")])
def test_what_a_state_needs_is_asked_for(tmp_path, capsys, state, lacks):
    result = result_of(service_config.main, capsys, files=[{"path": str(tmp_path / "x"), "state": state}])
    assert result["failed"] and lacks in result["msg"]


def test_without_units_nobody_is_asked(tmp_path, systemctl, capsys):
    assert result_of(service_config.main, capsys)["pending"] == {}
    assert not (tmp_path / "calls").exists()


def test_what_is_kept_is_recorded_once_and_not_in_check_mode(tmp_path, systemctl, record, capsys):
    wish = {"files": [entry(tmp_path / "a")], "secret_files": [entry(tmp_path / "b")], "units": [unit()]}
    result_of(service_config.main, capsys, _ansible_check_mode=True, **wish)
    assert not record.exists()
    for _again in range(2):
        result_of(service_config.main, capsys, **wish)
    assert record.read_text().splitlines() == ["path %s/a" % tmp_path, "path %s/b" % tmp_path, "unit etcd.service"]


def test_a_record_that_cannot_be_written_is_told(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(_kept, "RECORD", str(tmp_path / "file/kept"))
    result = result_of(service_config.main, capsys, files=[entry(tmp_path / "a")])
    assert result["failed"] and result["msg"].startswith("%s/file/kept cannot be written" % tmp_path)
