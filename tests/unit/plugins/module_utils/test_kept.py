# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller judges by a look as the host itself would."""
from __future__ import annotations

import grp
import os
import pwd

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.steady.airflow.plugins.module_utils import _kept, _service
from ansible_collections.steady.airflow.plugins.module_utils._host import kept
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

OWNER = {"owner": pwd.getpwuid(os.geteuid()).pw_name, "group": grp.getgrgid(os.getegid()).gr_name}
RUNNING = _service.parse_show((FIXTURES / "systemd/show.txt").read_text(encoding="utf-8"))[0]


def params(**options):
    wish = ArgumentSpecValidator(_service.ARGUMENTS).validate(options)
    assert not wish.error_messages
    return wish.validated_parameters


@pytest.fixture(name="host")
def host_with_one_of_each(tmp_path):
    """A file, a directory, a link, and what service_config would want of them."""
    (tmp_path / "directory").mkdir(mode=0o750)
    (tmp_path / "file").write_text("städy\n", encoding="utf-8")
    (tmp_path / "file").chmod(0o640)
    (tmp_path / "link").symlink_to("file")
    return {
        "files": [
            dict(OWNER, path=str(tmp_path / "directory"), state="directory", mode="0750"),
            {"path": str(tmp_path / "link"), "state": "link", "target": "file"},
            {"path": str(tmp_path / "none"), "state": "absent"},
        ],
        "secret_files": [dict(OWNER, path=str(tmp_path / "file"), content="städy\n", mode="0640")],
        "units": [{"name": "etcd.service", "restart_on": [str(tmp_path / "file")]}],
    }


def look(wish, record, shown=RUNNING):
    """A look at the host after service_config was called with these options."""
    root = Files()
    root.lines = lambda path: _kept.record_lines(record or wish)
    return kept.look(root, lambda names: [shown for _name in names])


def judge(wish, record=None, shown=RUNNING):
    wish = params(**wish)
    return _kept.answer(wish, look(wish, params(**record) if record else None, shown))


def test_what_is_as_wanted_is_told_with_what_the_unit_needs(host):
    # the recorded unit was started before the file was written
    assert judge(host) == {"changed": False, "changed_paths": [], "pending": {"etcd.service": "restart"}, "diff": []}
    later = dict(RUNNING, ExecMainStartTimestamp="Sun 2099-11-22 10:48:15.196755 UTC")
    assert judge(host, shown=later)["pending"] == {"etcd.service": ""}
    assert judge(host, shown=dict(RUNNING, ActiveState="failed"))["pending"] == {"etcd.service": "start"}


@pytest.mark.parametrize("option, index, change", [
    ("files", 0, {"mode": "0755"}),
    ("files", 0, {"group": "nobody else"}),
    ("files", 0, {"state": "absent"}),
    ("files", 1, {"target": "directory"}),
    ("files", 1, {"state": "directory"}),
    ("files", 2, {"state": "file", "content": ""}),
    ("secret_files", 0, {"content": "steady\n"}),
    ("secret_files", 0, {"owner": "nobody else"}),
])
def test_any_difference_is_left_to_the_host(host, option, index, change):
    assert judge(host) is not None
    host[option][index].update(change)
    assert judge(host) is None


@pytest.mark.parametrize("forgotten", ["files", "secret_files", "units"])
def test_what_was_not_looked_at_is_left_to_the_host(host, forgotten):
    assert judge(host, record=dict(host, **{forgotten: []})) is None


def test_a_unit_file_that_systemd_has_not_read_is_left_to_the_host(host):
    assert judge(host, shown=dict(RUNNING, NeedDaemonReload="yes")) is None


def test_a_secret_cannot_be_recognised_between_two_looks(host):
    path = host["secret_files"][0]["path"]
    first, second = (look(params(**host), None)["files"][path]["digest"] for _time in range(2))
    assert first != second


def test_an_unreadable_file_is_left_to_the_host(tmp_path):
    assert kept.content_digest(str(tmp_path / "none"), "salt") == ""


def test_owners_without_a_name_are_numbers():
    def unknown(number):
        raise KeyError(number)

    assert kept.name_of(unknown, 4711) == "4711"


def test_a_broken_link_resolves_to_nothing(tmp_path):
    (tmp_path / "link").symlink_to("nowhere")
    assert kept.state(str(tmp_path / "link"), "salt")["resolves"] is False


def test_links_in_kept_directories_are_seen(tmp_path):
    for name in ("dags/sets/1", "var/lib/steady-airflow"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "dags/current").symlink_to("sets/1")
    (tmp_path / _kept.RECORD.lstrip("/")).write_text("path /dags\n")
    seen = kept.look(Files(str(tmp_path)), lambda names: [])["files"]
    assert sorted(seen) == ["/dags", "/dags/current"]
    assert (seen["/dags/current"]["target"], seen["/dags/current"]["resolves"]) == ("sets/1", True)


def test_a_record_is_read_in_order_and_without_repeats():
    lines = ["path /etc/a b", "unit x.service", "path /etc/c", "path /etc/a b", "", "path"]
    assert _kept.parse_record(lines) == (["/etc/a b", "/etc/c"], ["x.service"])
