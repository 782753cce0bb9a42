# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

from ansible_collections.steady.airflow.plugins.module_utils._host import clock, system
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files

OS_RELEASE = """PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
VERSION_ID="13"
VERSION_CODENAME=trixie
ID=debian
"""
DPKG = """Package: patroni
Status: install ok installed
Priority: optional
Version: 4.0.4-1
Description: high availability for PostgreSQL
 Version: of the description, not of the package

Package: haproxy
Status: deinstall ok config-files
Version: 3.0.11-1

Package: keepalived
Status: install ok installed
Version: 1:2.3.3-1
"""


def host(tmp_path, texts):
    for path, text in texts.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return Files(str(tmp_path))


def test_distribution_is_read_from_os_release(tmp_path):
    files = host(tmp_path, {"etc/os-release": OS_RELEASE})
    assert system.distribution(files) == {"id": "debian", "version": "13", "codename": "trixie"}


def test_a_system_without_os_release_has_no_distribution(tmp_path):
    assert system.distribution(Files(str(tmp_path))) == {"id": "", "version": "", "codename": ""}


def test_python_version_is_what_the_link_names(tmp_path):
    (tmp_path / "usr/bin").mkdir(parents=True)
    os.symlink("python3.13", tmp_path / "usr/bin/python3")
    assert system.python_version(Files(str(tmp_path))) == "3.13"


def test_python_version_is_unknown_without_a_link(tmp_path):
    assert system.python_version(Files(str(tmp_path))) == ""


def test_cpus_and_memory(tmp_path):
    files = host(tmp_path, {
        "proc/cpuinfo": "processor\t: 0\nmodel name\t: x\n\nprocessor\t: 1\n",
        "proc/meminfo": "MemTotal:       24683520 kB\nMemFree: 5 kB\n",
    })
    assert system.cpus(files) == 2
    assert system.memory_mb(files) == 24105


def test_nothing_is_known_without_proc(tmp_path):
    files = Files(str(tmp_path))
    assert (system.cpus(files), system.memory_mb(files), system.has_systemd(files)) == (0, 0, False)


def test_a_container_is_known_by_its_marks(tmp_path):
    assert not system.is_container(host(tmp_path, {"proc/1/environ": "HOME=/\0TERM=linux\0"}))
    assert system.is_container(host(tmp_path, {"proc/1/environ": "HOME=/\0container=lxc\0"}))
    assert system.is_container(host(tmp_path / "other", {".dockerenv": ""}))


def test_systemd_is_process_1_and_running(tmp_path):
    files = host(tmp_path, {"proc/1/comm": "systemd\n"})
    assert not system.has_systemd(files)
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert system.has_systemd(files)


def test_only_wanted_and_installed_packages_are_told(tmp_path):
    files = host(tmp_path, {"var/lib/dpkg/status": DPKG})
    wanted = ["patroni", "haproxy", "etcd-server"]
    assert system.packages(files, wanted) == {"patroni": "4.0.4-1"}
    assert system.packages(files, []) == {}


def test_room_is_that_of_the_nearest_existing_parent(tmp_path):
    (tmp_path / "opt").mkdir()
    room = system.filesystem(Files(str(tmp_path)), "/opt/airflow/3.3.2")
    assert room["existing"] == "/opt"
    assert room["free_mb"] > 0
    assert room["device"] == os.stat(tmp_path).st_dev
    assert system.filesystem(Files(str(tmp_path)), "/srv")["existing"] == "/"


def test_unreadable_files_are_empty(tmp_path):
    files = Files(str(tmp_path))
    assert (files.text("/none"), files.lines("/none"), files.link("/none"), files.names("/none")) == ("", [], "", [])


def test_clock_is_synchronised_while_the_error_is_kept_small():
    assert clock.synchronised(False, 250000) is True
    assert clock.synchronised(False, 16000000) is False


def test_clock_of_a_container_is_not_its_own():
    assert clock.synchronised(True, 250000) is None
    assert clock.synchronised(False, None) is None


def test_the_kernel_tells_its_error():
    error = clock.kernel_max_error()
    assert error is None or error >= 0
