# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order secrets take each other's place."""

from __future__ import annotations

import pytest
import yaml
from rotation import AT_ONCE, FILES, first_step, last_step, read, second, second_step, values, write


def one_set(name):
    texts = {key: f"{key} {name}\n" for key in (*AT_ONCE, "airflow_jwt_keys", "tls_ca_certificate", "tls_ca_key")}
    return {**texts, "airflow_fernet_key": name, "airflow_database_user": "airflow", "airflow_broker_user": "airflow"}


OLD, NEW = one_set("old"), one_set("new")


def test_accounts_take_turns():
    assert [second("airflow"), second("airflow_2")] == ["airflow_2", "airflow"]


def test_at_first_the_old_keys_are_used_and_the_new_ones_trusted():
    changes = first_step(OLD, NEW)
    assert changes["airflow_jwt_keys"] == "airflow_jwt_keys old\nairflow_jwt_keys new\n"
    assert changes["airflow_fernet_key"] == "old,new"
    assert changes["tls_ca_certificate"].index("old") < changes["tls_ca_certificate"].index("new")
    assert "tls_ca_key" not in changes


def test_then_the_new_ones_are_used_and_the_old_ones_trusted():
    changes = second_step(OLD, NEW)
    assert changes["airflow_jwt_keys"] == "airflow_jwt_keys new\nairflow_jwt_keys old\n"
    assert changes["airflow_fernet_key"] == "new,old"
    assert changes["tls_ca_key"] == NEW["tls_ca_key"]


def test_at_last_nothing_old_is_left():
    state = dict(OLD)
    for step in (first_step, second_step, last_step):
        state.update(step(OLD, NEW))
    assert {name: value for name, value in state.items() if not name.endswith("_user")} == {
        name: value for name, value in NEW.items() if not name.endswith("_user")}


@pytest.mark.parametrize("name", ["airflow_jwt_keys", "airflow_fernet_key"])
def test_no_step_takes_away_what_the_step_before_used(name):
    state = dict(OLD)
    for step in (first_step, second_step, last_step):
        used = state[name].split(",")[0].splitlines()[0]
        state.update(step(OLD, NEW))
        assert used in state[name]


def test_the_authority_that_signed_is_trusted_after_each_step():
    state = dict(OLD)
    for step in (first_step, second_step, last_step):
        signed = state["tls_ca_key"].split()[1]
        state.update(step(OLD, NEW))
        assert f"tls_ca_certificate {signed}" in state["tls_ca_certificate"]


def test_each_value_is_written_where_it_was(tmp_path, monkeypatch):
    for name, content in zip(FILES, ({"one": 1, "two": 2}, {"three": 3}, {"four": 4})):
        (tmp_path / name).write_text(yaml.safe_dump(content), encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    monkeypatch.setattr("rotation.SECRETS", tmp_path / "secrets.yml")
    write({"two": "new", "four": "new", "five": "unknown"})
    assert values(read(tmp_path)) == {"one": 1, "two": "new", "three": 3, "four": "new"}
    assert (tmp_path / "secrets.yml").stat().st_mode & 0o777 == 0o600
