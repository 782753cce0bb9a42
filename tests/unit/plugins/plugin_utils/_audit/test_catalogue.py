# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule is silent about what is fine, and finds what it is about, and no other rule speaks then."""

from __future__ import annotations

import re

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.configuration import Configuration
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.options import NAME, Options, minor, table
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import SEVERITIES
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.configurations import (
    CURRENT,
    GOLDEN,
    MUTATIONS,
    changed,
    configuration,
    golden,
)

OLD = "airflow-version-ended"
IDS = [rule.id for rule in RULES]


def found(settings, version):
    """What is found beside the age of an Airflow 2."""
    verdict = judge(RULES, {"configuration": [configuration(settings, version)]})
    assert not verdict["unknown"] or any(each["id"] == "airflow-option-value" for each in verdict["findings"])
    return {each["id"] for each in verdict["findings"]} - ({OLD} if version.startswith(("1.", "2.")) else set())


@pytest.mark.parametrize("version", GOLDEN)
def test_nothing_is_found_where_all_is_well(version):
    assert found(golden(version), version) == set()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[f"{number}-{mutation[0]}" for number, mutation in enumerate(MUTATIONS)])
def test_a_change_for_the_worse_is_found_and_nothing_else(mutation):
    expected, changes, *versions = mutation
    base, version = (versions or [CURRENT])[0], (versions or [CURRENT])[-1]
    assert found(changed(golden(base), changes), version) == set(expected.split(", "))


def of_one_host(version, executor):
    """What an option for the database is called changed with 2.3."""
    url = {("core" if Options(version).version < (2, 3) else "database") + ".sql_alchemy_conn": "postgresql+psycopg2://airflow@192.0.2.1/airflow"}
    return {"core.executor": executor, "celery.broker_url": "amqp://airflow@192.0.2.1/airflow", **url} if executor else {}


@pytest.mark.parametrize("executor", [None, "LocalExecutor", "CeleryExecutor"])
@pytest.mark.parametrize("version", ["1.8", *Options.versions()])
def test_every_version_can_be_judged_and_is_told_of_its_own_options(version, executor):
    options = Options(version)
    verdict = judge(RULES, {"configuration": [configuration(of_one_host(version, executor), version)]})
    assert not verdict["unknown"]
    assert ("airflow-database-sqlite" in {each["id"] for each in verdict["findings"]}) == (executor is None)
    assert not {"airflow-option-unknown", "airflow-option-removed", "airflow-option-renamed"}.intersection(each["id"] for each in verdict["findings"])
    named = {name for each in verdict["findings"] for name in NAME.findall(each["evidence"]) if name in table()["options"] or name in table()["aliases"]}
    assert named and all(options.has(name) or options.read_as(name) for name in named)
    told = {name for each in verdict["findings"] for name in NAME.findall(meant_for(options.version, each["remedy"])) if name in table()["options"]}
    assert {name for name in told if not options.has(name)} == set()


def meant_for(version, remedy):
    """A remedy without what it says of other versions: NEW (before 3.0 OLD), and (from 3.1 on) NEW."""
    remedy = re.sub(r"(\S+) \(before ([\d.]+) (\S+)\)", lambda match: match[3] if version < minor(match[2]) else match[1], remedy)
    return re.sub(r"\(from ([\d.]+) on\) (\S+)", lambda match: "" if version < minor(match[1]) else match[2], remedy)


@pytest.mark.parametrize(("version", "name", "evidence"), [
    ("2.2.5", "database.sql_alchemy_conn", "database.sql_alchemy_conn is read from 2.3 on, and core.sql_alchemy_conn until then"),
    ("2.2.5", "core.dataset_manager_kwargs", "core.dataset_manager_kwargs is read from 2.4 on"),
    ("2.8.4", "celery.extra_celery_config", "celery.extra_celery_config is read from 2.9 on"),
    ("1.10.15", "core.dags_foldr", "nothing reads core.dags_foldr"),
])
def test_an_option_of_a_later_version_is_told(version, name, evidence):
    verdict = judge(RULES, {"configuration": [configuration({name: "{}"}, version)]})
    assert [each["evidence"] for each in verdict["findings"] if each["id"] == "airflow-option-unknown"] == [evidence]


