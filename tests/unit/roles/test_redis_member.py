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


class AuthenticationError(RedisError):
    pass


@pytest.fixture(name="member")
def script(monkeypatch, tmp_path):
    library = types.SimpleNamespace(Redis=None, RedisError=RedisError, AuthenticationError=AuthenticationError)
    for name, module in (("redis", library), ("redis.backoff", types.SimpleNamespace(NoBackoff=None)), ("redis.retry", types.SimpleNamespace(Retry=None))):
        monkeypatch.setitem(sys.modules, name, module)
    spec = importlib.util.spec_from_file_location("redis_member", ROOT / "roles/redis_sentinel/files/redis_member.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("ACCESS", "KNOWN", "PLACE", "FORMER"):
        monkeypatch.setattr(module, name, str(tmp_path / name))
    monkeypatch.setattr(module, "DATA", str(tmp_path / "data"))
    monkeypatch.setattr(module.os, "geteuid", lambda: 998)
    (tmp_path / "data").mkdir()
    (tmp_path / "ACCESS").write_text(json.dumps({"address": MEMBERS[0], "port": 6379, "members": MEMBERS, "watch_port": 26379, "master_name": "airflow",
                                                 "member": {"username": "member", "password": "se\"cret"}, "ca_file": "/ca", "accounts_file": "/none"}))
    return module


class Cluster:
    """names: one answer of each Sentinel for each round, None where it does not answer; messages: how many each Redis has, None where it does not say;
    replicas: whether Sentinels have known any."""

    def __init__(self, rounds, messages=(0, 0, 0), replicas=False):
        self.rounds, self.messages, self.replicas = rounds, dict(zip(MEMBERS, messages)), replicas

    def client(self, _access, address, _port):
        return types.SimpleNamespace(sentinel_get_master_addr_by_name=lambda _name: self.named(address), dbsize=lambda: self.said(self.messages[address]),
                                     sentinel_slaves=lambda _name: [{}] if self.replicas else [])

    @staticmethod
    def said(answer):
        if answer is None:
            raise RedisError("away")
        return answer

    def named(self, address):
        return self.said(self.rounds[0][MEMBERS.index(address)]), 6379

    def later(self, _seconds):
        self.rounds.pop(0)


def placed(member, monkeypatch, tmp_path, cluster):
    monkeypatch.setattr(member, "client", cluster.client)
    monkeypatch.setattr(member.time, "sleep", cluster.later)
    member.place()
    return (tmp_path / "PLACE").read_text()


FIRST, SECOND, THIRD = MEMBERS
PASSWORD = "masterauth \"se\\\"cret\"\n"


@pytest.mark.parametrize(("rounds", "place"), [
    ([[FIRST, FIRST, FIRST]], PASSWORD),
    ([[SECOND, SECOND, None]], PASSWORD + "replicaof 192.0.2.12 6379\n"),
    ([[FIRST, SECOND, None], [FIRST, None, None], [THIRD, SECOND, SECOND]], PASSWORD + "replicaof 192.0.2.12 6379\n"),
])
def test_it_waits_until_most_sentinels_say_the_same(member, monkeypatch, tmp_path, rounds, place):
    assert placed(member, monkeypatch, tmp_path, Cluster(rounds)) == place
    assert (tmp_path / "PLACE").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("messages", [(0, 5, 5), (0, None, 0)])
def test_who_lost_its_data_does_not_lead_those_who_have_or_may_have_theirs(member, monkeypatch, tmp_path, capsys, messages):
    (tmp_path / "data").rmdir()
    cluster = Cluster([[FIRST] * 3, [SECOND] * 3], messages, replicas=True)
    assert placed(member, monkeypatch, tmp_path, cluster) == PASSWORD + "replicaof 192.0.2.12 6379\n"
    assert "this one's data is gone" in capsys.readouterr().out


def test_who_lost_its_data_leads_those_who_have_none(member, monkeypatch, tmp_path):
    (tmp_path / "data").rmdir()
    assert placed(member, monkeypatch, tmp_path, Cluster([[FIRST] * 3], replicas=True)) == PASSWORD


def test_a_first_start_has_no_data_and_waits_for_nobody(member, monkeypatch, tmp_path):
    (tmp_path / "data").rmdir()
    assert placed(member, monkeypatch, tmp_path, Cluster([[FIRST] * 3], (0, None, None))) == PASSWORD


def test_settings_are_those_of_today_and_what_a_sentinel_found_out_is_kept(member):
    assert member.merged(SETTINGS, STATE, MEMBERS, []).splitlines() == [
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
    assert member.merged(SETTINGS, "", MEMBERS, []) == SETTINGS


def test_a_master_that_is_no_member_any_more_is_forgotten(member):
    assert "sentinel monitor airflow 192.0.2.11 6379 2" in member.merged(SETTINGS, STATE.replace("192.0.2.12 6379 2", "192.0.2.77 6379 2"), MEMBERS, [])


def test_accounts_that_somebody_may_still_use_stay_at_a_sentinel(member):
    settings = SETTINGS + "user airflow_2 on #new -@all +ping\n"
    state = STATE + "user airflow on sanitize-payload #old -@all +ping\nuser airflow_2 on #old -@all\nuser airflow_3 on #older -@all\n"
    told = member.merged(settings, state, MEMBERS, ["airflow", "airflow_2"]).splitlines()
    assert [line for line in told if line.startswith("user")] == [
        "user airflow_2 on #new -@all +ping", "user airflow on sanitize-payload #old -@all +ping"]


class Running:
    """accounts: names of those that it has; used: by address, who is logged in there; password: with which the operator may come."""

    def __init__(self, accounts=(), used=(), password="known"):
        self.accounts, self.used, self.password, self.done = list(accounts), dict(used), password, []

    def client(self, access, address, port, who="member"):
        def ping():
            if access[who]["password"] != self.password:
                raise AuthenticationError("WRONGPASS")

        def client_list():
            if self.used[address] is None:
                raise RedisError("away")
            return [{"user": name} for name in self.used[address]]

        return types.SimpleNamespace(
            ping=ping, client_list=client_list, config_set=lambda *words: self.done.append(words),
            execute_command=lambda *words: self.done.append(words[:3]), acl_list=lambda: ["user %s on #abc" % name for name in self.accounts],
            acl_deluser=lambda name: self.done.append((port, name)))


@pytest.fixture(name="told")
def what_the_files_say(tmp_path):
    (tmp_path / "accounts").write_text("user default off\nuser airflow_3 on #abc ~* +@all\nuser operator on #abc\n")
    access = json.loads((tmp_path / "ACCESS").read_text())
    access.update(accounts_file=str(tmp_path / "accounts"), certificate_file="/crt", key_file="/key", operator={"username": "operator", "password": "new"})
    (tmp_path / "ACCESS").write_text(json.dumps(access))
    (tmp_path / "KNOWN").write_text(json.dumps(dict(access, port=6380, operator={"username": "operator", "password": "known"})))


@pytest.mark.parametrize("password", ["known", "new"])
def test_a_reload_adds_accounts_and_takes_none_away(member, monkeypatch, tmp_path, told, password):
    running = Running(["default", "airflow", "airflow_2", "operator", "airflower"], password=password)
    monkeypatch.setattr(member, "client", running.client)
    member.reload()
    assert (tmp_path / "FORMER").read_text() == "user airflow on #abc\nuser airflow_2 on #abc\n"
    assert [words[1] for words in running.done if words[0] == "ACL SETUSER"] == ["default", "airflow_3", "operator"]
    known = json.loads((tmp_path / "KNOWN").read_text())
    assert (known["operator"]["password"], known["port"]) == ("new", 6380)  # a port is taken over by a restart


def test_a_redis_that_knows_neither_password_is_told(member, monkeypatch, told):
    monkeypatch.setattr(member, "client", Running(password="another").client)
    with pytest.raises(AuthenticationError):
        member.reload()


def test_another_redis_is_not_reloaded(member, monkeypatch, tmp_path, told, capsys):
    (tmp_path / "KNOWN").unlink()
    member.reload()
    assert "was not started by this unit" in capsys.readouterr().out


@pytest.mark.parametrize(("used", "said", "left"), [
    ([["operator"], ["airflow_2"], []], "airflow: airflow_2", "user airflow_2 on #b\n"),
    ([["operator"], [], []], "airflow airflow_2: ", ""),
    ([["operator"], None, []], ": airflow airflow_2", "user airflow on #a\nuser airflow_2 on #b\n"),
])
def test_an_account_goes_when_nobody_uses_it_at_any_member(member, monkeypatch, tmp_path, told, capsys, used, said, left):
    (tmp_path / "FORMER").write_text("user airflow on #a\nuser airflow_2 on #b\n")
    running = Running(used=zip(MEMBERS, used))
    monkeypatch.setattr(member, "client", running.client)
    member.retire()
    assert capsys.readouterr().out == said + "\n"
    assert (tmp_path / "FORMER").read_text() == left
    gone = said.partition(":")[0].split()
    assert running.done == [(port, name) for port in (6379, 26379) for name in gone]


def test_a_former_account_that_is_wanted_again_is_no_former_one(member, tmp_path):
    (tmp_path / "FORMER").write_text("user airflow on #old\nuser airflow_2 on #abc\n")
    member.keep(member.accounts(member.FORMER), {"airflow": []})
    assert (tmp_path / "FORMER").read_text() == "user airflow_2 on #abc\n"
