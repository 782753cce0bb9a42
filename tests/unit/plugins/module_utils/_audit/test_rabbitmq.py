# SPDX-License-Identifier: GPL-3.0-or-later
"""What RabbitMQ is told by its files. They are those of a host of the demo."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._audit import rabbitmq
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

HOST = Files(str(FIXTURES / "audit/host"))
QUORUM = """#{id => {airflow_default,rabbit@node1},
  machine =>
      {module,rabbit_fifo,
          #{name => airflow_default,max_length => undefined,
            queue_resource => {resource,<<"airflow">>,queue,<<"default">>},
            delivery_limit => 20,expires => undefined}},
  friendly_name => "queue 'default' in vhost 'airflow'"}."""  # of a host of the demo
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


def test_queues_are_known_by_what_is_kept_of_them(tmp_path):
    at = tmp_path / "var/lib/rabbitmq/mnesia/rabbit@node1"
    for path, content in (("quorum/rabbit@node1/AIRFLOL76G1VG7CC0I/config", QUORUM), ("quorum/rabbit@node1/names.dets", "x"),
                          ("msg_stores/vhosts/27758KT3R/queues/IOK2RXQF0/.queue_name", "VHOST: airflow\nQUEUE: celery@node3.celery.pidbox\nINDEX: v2\n")):
        (at / path).parent.mkdir(parents=True, exist_ok=True)
        (at / path).write_text(content)
    assert rabbitmq.queues(Files(str(tmp_path))) == [
        {"vhost": "airflow", "name": "default", "type": "quorum"}, {"vhost": "airflow", "name": "celery@node3.celery.pidbox", "type": "classic"}]


def test_queues_that_nobody_may_look_at_are_not_none(tmp_path):
    assert rabbitmq.queues(Files(str(tmp_path))) is None


def test_where_none_runs_nothing_is_told():
    assert rabbitmq.look(HOST, []) is None


def test_a_file_that_may_not_be_read_is_told(monkeypatch):
    monkeypatch.setattr(Files, "text", lambda self, path: "")
    assert rabbitmq.look(HOST, HERE)["problem"] == "/etc/rabbitmq/rabbitmq.conf may not be read"