@pytest.mark.parametrize("version", Options.versions())
def test_a_file_of_all_defaults_can_be_judged_and_has_nothing_unknown(version):
    options = Options(version)
    names = [name for name in options.names() if name.partition(".")[2]]
    given = airflow_config.options("", {"AIRFLOW__%s__%s" % tuple(name.upper().split(".")): options.default(name) or "" for name in names}, "salt")
    verdict = judge(RULES, {"configuration": [Configuration("node1", version, dict(given, **{"core.executor": {"value": "CeleryExecutor"}}))]})
    assert not verdict["unknown"]
    assert [each for each in verdict["findings"] if each["id"].startswith("airflow-option")] == []


@pytest.mark.parametrize(("value", "told"), [("", "passed"), ("43200", "passed"), ("43200  # half a day", "unknown"), ("soon", "unknown"), ("60", "findings")])
def test_how_long_redis_keeps_a_message_may_be_told_in_any_way(value, told):
    settings = {"core.executor": "CeleryExecutor", "celery.broker_url": "redis://192.0.2.1/0", "celery_broker_transport_options.visibility_timeout": value}
    verdict = judge(RULES, {"configuration": [configuration(settings)]})
    assert "airflow-broker-visibility" in {each["id"] for each in verdict[told]}


@pytest.mark.parametrize(("host", "alone"), [
    ("redis", True), ("10.0.0.7", True), ("airflow.ab12cd.0001.use1.cache.amazonaws.com", True), ("cache.example.org", True),
    ("master.airflow.ab12cd.euc1.cache.amazonaws.com", False), ("airflow.ab12cd.ng.0001.use1.cache.amazonaws.com", False),
    ("ours.redis.cache.windows.net", False), ("redis-12345.c1.eu-west-1-3.ec2.redis-cloud.com", False),
])
def test_a_redis_that_somebody_else_keeps_available_is_not_called_alone(host, alone):
    settings = {"core.executor": "CeleryExecutor", "celery.broker_url": "rediss://:p@%s:6379/0" % host}
    assert ("airflow-broker-redis-alone" in found(settings, CURRENT)) == alone


def test_results_are_not_kept_in_a_redis_whoever_runs_it():
    settings = {"core.executor": "CeleryExecutor", "celery.result_backend": "rediss://:p@master.airflow.ab12cd.euc1.cache.amazonaws.com:6379/0"}
    assert "airflow-result-redis" in found(settings, CURRENT)


@pytest.mark.parametrize("version", ["1.8.2", "3.9.0"])
def test_nobody_knows_what_a_version_beside_the_table_does_not_read(version):
    verdict = judge(RULES, {"configuration": [configuration({"core.dags_foldr": "/dags"}, version)]})
    assert not {"airflow-option-unknown", "airflow-option-removed"}.intersection(each["id"] for each in verdict["findings"])


@pytest.mark.parametrize("version", ["2.7.3", "2.8.4"])
def test_what_a_provider_reads_now_is_not_called_removed(version):
    settings = {"elasticsearch.host": "192.0.2.1", "kubernetes_executor.namespace": "airflow", "celery.stalled_task_timeout": "300"}
    assert "airflow-option-removed" not in found(settings, version)


def test_an_airflow_of_old_is_told():
    verdict = judge(RULES, {"configuration": [configuration(golden("2.10.5"), "2.10.5")]})
    assert [each["id"] for each in verdict["findings"]] == [OLD]


def test_every_rule_has_a_change_that_it_finds():
    configured = {rule.id for rule in RULES if rule.subject == "configuration"}
    assert {each for mutation in MUTATIONS for each in mutation[0].split(", ")} | {OLD} == configured


def test_every_rule_has_an_id_of_its_own():
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_says_all_that_a_reader_needs(rule):
    assert rule.severity in SEVERITIES
    assert rule.why.endswith(".")
    assert rule.title and rule.remedy and not rule.title.endswith(".")
