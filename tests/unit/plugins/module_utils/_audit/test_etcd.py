# SPDX-License-Identifier: GPL-3.0-or-later
"""What etcd was started with. The file is that of a host of the demo."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._audit import etcd
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

HOST = Files(str(FIXTURES / "audit/host"))


def service(pid=0, arguments=("/usr/bin/etcd",), files=("/etc/default/etcd",)):
    return [{"kind": "etcd", "container": "", "pid": pid,
             "arguments": list(arguments), "environment": {"ETCD_NAME": "x", "PATH": "/bin"}, "environment_files": list(files)}]


def test_a_file_of_the_unit_is_read():
    seen = etcd.look(HOST, service())
    assert seen["problem"] == ""
    assert seen["settings"]["ETCD_NAME"] == "node1"
    assert seen["settings"]["ETCD_ELECTION_TIMEOUT"] == "1000"
    assert all(name.startswith("ETCD_") for name in seen["settings"])


def test_a_flag_counts_before_a_variable():
    line = ["/usr/bin/etcd", "--name=other", "--heartbeat-interval", "200", "-client-cert-auth", "--quota-backend-bytes", "1"]
    told = etcd.look(HOST, service(arguments=line))["settings"]
    expected = {"ETCD_NAME": "other", "ETCD_HEARTBEAT_INTERVAL": "200", "ETCD_CLIENT_CERT_AUTH": "true", "ETCD_QUOTA_BACKEND_BYTES": "1"}
    assert {name: told[name] for name in expected} == expected


def test_no_secret_is_told():
    line = ["/usr/bin/etcd", "--initial-cluster-token=secret", "--auth-token", "secret", "--name=n"]
    assert "secret" not in str(etcd.look(HOST, service(arguments=line, files=())))


def test_where_none_runs_nothing_is_told():
    assert etcd.look(HOST, []) is None


def test_a_file_that_may_not_be_read_is_told(monkeypatch):
    monkeypatch.setattr(Files, "text", lambda self, path: "")
    assert etcd.look(HOST, service())["problem"] == "/etc/default/etcd may not be read"
