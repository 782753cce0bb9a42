# SPDX-License-Identifier: GPL-3.0-or-later
"""Which options a version of Airflow knows."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.options import Options, table
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown


def test_the_table_has_all_versions_in_their_order():
    assert Options.versions() == ["1.10", *("2.%d" % number for number in range(12)), "3.0", "3.1", "3.2", "3.3"]


@pytest.mark.parametrize(("version", "default"), [
    ("1.10.12", "SequentialExecutor"), ("2.9.0", "SequentialExecutor"), ("2.11.2", "SequentialExecutor"), ("3.3.2", "LocalExecutor"),
])
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


@pytest.mark.parametrize(("version", "message"), [("", "unknown"), (None, "unknown"), ("latest", "unknown")])
def test_a_version_that_cannot_be_judged_is_told(version, message):
    with pytest.raises(Unknown, match=message):
        Options(version)


def test_a_later_version_is_judged_as_the_last_one():
    later = Options("3.9.0")
    assert later.is_later and not later.is_exact
    assert later.default("core.executor") == "LocalExecutor"


def test_an_earlier_version_is_judged_as_the_first_one():
    earlier = Options("1.8.2")
    assert earlier.is_earlier and not earlier.is_exact
    assert earlier.version == (1, 8)
    assert earlier.default("celery.broker_url").startswith("sqla+mysql://")
    assert earlier.read_as("celery.celery_broker_url") == "celery.broker_url"
    assert not earlier.was_known("webserver.session_lifetime_days")
    assert earlier.known_from("database.sql_alchemy_conn") == "2.3"


@pytest.mark.parametrize("version", ["1.10.15", "2.9.3", "3.3.2"])
def test_a_version_of_the_table_is_judged_by_its_own(version):
    assert Options(version).is_exact


@pytest.mark.parametrize(("version", "name", "called"), [
    ("2.2.5", "database.sql_alchemy_conn", "core.sql_alchemy_conn"), ("2.3.4", "database.sql_alchemy_conn", "database.sql_alchemy_conn"),
    ("2.5.3", "metrics.metrics_allow_list", "metrics.statsd_allow_list"), ("1.10.15", "metrics.metrics_allow_list", "scheduler.statsd_allow_list"),
    ("2.8.4", "api.secret_key", "webserver.secret_key"), ("2.8.4", "api_auth.jwt_secret", "api_auth.jwt_secret"),
])
def test_an_option_is_called_as_the_version_calls_it(version, name, called):
    assert Options(version).called(name) == called


def test_a_text_names_options_as_the_version_does():
    old = Options("2.2.5")
    assert old.in_words("set database.sql_alchemy_conn, see www.example.org") == "set core.sql_alchemy_conn, see www.example.org"
    assert old.in_words("set api.port (before 3.0 webserver.web_server_port)") == "set api.port (before 3.0 webserver.web_server_port)"


def test_celery_is_airflows_own_before_2_7_and_a_providers_then():
    assert [Options(version).has("celery.broker_url") for version in Options.versions()] == [True] * 17
    assert [Options(version).known_from("celery.extra_celery_config") for version in ("2.6", "2.8", "2.9")] == ["2.9", "2.9", None]
    assert [Options(version).has("fab.enable_proxy_fix") for version in ("2.8.4", "2.9.3")] == [False, True]


def test_what_airflow_left_to_a_provider_is_not_called_removed():
    assert Options("2.6.3").has("elasticsearch.host")
    assert not any(Options(version).was_known("elasticsearch.host") for version in ("2.7.3", "3.3.2"))
    assert Options("2.0.2").was_known("ldap.uri")


def test_a_section_is_read_by_its_old_name_as_long_as_the_version_does():
    assert [Options(version).read_as("kubernetes.namespace") for version in ("2.4.3", "2.5.3", "2.11.2", "3.0.6")] == [
        None, "kubernetes_executor.namespace", "kubernetes_executor.namespace", None]
    assert Options("3.0.6").was_known("kubernetes.namespace")


def test_several_old_names_may_lead_to_one_option():
    assert {"celery.stalled_task_timeout", "celery.task_adoption_timeout"} <= set(Options("2.6.3").old_names("scheduler.task_queued_timeout"))


def test_what_is_yet_to_come_was_not_known():
    assert table()["replaced"]["core.dataset_manager_kwargs"] == "core.asset_manager_kwargs"
    assert [Options(version).was_known("core.dataset_manager_kwargs") for version in ("2.2.5", "3.3.2")] == [False, True]


@pytest.mark.parametrize("since", ["2.9", "0.0"])
def test_what_was_known_may_be_asked_of_the_last_versions_only(since):
    assert Options("3.3.2").was_known("webserver.rbac", since) == (since == "0.0")
    assert Options("3.3.2").was_known("scheduler.dag_dir_list_interval", since)
