# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit looks at the running cluster: nothing is wrong with it, everything was seen, and nothing was changed."""

from __future__ import annotations

import json

import pytest

KNOWN = {"airflow-logs-local", "postgresql-no-archive"}  # task logs are files on their workers, and nothing keeps the WAL


MARK = "/run/before-the-audit"
PLACES = "/etc /opt /root /usr /var/lib/airflow /var/lib/steady-airflow"
THEIRS = ("*/__pycache__/*", "/var/lib/airflow/logs/*")  # where services write whenever they please


@pytest.fixture(name="audit", scope="module")
def audit_of_the_cluster(playbook, nodes, tmp_path_factory):
    """Its verdict, and what the run printed."""
    for node in nodes.values():
        node.check_output(f"touch {MARK}")
    directory = tmp_path_factory.mktemp("audit")
    status, text = playbook("audit", "-e", json.dumps({"audit_directory": str(directory), "audit_fail_on": "warning"}))
    assert status == 0, text[-3000:]
    assert (directory / "audit.html").exists()
    return json.loads((directory / "audit.json").read_text(encoding="utf-8")), text


def test_nothing_is_wrong(audit):
    assert [each for each in audit[0]["findings"] if each["id"] not in KNOWN] == []


def test_everything_was_seen(audit):
    assert audit[0]["unknown"] == []


def test_every_host_and_service_was_judged(audit, nodes):
    judged = {each["member"] for each in audit[0]["passed"]}
    assert judged >= {"cluster", *nodes}
    assert judged >= {f"{name} airflow-{component}.service" for name in nodes
                      for component in ("api-server", "scheduler", "dag-processor", "triggerer", "worker")}


def test_no_host_was_changed(audit, nodes):
    but = " ".join(f"-not -path '{each}'" for each in THEIRS)
    changed = {name: node.check_output(f"find {PLACES} -xdev -newer {MARK} -not -type d {but}") for name, node in nodes.items()}
    assert changed == {name: "" for name in nodes}


def test_no_secret_is_told(audit, secrets):
    told = audit[1] + json.dumps(audit[0])
    assert [name for name, value in secrets.items() if isinstance(value, str) and len(value) > 12 and value in told] == []
