# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units of Redis and of its Sentinel do beside them; redis-py is played by the test."""
from __future__ import annotations

import importlib.util
import json
import sys
import types

import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

MEMBERS = ["192.0.2.11", "192.0.2.12", "192.0.2.13"]
SETTINGS = """port 0
sentinel monitor airflow 192.0.2.11 6379 2
sentinel auth-pass airflow new
"""
# as a Sentinel of Redis 8.0 leaves it, without what is no matter here
STATE = """port 0
sentinel auth-pass airflow old
sentinel myid 2b2dbe5a28a7cd2f9d8e7b9f5a7e0d3c1b2a3f40
sentinel monitor airflow 192.0.2.12 6379 2
sentinel config-epoch airflow 3
sentinel leader-epoch airflow 3
sentinel current-epoch 3
sentinel known-replica airflow 192.0.2.11 6379
sentinel known-replica airflow 192.0.2.99 6379
sentinel known-sentinel airflow 192.0.2.13 26379 1bab5d63f8e1c1d9e2e1f8f1b1b0a5b9c8d7e6f5
"""


class RedisError(Exception):
    pass


@pytest.fixture(name="member")
def script(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "redis", types.SimpleNamespace(Redis=None, RedisError=RedisError, ConnectionError=ConnectionError))
    spec = importlib.util.spec_from_file_location("redis_member", ROOT / "roles/redis_sentinel/files/redis_member.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("ACCESS", "KNOWN", "PLACE", "FORMER"):
        monkeypatch.setattr(module, name, str(tmp_path / name))
    monkeypatch.setattr(module, "DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "ACCESS").write_text(json.dumps({"address": MEMBERS[0], "port": 6379, "members": MEMBERS, "watch_port": 26379, "master_name": "airflow",
                                                 "member": {"username": "member", "password": "secret"}, "ca_file": "/ca", "accounts_file": "/none"}))
    return module


class Cluster:
    """names: one answer of each Sentinel for each round, None where it does not answer; messages: how many each Redis has."""

    def __init__(self, rounds, messages=()):
        self.rounds, self.messages = rounds, dict(zip(MEMBERS, messages))

    def client(self, _access, address, _port):
        self.address = address
        return self

    def sentinel_get_master_addr_by_name(self, _name):
        told = self.rounds[0][MEMBERS.index(self.address)]
        if told is None:
            raise RedisError("away")
        return told, 6379

    def dbsize(self):
        return self.messages.get(self.address, 0)

    def later(self, _seconds):
        self.rounds.pop(0)


def placed(member, monkeypatch, tmp_path, cluster):
    monkeypatch.setattr(member, "client", cluster.client)
    monkeypatch.setattr(member.time, "sleep", cluster.later)
    member.place()
    return (tmp_path / "PLACE").read_text()


FIRST, SECOND, THIRD = MEMBERS


@pytest.mark.parametrize(("rounds", "place"), [
    ([[FIRST, FIRST, FIRST]], "masterauth secret\n"),
    ([[SECOND, SECOND, None]], "masterauth secret\nreplicaof 192.0.2.12 6379\n"),
    ([[FIRST, SECOND, None], [FIRST, None, None], [THIRD, SECOND, SECOND]], "masterauth secret\nreplicaof 192.0.2.12 6379\n"),
])
def test_it_waits_until_most_sentinels_say_the_same(member, monkeypatch, tmp_path, rounds, place):
    assert placed(member, monkeypatch, tmp_path, Cluster(rounds)) == place
    assert (tmp_path / "PLACE").stat().st_mode & 0o777 == 0o600


def test_who_lost_its_data_does_not_lead_those_who_have_theirs(member, monkeypatch, tmp_path, capsys):
    (tmp_path / "data").rmdir()
    cluster = Cluster([[FIRST] * 3, [SECOND] * 3], messages=[0, 5, 5])
    assert placed(member, monkeypatch, tmp_path, cluster) == "masterauth secret\nreplicaof 192.0.2.12 6379\n"
    assert "this one's data is gone" in capsys.readouterr().out


