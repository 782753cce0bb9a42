# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module etcd_cluster_info as a whole."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.modules import etcd_cluster_info
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.stage import free_port, result_of, stage


@pytest.mark.parametrize("check_mode", [True, False])
def test_it_reports_a_whole_cluster(capsys, check_mode):
    with stage("etcd/healthy") as port:
        result = result_of(etcd_cluster_info.main, capsys, members=members(), port=port, _ansible_check_mode=check_mode)
    assert result["healthy"] and not result["changed"] and result["leader"] == "node1"


def test_an_unhealthy_cluster_is_an_answer(capsys):
    with stage("etcd/no_quorum") as port:
        result = result_of(etcd_cluster_info.main, capsys, members=members(), port=port)
    assert not result["healthy"] and result["reachable"] and "failed" not in result


def test_extra_keys_of_members_are_ignored(capsys):
    places = [dict(member, zone="a") for member in members()]
    with stage("etcd/healthy") as port:
        assert result_of(etcd_cluster_info.main, capsys, members=places, port=port)["healthy"]


def test_a_member_that_is_not_expected_is_excused(capsys):
    with stage("etcd/member_down") as port:
        result = result_of(etcd_cluster_info.main, capsys, members=members(), expected=["node1", "node3"], port=port)
    assert result["healthy"] and not result["members"][1]["healthy"]


def test_waiting_in_vain_fails_with_everything_one_needs(capsys):
    result = result_of(etcd_cluster_info.main, capsys, members=members(1), port=free_port(), wait=1)
    assert result["failed"] and not result["healthy"]
    for part in ("etcd is not healthy after waiting 1 s", "node1 (127.0.0.11)", "Connection refused", "journalctl -u etcd"):
        assert part in result["msg"]


@pytest.mark.parametrize("arguments, message", [
    ({"members": []}, "members is empty"),
    ({"members": [{"name": "node1"}]}, "members[0] has no address"),
    ({"members": [{"name": "a", "address": "127.0.0.1"}] * 2}, "members names a twice"),
    ({"members": members(), "timeout": 0}, "timeout must be more than 0"),
    ({"members": members(), "client_key": "/key.pem"}, "client_key needs client_cert"),
    ({"members": members(), "use_tls": True, "ca_path": "/nowhere.pem"}, "ca_path /nowhere.pem cannot be used"),
])
def test_bad_options_fail(capsys, arguments, message):
    result = result_of(etcd_cluster_info.main, capsys, **arguments)
    assert result["failed"] and message in result["msg"]
