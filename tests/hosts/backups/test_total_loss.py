# SPDX-License-Identifier: GPL-3.0-or-later
"""All hosts are lost. What is left is a copy of the repository, the inventory and the secrets."""

from __future__ import annotations

import json
import uuid

import bare

from repository import DIRECTORY


def test_everything_comes_back_on_bare_hosts(nodes, playbook, restore, airflow, example, ended, archived, whole, tmp_path):
    assert example()[0] == "success"
    key = uuid.uuid4().hex
    airflow.request("POST", "/api/v2/variables", {"key": key, "value": "encrypted with the cluster's own key"})
    run = airflow.trigger("steady_example")
    assert ended(run) == "success"
    assert playbook("backup")[0] == 0
    archived()
    with bare.copied("node3", DIRECTORY, tmp_path / "copy.tar"):
        for name in nodes:
            bare.replace(name)

    status, text, left = restore(confirm=bare.former_cluster(playbook))
    assert status == 0, text
    assert left["restored"]["seconds"], json.dumps(left)
    whole()
    assert airflow.state("steady_example", run) == "success"
    assert airflow.request("GET", f"/api/v2/variables/{key}")["value"] == "encrypted with the cluster's own key"
    assert example()[0] == "success"
    assert playbook("restore_drill")[0] == 0