def test_a_first_start_has_no_data_and_nobody_else_has(member, monkeypatch, tmp_path):
    (tmp_path / "data").rmdir()
    assert placed(member, monkeypatch, tmp_path, Cluster([[FIRST] * 3])) == "masterauth secret\n"


def test_settings_are_those_of_today_and_what_a_sentinel_found_out_is_kept(member):
    assert member.merged(SETTINGS, STATE, MEMBERS).splitlines() == [
        "port 0",
        "sentinel monitor airflow 192.0.2.12 6379 2",
        "sentinel auth-pass airflow new",
        "sentinel myid 2b2dbe5a28a7cd2f9d8e7b9f5a7e0d3c1b2a3f40",
        "sentinel config-epoch airflow 3",
        "sentinel leader-epoch airflow 3",
        "sentinel current-epoch 3",
        "sentinel known-replica airflow 192.0.2.11 6379",
        "sentinel known-sentinel airflow 192.0.2.13 26379 1bab5d63f8e1c1d9e2e1f8f1b1b0a5b9c8d7e6f5",
    ]


def test_a_sentinel_without_a_past_begins_with_the_settings(member):
    assert member.merged(SETTINGS, "", MEMBERS) == SETTINGS


def test_a_master_that_is_no_member_any_more_is_forgotten(member):
    assert "sentinel monitor airflow 192.0.2.11 6379 2" in member.merged(SETTINGS, STATE.replace("192.0.2.12 6379 2", "192.0.2.77 6379 2"), MEMBERS)


class Running(Cluster):
    """accounts: {name: rules} that it has; used: names of those who are logged in."""

    def __init__(self, names, used):
        super().__init__([])
        self.names, self.used, self.done = {name: ["on", "#abc"] for name in names}, used, []

    def client(self, *who):
        self.done.append(who[3:])
        return self

    def config_set(self, *words):
        self.done.append(words)

    def execute_command(self, command, *words):
        self.done.append((command, *words[:2]))
        if command == "ACL SETUSER":
            self.names.setdefault(words[0], list(words[2:]))

    def client_list(self):
        return [{"user": name} for name in self.used]

    def acl_list(self):
        return ["user %s %s" % (name, " ".join(rules)) for name, rules in self.names.items()]

    def acl_deluser(self, name):
        del self.names[name]


def test_an_account_whose_place_another_one_took_goes_when_nobody_uses_it(member, monkeypatch, tmp_path):
    running = Running(["default", "airflow", "airflow_2", "operator", "airflower"], ["airflow_2", "operator"])
    monkeypatch.setattr(member, "client", running.client)
    (tmp_path / "accounts").write_text("user default off\nuser airflow_3 on #abc ~* +@all\nuser operator on #abc\n")
    known = json.loads((tmp_path / "ACCESS").read_text())
    (tmp_path / "KNOWN").write_text(json.dumps(known))
    (tmp_path / "ACCESS").write_text(json.dumps({**known, "member": {"username": "member", "password": "new"}, "accounts_file": str(tmp_path / "accounts"),
                                                 "certificate_file": "/crt", "key_file": "/key"}))
    member.reload()
    assert set(running.names) == {"default", "airflow_2", "airflow_3", "operator", "airflower"}
    assert (tmp_path / "FORMER").read_text() == "user airflow_2 on #abc\n"
    assert running.done[:2] == [("operator",), ("masterauth", "new")]
    assert ("ACL SETUSER", "airflow_3", "reset") in running.done
    assert json.loads((tmp_path / "KNOWN").read_text())["member"]["password"] == "new"


def test_a_former_account_that_is_wanted_again_is_no_former_one(member, tmp_path):
    (tmp_path / "FORMER").write_text("user airflow on #old\nuser airflow_2 on #abc\n")
    member.keep(member.accounts(member.FORMER), {"airflow": []})
    assert (tmp_path / "FORMER").read_text() == "user airflow_2 on #abc\n"
