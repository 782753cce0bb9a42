# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL on a host says what it is. The answer is recorded from the leader of the demo."""

from __future__ import annotations

import json
import os

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import postgresql
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

RECORDED = json.loads((FIXTURES / "audit/postgresql.json").read_text(encoding="utf-8"))
HERE = [{"kind": "patroni", "container": ""}]


@pytest.fixture(name="root", autouse=True)
def as_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)


@pytest.fixture(name="files")
def files_of_the_host(tmp_path):
    directory = tmp_path / RECORDED["answer"]["data_directory"].lstrip("/")
    directory.mkdir(parents=True)
    (directory / postgresql.DYNAMIC).write_text(json.dumps(RECORDED["dynamic"]))
    return Files(str(tmp_path))


def answer(command, **_more):
    assert command[:4] == ["runuser", "--user", "postgres", "--"]
    return 0, json.dumps(RECORDED["answer"]) + "\n", ""


def test_it_is_asked_once_and_tells_what_patroni_agreed_on(files):
    seen = postgresql.look(files, HERE, answer)
    assert seen["problem"] == ""
    assert seen["settings"] == RECORDED["answer"]["settings"]
    assert seen["patroni"] == {"ttl": 20, "loop_wait": 2, "retry_timeout": 8, "primary_start_timeout": 0, "maximum_lag_on_failover": 1048576,
                               "synchronous_mode": "quorum", "failsafe_mode": True}


def test_without_patroni_there_is_nothing_agreed_on(tmp_path):
    assert postgresql.look(Files(str(tmp_path)), [{"kind": "postgresql", "container": ""}], answer)["patroni"] is None


def test_a_file_of_patronis_that_is_broken_is_none(files):
    with open(files.path(RECORDED["answer"]["data_directory"] + "/" + postgresql.DYNAMIC), "w", encoding="utf-8") as file:
        file.write("{")
    assert postgresql.look(files, HERE, answer)["patroni"] is None


def test_in_a_container_its_own_psql_is_asked_as_its_own_user(tmp_path):
    asked = []
    inside = tmp_path / "proc/70/root" / RECORDED["answer"]["data_directory"].lstrip("/")
    inside.mkdir(parents=True)
    (inside / postgresql.DYNAMIC).write_text(json.dumps(RECORDED["dynamic"]))
    (tmp_path / "proc/70/status").write_text("Name:\tpostgres\nUid:\t999\t999\t999\t999\nGid:\t998\t998\t998\t998\n")
    (tmp_path / "proc/70/environ").write_text("POSTGRES_USER=airflow\0PATH=/usr/lib/postgresql/17/bin:/bin\0POSTGRES_PASSWORD=secret\0")
    service = {"kind": "postgresql", "container": "c" * 64, "pid": 70, "environment": {}, "environment_files": []}

    def run(command, environ_update, cwd):
        asked.append((command, environ_update))
        return 0, json.dumps(RECORDED["answer"]), ""

    seen = postgresql.look(Files(str(tmp_path)), [service], run)
    [(command, variables)] = asked
    assert command[:9] == ["nsenter", "--target", "70", "--mount", "--setuid", "999", "--setgid", "998", "--"]
    assert (variables["PGUSER"], variables["PATH"]) == ("airflow", "/usr/lib/postgresql/17/bin:/bin")
    assert "secret" not in str(asked) + str(seen)
    assert (seen["inside"], seen["patroni"]["ttl"]) == (True, 20)


def test_the_hosts_own_is_asked_before_one_in_a_container(files):
    assert postgresql.look(files, [{"kind": "postgresql", "container": "c" * 64, "pid": 70}, *HERE], answer)["inside"] is False


def test_where_none_runs_nobody_is_asked(files):
    assert postgresql.look(files, [{"kind": "etcd"}], None) is None


def test_who_is_not_root_cannot_ask(files, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert postgresql.look(files, HERE, None) == {"problem": "only root may ask PostgreSQL as its own user"}


def test_one_that_does_not_answer_is_told(files):
    seen = postgresql.look(files, HERE, lambda command, **_more: (2, "", "psql: error:\n no such file"))
    assert seen == {"problem": "PostgreSQL does not answer: psql: error: no such file"}
