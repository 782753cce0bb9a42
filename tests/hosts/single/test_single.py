# SPDX-License-Identifier: GPL-3.0-or-later
"""One host with one of each: it comes back from a loss of power by itself, and its database from a backup."""

from __future__ import annotations

import datetime
import json

import bare


def test_a_dag_runs(example):
    assert example()[0] == "success"


def test_after_a_loss_of_power_it_goes_on_by_itself(nodes, airflow, example, ended, eventually):
    """Also with what it had begun."""
    begun = airflow.trigger("steady_example")
    name, node = next(iter(nodes.items()))
    since = node.check_output("systemctl show --property=UserspaceTimestampMonotonic")
    with bare.without_power(name):
        pass
    eventually(lambda: node.run("systemctl show --property=UserspaceTimestampMonotonic").stdout not in ("", since))

    assert ended(begun) == "success"
    assert example()[0] == "success"


def test_its_database_is_kept_proven_and_gone_back_to(playbook, airflow, example, ended, tmp_path):
    status, text = playbook("backup")
    assert status == 0, text
    before = airflow.trigger("steady_example")
    assert ended(before) == "success"
    moment = datetime.datetime.now(datetime.timezone.utc)
    after = airflow.trigger("steady_example")
    assert ended(after) == "success"
    status, text = playbook("restore_drill")
    assert status == 0, text
    words = {"backup_restore_to": str(moment), "backup_restore_confirm": "airflow", "backup_restore_reports": str(tmp_path)}
    status, text = playbook("restore", "-e", json.dumps(words))
    assert status == 0, text[-3000:]
    known = {run["dag_run_id"] for run in airflow.request("GET", "/api/v2/dags/steady_example/dagRuns")["dag_runs"]}
    assert known & {before, after} == {before}
    assert example()[0] == "success"
