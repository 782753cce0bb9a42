# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits at the broker: Kombu is played, with the errors of both brokers as it gives them."""
from __future__ import annotations

import contextlib
import importlib.util
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

RABBITMQ = """[celery]
broker_url = amqp://airflow:se%%2Fcret@192.0.2.10:5671/airflow
extra_celery_config = {"broker_use_ssl": {"ca_certs": "ca.crt"}, "broker_transport_options": {"confirm_publish": true}}
"""
REDIS = """[celery]
broker_url = sentinel://airflow:secret@192.0.2.11:26379/0;sentinel://airflow:secret@192.0.2.12:26379/0
extra_celery_config = {"broker_use_ssl": {"ssl_ca_certs": "ca.crt"}, "broker_transport_options": {"master_name": "airflow"}}
"""


class ChannelError(Exception):
    def __init__(self, text, reply_code):
        super().__init__(text)
        self.reply_code = reply_code


class Connection:
    connection_errors, channel_errors, refuses = (OSError,), (ChannelError,), False

    def __init__(self, url, **how):
        self.url, self.how, self.channels, self.left = url, how, 0, False

    def channel(self):
        self.channels += 1
        return types.SimpleNamespace(queue_declare=self.declare, conn_or_acquire=lambda: contextlib.nullcontext(self))

    def delete(self, key):
        assert "no such key" in key
        if self.refuses:
            raise OSError("NOREPLICAS")

    def declare(self, name, passive):
        assert passive
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return types.SimpleNamespace(message_count=answer)

    def collect(self):
        self.left = True


@pytest.fixture(name="made")
def connections():
    """All connections that were made; what they answer is Connection.answers."""
    return []


@pytest.fixture(name="broker")
def script(monkeypatch, tmp_path, made):
    monkeypatch.setenv("AIRFLOW_CONFIG", str(tmp_path / "airflow.cfg"))
    (tmp_path / "airflow.cfg").write_text(RABBITMQ)
    played = types.SimpleNamespace(Connection=lambda url, **how: made.append(Connection(url, **how)) or made[-1])
    mended = types.SimpleNamespace(mend_redis=lambda: made.append("mended"))
    for name, module in {
            "kombu": played, "kombu.exceptions": types.SimpleNamespace(ChannelError=ChannelError), "mended": mended}.items():
        monkeypatch.setitem(sys.modules, name, module)
    spec = importlib.util.spec_from_file_location("broker", ROOT / "roles/airflow_component/files/broker.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="answers")
def what_they_answer(monkeypatch):
    return lambda **given: monkeypatch.setattr(Connection, "answers", given, raising=False)


def test_one_connection_and_one_channel_serve_all_looks(broker, made, answers):
    queues = broker.Queues(["default", "heavy"])
    answers(default=3, heavy=0)
    assert [queues.waiting() for _look in range(3)] == [{"default": 3, "heavy": 0}] * 3
    assert [connection.channels for connection in made] == [1]


@pytest.mark.parametrize("code", [404, "404"], ids=["RabbitMQ", "Redis"])
def test_a_queue_that_is_not_there_has_nothing_that_waits(broker, made, answers, code):
    queues = broker.Queues(["new", "default"])
    answers(new=ChannelError("no queue", code), default=3)
    assert [queues.waiting() for _look in range(3)] == [{"new": 0, "default": 3}] * 3
    assert [connection.channels for connection in made] == [1]


@pytest.mark.parametrize("error", [OSError("timed out"), ChannelError("access refused", 403)])
def test_a_broker_that_does_not_tell_is_left_without_a_word_and_asked_anew(broker, made, answers, error):
    queues = broker.Queues(["default"])
    answers(default=error)
    with pytest.raises(broker.Silence, match=str(error)):
        queues.waiting()
    answers(default=3)
    assert queues.waiting() == {"default": 3}
    assert [connection.left for connection in made] == [True, False]


def test_rabbitmq_is_asked_as_celery_does_with_a_limit(broker, made, answers):
    answers(default=3)
    broker.Queues(["default"]).waiting()
    assert made[0].url == "amqp://airflow:se%2Fcret@192.0.2.10:5671/airflow"
    assert made[0].how == {"ssl": {"ca_certs": "ca.crt"}, "connect_timeout": 5, "transport_options": {
        "confirm_publish": True, "read_timeout": 5, "write_timeout": 5, "client_properties": {"connection_name": "airflow watchdog"}}}


def test_a_redis_that_gives_no_message_does_not_tell_what_waits(broker, answers, tmp_path, monkeypatch):
    (tmp_path / "airflow.cfg").write_text(REDIS)
    queues = broker.Queues(["default"])
    answers(default=3)
    assert queues.waiting() == {"default": 3}
    monkeypatch.setattr(Connection, "refuses", True)
    with pytest.raises(broker.Silence, match="NOREPLICAS"):
        queues.waiting()


def test_redis_is_asked_through_what_is_mended_once(broker, made, answers, tmp_path):
    (tmp_path / "airflow.cfg").write_text(REDIS)
    queues = broker.Queues(["default"])
    answers(default=OSError("gone"))
    for _look in range(2):
        with pytest.raises(broker.Silence):
            queues.waiting()
        queues = broker.Queues(["default"])
    assert made[0] == "mended"
    assert [connection.url.count("sentinel://") for connection in made[1:]] == [2, 2]
    assert made[1].how["transport_options"] == {"master_name": "airflow"}
