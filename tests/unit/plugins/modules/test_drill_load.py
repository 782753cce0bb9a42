# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.modules import drill_load

WISH = {
    "url": "http://127.0.0.1:1", "username": "admin", "password": "secret", "database": {"host": "127.0.0.1", "port": 1, "dbname": "airflow"},
    "database_password": "secret", "dags": [{"dag": "d", "every": 1}], "prefix": "drill",
}


def run(capsys, tmp_path, **options):
    with patch_module_args({**WISH, "record": str(tmp_path / "record"), "stop_file": str(tmp_path / "stop"), **options}):
        with pytest.raises(SystemExit):
            drill_load.main()
    return json.loads(capsys.readouterr().out)


def test_check_mode_asks_nobody(capsys, tmp_path):
    assert run(capsys, tmp_path, _ansible_check_mode=True)["lost"] == []
    assert not list(tmp_path.iterdir())


def test_without_airflow_no_load_begins(capsys, tmp_path):
    answer = run(capsys, tmp_path)
    assert answer["failed"]
    assert answer["msg"] == "The load could not be driven: no answer from http://127.0.0.1:1/auth/token: Connection refused"


def test_without_a_database_no_load_begins(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(drill_load.Session, "login", lambda self: None)
    answer = run(capsys, tmp_path)
    assert answer["failed"]
    assert "127.0.0.1" in answer["msg"]
    assert (tmp_path / "record").read_text() == ""


class Database:
    def __init__(self, **login):
        self.rows = []

    autocommit = True

    def cursor(self):
        return self

    def close(self):
        pass

    def execute(self, statement, values=()):
        self.rows += [values] if values else []

    def fetchall(self):
        return self.rows


def test_the_load_ends_when_it_is_told_to(capsys, tmp_path, monkeypatch):
    database = Database()
    monkeypatch.setattr(drill_load.Session, "login", lambda self: None)
    monkeypatch.setattr(drill_load.psycopg2, "connect", lambda **login: database)
    monkeypatch.setattr(drill_load, "LOOK", 0.01)
    (tmp_path / "stop").write_text("")
    answer = run(capsys, tmp_path, writes_per_second=1000)
    assert answer["lost"] == []
    assert answer["acknowledged"] == len(database.rows)
