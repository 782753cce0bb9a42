# SPDX-License-Identifier: GPL-3.0-or-later
"""Which options a version of Airflow knows."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.options import Options
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown


def test_the_table_has_all_versions_in_their_order():
    assert Options.versions() == ["2.9", "2.10", "2.11", "3.0", "3.1", "3.2", "3.3"]


@pytest.mark.parametrize(("version", "default"), [("2.9.0", "SequentialExecutor"), ("2.11.2", "SequentialExecutor"), ("3.3.2", "LocalExecutor")])
def test_a_default_is_that_of_the_version(version, default):
    assert Options(version).default("core.executor") == default


def test_a_default_is_as_airflow_reads_it():
    assert Options("3.3.2").default("celery.extra_celery_config") == "{}"
    assert Options("3.3.2").default("core.dags_folder") == "{AIRFLOW_HOME}/dags"


def test_what_each_installation_makes_for_itself_is_no_default():
    assert Options("3.3.2").default("core.fernet_key") is None


def test_options_come_and_go():
    assert [Options(version).has("scheduler.scheduler_zombie_task_threshold") for version in ("2.11.0", "3.0.0")] == [True, False]
    assert Options("3.0.0").was_known("scheduler.scheduler_zombie_task_threshold")
    assert not Options("3.0.0").was_known("scheduler.zombies")
    assert not Options("3.2.0").was_known("api.ssl_ca_file")
    assert [Options(version).known_from("api.ssl_ca_file") for version in ("3.2.0", "3.3.0")] == ["3.3", None]


def test_an_old_name_is_read_as_long_as_the_version_does():
    assert Options("2.10.0").read_as("core.sql_alchemy_pool_size") == "database.sql_alchemy_pool_size"
    assert Options("3.3.2").read_as("core.sql_alchemy_pool_size") is None
    assert "core.sql_alchemy_pool_size" in Options("2.10.0").old_names("database.sql_alchemy_pool_size")


def test_what_took_the_place_is_told_where_the_version_has_it():
    assert Options("3.3.2").replaced_by("scheduler.max_threads") == "dag_processor.parsing_processes"
    assert Options("2.10.0").replaced_by("scheduler.max_threads") is None


@pytest.mark.parametrize(("version", "message"), [("", "unknown"), (None, "unknown"), ("latest", "unknown"), ("2.8.1", "older")])
def test_a_version_that_cannot_be_judged_is_told(version, message):
    with pytest.raises(Unknown, match=message):
        Options(version)


def test_a_later_version_is_judged_as_the_last_one():
    later = Options("3.9.0")
    assert later.is_later
    assert later.default("core.executor") == "LocalExecutor"
