# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module etcd_member as a whole."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.modules import etcd_member
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage


@pytest.fixture(name="wish")
def wishes(tmp_path):
    return {
        "name": "node2", "address": "127.0.0.12", "members": members(), "data_dir": str(tmp_path / "data"),
        "environment_file": str(tmp_path / "join.env"), "timeout": 1,
    }


def test_a_member_with_its_data_asks_nobody(wish, tmp_path, capsys):
    (tmp_path / "data/member").mkdir(parents=True)
    result = result_of(etcd_member.main, capsys, port=free_port(), **wish)
    assert (result["changed"], result["action"]) == (False, "none")


def test_a_founder_writes_nothing(wish, tmp_path, capsys):
    result = result_of(etcd_member.main, capsys, port=free_port(), **wish)
    assert (result["changed"], result["action"]) == (False, "none")
    assert not (tmp_path / "join.env").exists()


def test_an_announced_member_gets_the_file_with_which_it_joins(wish, tmp_path, capsys):
    with stage("etcd/member_added") as port:
        result = result_of(etcd_member.main, capsys, port=port, **wish)
    assert (result["changed"], result["action"]) == (False, "listed")
    assert "ETCD_INITIAL_CLUSTER_STATE=existing\n" in (tmp_path / "join.env").read_text()


def test_check_mode_writes_nothing(wish, tmp_path, capsys):
    with stage("etcd/member_lost_its_data") as port:
        result = result_of(etcd_member.main, capsys, port=port, _ansible_check_mode=True, **wish)
    assert (result["changed"], result["action"]) == (True, "replaced")
    assert not (tmp_path / "join.env").exists()


def test_a_cluster_without_a_majority_takes_nobody(wish, tmp_path, capsys):
    with stage("etcd/no_quorum") as port:
        result = result_of(etcd_member.main, capsys, port=port, **wish)
    assert result["msg"] == (
        "etcd member node2 cannot join the running cluster: http://127.0.0.11:%d has no leader. The cluster takes a member only "
        "while a majority of its members is up: bring them up and run again." % port)
    assert not (tmp_path / "join.env").exists()
