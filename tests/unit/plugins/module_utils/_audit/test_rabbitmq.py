# SPDX-License-Identifier: GPL-3.0-or-later
"""What RabbitMQ is told by its files. They are those of a host of the demo."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._audit import rabbitmq
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

HOST = Files(str(FIXTURES / "audit/host"))
HERE = [{"kind": "rabbitmq", "container": ""}]


def test_its_files_are_read():
    seen = rabbitmq.look(HOST, HERE)
    assert (seen["problem"], seen["version"], seen["plugins"]) == ("", "4.0.5", ["rabbitmq_management", "rabbitmq_prometheus"])
    assert seen["settings"]["listeners.tcp"] == "none"
    assert seen["settings"]["consumer_timeout"] == "90000000"
    assert "khepri_db" in seen["feature_flags"]


def test_a_later_file_counts_and_no_secret_is_told(tmp_path):
    (tmp_path / "etc/rabbitmq/conf.d").mkdir(parents=True)
    (tmp_path / "etc/rabbitmq/rabbitmq.conf").write_text("consumer_timeout = 1\ndefault_pass = secret\n# consumer_timeout = 3\n")
    (tmp_path / "etc/rabbitmq/conf.d/10.conf").write_text("consumer_timeout=2\nldap_auth.dn_lookup_bind.password = secret\n")
    seen = rabbitmq.look(Files(str(tmp_path)), HERE)
    assert seen["settings"]["consumer_timeout"] == "2"
    assert "secret" not in str(seen)
    assert (seen["version"], seen["plugins"], seen["feature_flags"]) == ("", [], [])


def test_where_none_runs_nothing_is_told():
    assert rabbitmq.look(HOST, []) is None


def test_a_file_that_may_not_be_read_is_told(monkeypatch):
    monkeypatch.setattr(Files, "text", lambda self, path: "")
    assert rabbitmq.look(HOST, HERE)["problem"] == "/etc/rabbitmq/rabbitmq.conf may not be read"
