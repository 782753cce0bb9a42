# SPDX-License-Identifier: GPL-3.0-or-later
"""What Airflow works with: what it was told, and its defaults."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.configurations import configuration


def test_what_was_not_told_is_the_default():
    seen = configuration({})
    assert seen.text("core.executor") == "LocalExecutor"
    assert seen.number("scheduler.max_tis_per_query") == 16
    assert seen.flag("core.load_examples") is True
    assert seen.structure("celery.extra_celery_config") == {}
    assert seen.text("api.base_url") is None
    assert seen.secret("core.fernet_key") is None
    assert seen.url("database.sql_alchemy_conn") is None


def test_an_option_may_be_told_by_its_old_name():
    assert configuration({"core.sql_alchemy_pool_size": "7"}, "2.10.5").number("database.sql_alchemy_pool_size") == 7
    assert configuration({"core.sql_alchemy_pool_size": "7"}, "3.3.2").number("database.sql_alchemy_pool_size") == 5


def test_a_remark_behind_a_value_is_cut_where_airflow_cuts_it():
    assert configuration({"core.load_examples": "False  # no"}).flag("core.load_examples") is False
    with pytest.raises(Unknown, match="not a number"):
        configuration({"core.parallelism": "8  # per scheduler"}).number("core.parallelism")


@pytest.mark.parametrize("version", ["2.2.5", "2.3.4"])
def test_an_option_may_be_asked_for_by_the_name_of_a_later_version(version):
    seen = configuration({"core.sql_alchemy_conn": "postgresql://airflow@192.0.2.1/airflow"}, version)
    assert seen.url("database.sql_alchemy_conn")["host"] == "192.0.2.1"
    assert seen.is_given("database.sql_alchemy_conn")
    assert seen.number("database.sql_alchemy_pool_size") == 5


def test_what_an_old_version_does_not_read_yet_was_not_told():
    assert configuration({"database.sql_alchemy_conn": "postgresql://airflow@192.0.2.1/airflow"}, "2.2.5").url("database.sql_alchemy_conn") is None


def test_an_empty_value_is_none():
    assert configuration({"core.parallelism": ""}).number("core.parallelism") is None


@pytest.mark.parametrize(("read", "name", "value"), [
    ("number", "core.parallelism", "many"), ("flag", "core.load_examples", "perhaps"), ("structure", "celery.extra_celery_config", "{"),
])
def test_what_cannot_be_read_is_unknown(read, name, value):
    with pytest.raises(Unknown, match=name):
        getattr(configuration({name: value}), read)(name)


def test_what_comes_from_a_command_is_unknown():
    with pytest.raises(Unknown, match="core.fernet_key of node1: it comes from a command"):
        configuration({"core.fernet_key_cmd": "cat /run/key"}).secret("core.fernet_key")
