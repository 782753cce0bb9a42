# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin dag_sync, by a playbook on this machine."""
from __future__ import annotations

import grp
import json
import os
import subprocess
import sys

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  vars: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  tasks:
    - steady.airflow.dag_sync: {source: "%(here)s/dags", path: "%(here)s/host/current", group: "%(group)s"}
    - steady.airflow.dag_sync: {source: "%(here)s/dags", path: "%(here)s/host/current", group: "%(group)s"}
    - steady.airflow.dag_sync: {source: "%(here)s/none", path: "%(here)s/host/current", group: "%(group)s"}
"""


@pytest.fixture(name="results")
def results_of_the_playbook(tmp_path):
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags/one.py").write_text("1")
    (tmp_path / "play.yml").write_text(PLAYBOOK % {"here": tmp_path, "group": grp.getgrgid(os.getegid()).gr_name})
    answer = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "-i", "localhost,", str(tmp_path / "play.yml")],
        cwd=ROOT, env=dict(os.environ, ANSIBLE_STDOUT_CALLBACK="ansible.posix.json"), capture_output=True, text=True, check=False)
    tasks = json.loads(answer.stdout)["plays"][0]["tasks"]
    return [task["hosts"]["localhost"] for task in tasks]


def test_files_travel_once_and_a_missing_directory_is_told(results, tmp_path):
    assert [result["changed"] for result in results[:2]] == [True, False]
    assert (tmp_path / "host/current/one.py").read_text() == "1"
    assert results[2]["failed"] and "%s/none (dag_sync_source) is no directory" % tmp_path in results[2]["msg"]
