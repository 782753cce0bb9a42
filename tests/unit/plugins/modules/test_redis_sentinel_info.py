# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module redis_sentinel_info as a whole, with recordings in the place of redis-py."""
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients import redis_sentinel as client
from ansible_collections.steady.airflow.plugins.modules import redis_sentinel_info
from ansible_collections.steady.airflow.tests.unit.recordings import members
from ansible_collections.steady.airflow.tests.unit.redis_play import play
from ansible_collections.steady.airflow.tests.unit.stage import result_of

HELD = "127.0.0.13:6379 INFO"


def look(capsys, **more):
    return result_of(redis_sentinel_info.main, capsys, **dict({"members": members(), "password": "very-secret"}, **more))


@pytest.mark.parametrize("check_mode", [True, False])
def test_it_reports_a_whole_one(capsys, monkeypatch, check_mode):
    play(monkeypatch, "redis_sentinel/healthy")
    result = look(capsys, _ansible_check_mode=check_mode)
    assert result["healthy"] and not result["changed"] and result["leader"] == "node1"


def test_an_unhealthy_one_is_an_answer(capsys, monkeypatch):
    play(monkeypatch, "redis_sentinel/two_sentinels_down")
    result = look(capsys)
    assert not result["healthy"] and result["reachable"] and "failed" not in result


def test_every_connection_is_secured_patient_once_and_closed(capsys, monkeypatch):
    library = play(monkeypatch, "redis_sentinel/healthy")
    assert look(capsys, ca_file="/etc/ssl/certs", timeout=2)["healthy"]
    assert len(library.connections) == 6
    for connection in library.connections:
        assert connection.kind == "tls" and connection.closed
        wanted = {"username": "operator", "password": "very-secret", "ssl_cert_reqs": "required", "ssl_check_hostname": True,
                  "ssl_ca_path": "/etc/ssl/certs", "socket_timeout": 2, "socket_connect_timeout": 2, "retry": 0}
        assert wanted.items() <= connection.settings.items()


def test_a_file_with_authorities_is_given_as_one(capsys, monkeypatch):
    library = play(monkeypatch, "redis_sentinel/healthy")
    monkeypatch.setattr("ssl.create_default_context", lambda **where: None)
    assert look(capsys, ca_path="/authority.pem")["healthy"]
    assert library.connections[0].settings["ssl_ca_certs"] == "/authority.pem"


def test_without_tls_nothing_is_secured(capsys, monkeypatch):
    library = play(monkeypatch, "redis_sentinel/healthy")
    assert look(capsys, use_tls=False, username="monitor")["healthy"]
    assert {connection.kind for connection in library.connections} == {"plain"}
    assert library.connections[0].settings["username"] == "monitor"


def test_the_master_is_asked_for_by_its_name(capsys, monkeypatch):
    told = {"error": ["ResponseError", "No such master with that name"]}
    asked = ["127.0.0.1%d:26379 SENTINEL %s other" % (n, what) for n in (1, 2, 3) for what in ("MASTER", "CKQUORUM", "SENTINELS", "REPLICAS")]
    play(monkeypatch, "redis_sentinel/healthy", **dict.fromkeys(asked, told))
    result = look(capsys, master_name="other")
    assert "Sentinel does not tell the master (127.0.0.11:26379 answers SENTINEL MASTER other with: No such master" in result["members"][0]["error"]
    assert "no Sentinel tells who the master is" in result["problems"]


def test_other_ports_can_be_asked(capsys, monkeypatch):
    play(monkeypatch, "redis_sentinel/healthy")
    error = look(capsys, port=6380, sentinel_port=26380)["members"][0]["error"]
    assert "127.0.0.11:6380" in error and "127.0.0.11:26380" in error


def test_newer_versions_tell_dictionaries(capsys, monkeypatch):
    library = play(monkeypatch, "redis_sentinel/healthy")
    for answer in library.answers.values():
        if isinstance(answer["reply"], list):
            entries = [client.pairs(entry) for entry in answer["reply"]] if isinstance(answer["reply"][0], list) else client.pairs(answer["reply"])
            answer["reply"] = entries
    assert look(capsys)["healthy"]


@pytest.mark.parametrize("answer, message", [
    ({"error": ["BusyLoadingError", "Redis is loading the dataset in memory"]}, "127.0.0.13:6379 still loads its data (LOADING)"),
    ({"error": ["AuthenticationError", "Authentication required."]}, "127.0.0.13:6379 refuses the user operator or its password (Authentication required)"),
    ({"error": ["ResponseError", "DENIED Redis is running in protected mode"]}, "127.0.0.13:6379 answers INFO with: DENIED"),
    ({"failure": "timed out"}, "no answer from 127.0.0.13:6379: timed out after 3 s"),
    ({"failure": "Connection reset by peer"}, "no answer from 127.0.0.13:6379: Connection reset by peer"),
    ({"error": ["RedisError", "Protocol Error"]}, "no answer from 127.0.0.13:6379: Protocol Error"),
])
def test_what_a_redis_answers_instead_is_told(capsys, monkeypatch, answer, message):
    play(monkeypatch, "redis_sentinel/healthy", **{HELD: answer})
    assert "node3: Redis cannot be asked (%s" % message in look(capsys)["problems"][0]


def test_the_password_is_never_returned(capsys, monkeypatch):
    play(monkeypatch, "redis_sentinel/healthy", **{HELD: {"error": ["ResponseError", "unknown command AUTH, with args: operator very-secret"]}})
    result = look(capsys)
    assert "unknown command AUTH" in result["problems"][0] and "very-secret" not in str(result)


def test_a_member_that_is_not_expected_is_excused(capsys, monkeypatch):
    play(monkeypatch, "redis_sentinel/replica_down")
    result = look(capsys, expected=["node1", "node2"])
    assert result["healthy"] and not result["members"][2]["healthy"]


def test_waiting_in_vain_names_the_tier(capsys, monkeypatch):
    play(monkeypatch, "redis_sentinel/replica_down")
    result = look(capsys, wait=1)
    assert result["failed"] and result["leader"] == "node1"
    assert result["msg"].startswith("Redis is not healthy after waiting 1 s") and "journals" in result["msg"]


def test_a_host_without_redis_py_is_told_which_package_brings_it(capsys, monkeypatch):
    monkeypatch.setattr(client, "MISSING", "Traceback")
    result = look(capsys)
    assert result["failed"] and "python3-redis" in result["msg"]


@pytest.mark.parametrize("arguments, message", [
    ({"members": []}, "members is empty"),
    ({"timeout": 0}, "timeout must be more than 0"),
    ({"ca_path": "/nowhere.pem"}, "ca_path /nowhere.pem cannot be used"),
])
def test_bad_options_fail(capsys, monkeypatch, arguments, message):
    play(monkeypatch, "redis_sentinel/healthy")
    result = look(capsys, **arguments)
    assert result["failed"] and message in result["msg"]
