# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module patroni_cluster_info as a whole."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.modules import patroni_cluster_info
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.stage import result_of, stage


def test_it_reports_a_whole_cluster(capsys):
    with stage("patroni/healthy") as port:
        result = result_of(patroni_cluster_info.main, capsys, members=members(), port=port, _ansible_check_mode=True)
    assert result["healthy"] and not result["changed"]
    assert (result["leader"], result["scope"]) == ("node1", "airflow")


def test_the_limit_of_the_lag_can_be_set(capsys):
    with stage("patroni/healthy") as port:
        result = result_of(patroni_cluster_info.main, capsys, members=members(), port=port, max_lag=-1)
    assert result["problems"][0] == "node2: lags 0 bytes behind (at most -1 are well)"


def test_waiting_in_vain_names_the_tier(capsys):
    with stage("patroni/replica_down") as port:
        result = result_of(patroni_cluster_info.main, capsys, members=members(), port=port, wait=1)
    assert result["failed"] and result["leader"] == "node1"
    assert result["msg"].startswith("PostgreSQL is not healthy after waiting 1 s")
