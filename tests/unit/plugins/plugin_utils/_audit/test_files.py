# SPDX-License-Identifier: GPL-3.0-or-later
"""What files of the controller tell, with what is said of the hosts."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import files, verdict

POSTGRESQL = "postgresql+psycopg2://airflow:not-a-real-one@db/airflow"


@pytest.fixture(name="write")
def writer(tmp_path):
    def write(name, text):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(tmp_path / name)

    return write


def read(config=None, environment=(), version="2.10.5", **components):
    shared = files.environment(environment)
    own = {name: files.environment(paths, shared) for name, paths in components.items()}
    return files.installations(config or next(iter(environment), "it"), config, own or {"": shared}, version, "salt")


def found(installations, hosts=None):
    return {(each["id"], each["evidence"]) for each in verdict.of_told(installations, hosts or {})["findings"]}


def ids(*given):
    return {identity for identity, _evidence in found(*given)}


def test_the_environment_counts_before_the_file_and_variables_are_put_into_both(write):
    [told] = read(write("airflow.cfg", "[database]\nsql_alchemy_conn = $DATABASE_URL\n[core]\nexecutor = LocalExecutor\n"),
                  [write("a.env", "DATABASE_URL=%s\nAIRFLOW__CORE__EXECUTOR=CeleryExecutor\n" % POSTGRESQL)])
    assert told["options"]["core.executor"] == {"value": "CeleryExecutor", "from": "environment"}
    assert told["options"]["database.sql_alchemy_conn"]["urls"][0]["hosts"] == "db"


def test_a_variable_that_is_told_nowhere_makes_its_option_unknown(write):
    judged = verdict.of_told(read(write("airflow.cfg", "[database]\nsql_alchemy_conn = ${DATABASE_URL}\n")), {})
    assert "airflow-database-sqlite" not in {each["id"] for each in judged["findings"]}
    assert any("names the variable DATABASE_URL" in each["reason"] for each in judged["unknown"])


@pytest.mark.parametrize("text, reason", [
    (b"\xef\xbb\xbf[core]\nexecutor = LocalExecutor\n", "byte order mark"),
    ("[core]\nexecutor = CeleryExecutor\nexecutor = LocalExecutor\n", "line 3 sets executor"),
    ("[core]\nexecutor = LocalExecutor\n[logging]\nlog_format = %(message)s\n", "a percent sign is not doubled in logging.log_format"),
    ("# conexión\n[core]\nexecutor = LocalExecutor\n".encode("latin-1"), "no text in UTF-8"),
])
def test_what_airflow_refuses_is_told_and_the_rest_is_judged_as_it_was_meant(write, text, reason):
    told = found(read(write("airflow.cfg", text)))
    assert any(identity == "airflow-config-broken" and reason in evidence for identity, evidence in told)
    assert ("airflow-executor-local", "core.executor is LocalExecutor") in told


def test_a_template_that_nobody_filled_in_is_told_and_what_it_stands_for_is_unknown(write):
    told = found(read(write("airflow.cfg", "[database]\nsql_alchemy_conn = postgresql://<%= @user %>:<%= @password %>@db/airflow\n"
                                           "[core]\nparallelism = {{ parallelism }}\n[logging]\nlog_filename_template = {{ ti.dag_id }}\n")))
    assert {evidence for identity, evidence in told if identity == "airflow-value-template"} == {
        "core.parallelism is one", "database.sql_alchemy_conn is one"}
    assert not {"airflow-config-broken", "airflow-option-value", "airflow-database-password"} & {identity for identity, _evidence in told}


def test_a_secret_that_was_blacked_out_is_unknown(write):
    judged = verdict.of_told(read(write("airflow.cfg", "[core]\nfernet_key = REDACTED-1\n[webserver]\nsecret_key = ******\n")), {})
    assert not {each["id"] for each in judged["findings"]} & {"airflow-fernet-form", "airflow-fernet-unset", "airflow-secret-known"}
    assert any("core.fernet_key" in each["reason"] and "it was blacked out" in each["reason"] for each in judged["unknown"])


def test_components_may_differ(write):
    one = read(None, [write("all", "AIRFLOW__CORE__PARALLELISM=8\n")], scheduler=[write("s", "AIRFLOW__CORE__LOAD_EXAMPLES=True\n")],
               worker=[write("w", "AIRFLOW__CORE__LOAD_EXAMPLES=False\n")], triggerer=[write("t", "AIRFLOW__CORE__LOAD_EXAMPLES=False\n")])
    assert [each["components"] for each in one] == [["scheduler"], ["worker", "triggerer"]]
    assert [each["member"].rpartition("/")[2] for each in one] == ["all (scheduler)", "all (worker, triggerer)"]
    assert "cluster-option-differs" in ids(one)


def test_a_variable_without_an_option_is_told(write):
    told = found(read(None, [write("a", 'AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS={"master_name": "x"}\nAIRFLOW_UID=50000\n')]))
    assert ("airflow-variable-ignored", "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS is not read") in told


@pytest.mark.parametrize("hosts, expected", [
    ({"a": ["postgresql"]}, {"cluster-one-database"}),
    ({"a": ["postgresql"], "b": ["postgresql"]}, set()),
    ({"a": ["rabbitmq"]}, {"cluster-one-broker"}),
    ({"a": ["redis", "redis"]}, {"cluster-one-host"}),
    ({"a": ["scheduler", "scheduler", "worker", "triggerer"]}, {"cluster-one-host", "cluster-one-worker", "cluster-one-triggerer"}),
    ({"a": ["scheduler", "triggerer"], "b": ["scheduler", "triggerer"]}, {"cluster-no-worker"}),
    ({}, set()),
])
def test_what_is_said_of_hosts_is_judged(write, hosts, expected):
    told = read(None, [write("a", "AIRFLOW__CORE__EXECUTOR=CeleryExecutor\n")])
    assert {identity for identity in ids(told, hosts) if identity.startswith("cluster-")} == expected


def test_a_word_that_nobody_knows_is_refused():
    with pytest.raises(BadOption, match="hosts: shceduler is none of"):
        verdict.of_told([], {"a": ["shceduler"]})


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadOption, match="airflow.cfg cannot be read: No such file"):
        read(str(tmp_path / "airflow.cfg"))
