# SPDX-License-Identifier: GPL-3.0-or-later
"""How these tests do a drill, and what must not be left of one."""

from __future__ import annotations

import json
import pathlib

import pytest


@pytest.fixture(name="words")
def options_of_a_drill(vip, tmp_path):
    """As ansible-playbook takes them: one fault of 30 s that disturbs nobody, confirmed."""
    def of(**changes):
        wish = {"drill_faults": ["F36"], "drill_confirm": vip, "drill_directory": str(tmp_path / "drills"), **changes}
        return ["-e", json.dumps(wish)]

    return of


@pytest.fixture(name="left_alone")
def nothing_of_a_drill(nodes, airflow, tmp_path):
    """No host suffers, Airflow knows no DAG of it, and nobody drives a load."""
    def look():
        for name, node in nodes.items():
            assert not node.run("systemctl list-units --plain --no-legend 'steady-drill-*'").stdout, name
            assert "steady_drill" not in node.run("nft list tables").stdout, name
        assert airflow.request("GET", "/api/v2/dags?dag_id_pattern=steady_drill")["dags"] == []
        drivers = [path for path in pathlib.Path("/proc").glob("[0-9]*/cmdline") if str(tmp_path).encode() in read(path)]
        assert drivers == []

    return look


def read(path):
    try:
        return path.read_bytes()
    except OSError:  # it ended just now
        return b""
