# SPDX-License-Identifier: GPL-3.0-or-later
"""Members' names mean their cluster addresses, whoever wrote /etc/hosts."""

from __future__ import annotations

import importlib.util
import os
import stat
import subprocess
import sys

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

SCRIPT = ROOT / "roles/node/files/keep_names.py"
LINES = ["192.0.2.11 node1", "192.0.2.12 node2"]
BLOCK = "# BEGIN steady.airflow\n192.0.2.11 node1\n192.0.2.12 node2\n# END steady.airflow\n"


@pytest.fixture(name="kept", scope="module")
def function_of_the_script():
    spec = importlib.util.spec_from_file_location("keep_names", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda text, name="node1": module.kept(text, LINES, name)


@pytest.mark.parametrize("written, rest", [
    ("", ""),
    ("127.0.0.1 localhost\n", "127.0.0.1 localhost\n"),
    ("127.0.0.1 localhost", "127.0.0.1 localhost\n"),
    # Debian's installer, cloud-init's template, and a long name
    ("127.0.1.1\tnode1\n", "192.0.2.11\tnode1\n"),
    ("127.0.1.1 node1.example.org node1\n", "192.0.2.11\tnode1.example.org node1\n"),
    ("127.0.0.1 localhost node1\n::1 ip6-localhost node1 # mine\n", "127.0.0.1\tlocalhost\n192.0.2.11\tnode1\n::1\tip6-localhost\n192.0.2.11\tnode1  # mine\n"),
    # what is none of ours
    ("127.0.1.1 node10 anode1\n", "127.0.1.1 node10 anode1\n"),
    ("# 127.0.1.1 node1\n\n203.0.113.9 mirror node1.mirror\n", "# 127.0.1.1 node1\n\n203.0.113.9 mirror node1.mirror\n"),
    ("no-address node1\n", "no-address node1\n"),
    # an older block, wherever it stands
    ("127.0.0.1 localhost\n# BEGIN steady.airflow\n192.0.2.99 node9\n# END steady.airflow\n", "127.0.0.1 localhost\n"),
])
def test_the_file_holds_the_members_and_all_else_that_it_held(kept, written, rest):
    assert kept(written) == BLOCK + rest
    assert kept(kept(written)) == kept(written)


def test_who_is_no_member_keeps_its_own_name(kept):
    assert kept("127.0.1.1 other\n", "other") == BLOCK + "127.0.1.1 other\n"


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_the_script_writes_only_what_differs_and_keeps_the_mode(tmp_path, mode):
    hosts, lines = tmp_path / "hosts", tmp_path / "lines"
    hosts.write_text("127.0.1.1 node1\n")
    hosts.chmod(mode)
    lines.write_text("# Managed\n" + "\n".join(LINES) + "\n")
    command = [sys.executable, "-I", str(SCRIPT), str(lines), "node1", str(hosts)]
    subprocess.run(command, check=True, timeout=60)
    assert hosts.read_text() == BLOCK + "192.0.2.11\tnode1\n"
    assert stat.S_IMODE(hosts.stat().st_mode) == mode
    written = os.stat(hosts).st_mtime_ns
    subprocess.run(command, check=True, timeout=60)
    assert os.stat(hosts).st_mtime_ns == written
    assert sorted(tmp_path.iterdir()) == [hosts, lines]


def test_a_host_without_the_file_gets_one(tmp_path):
    (tmp_path / "lines").write_text("\n".join(LINES) + "\n")
    subprocess.run([sys.executable, "-I", str(SCRIPT), str(tmp_path / "lines"), "node2", str(tmp_path / "hosts")], check=True, timeout=60)
    assert (tmp_path / "hosts").read_text() == BLOCK + "127.0.0.1\tlocalhost\n"
