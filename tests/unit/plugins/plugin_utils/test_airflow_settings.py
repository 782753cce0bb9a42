# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that a user gives reach Airflow as they were meant, or are told."""

from __future__ import annotations

import configparser
import json

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils import _airflow_settings as settings

PEM = "-----BEGIN CERTIFICATE-----\nMIIB+zCC/w==\nAbc=\n-----END CERTIFICATE-----\n"
BUNDLES = '[\n  {\n    "name": "dags",\n    "kwargs": {"path": "/a b"}\n  }\n]'


def read(text):
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return parser


def problems(config=None, environment=None, version="3.3.2"):
    return settings.problems({} if config is None else config, {} if environment is None else environment, version)


def told(*given):
    return [(each["severity"], each["problem"], each["remedy"]) for each in problems(*given)]


@pytest.mark.parametrize("value", [
    "plain", "100%", "%(asctime)s [%(levelname)s] %(message)s", "a = b", "a: b # not a comment", "[x]", "'quoted' \"twice\"", "\\backslash\\",
    "größe", "", PEM.strip(), "first\n\nthird", "one\n[two]\nthree = 3",
])
def test_a_value_is_read_back_as_it_was_given(value):
    text = settings.cfg({"logging": {"log_format": value, "z": "the next"}})
    assert read(text)["logging"]["log_format"] == value
    assert read(text)["logging"]["z"] == "the next"
    assert problems({"logging": {"log_format": value}}) == []


def test_structures_are_json():
    given = {"a": {"b": [1, None]}, "c": True, "d": 5, "e": None, "f": ["x"]}
    section = read(settings.cfg({"x": given}))["x"]
    assert json.loads(section["a"]) == {"b": [1, None]}
    assert {name: section[name] for name in "cdef"} == {"c": "true", "d": "5", "e": "", "f": '["x"]'}


def test_json_of_several_lines_stays_what_it_is():
    given = {"dag_processor": {"dag_bundle_config_list": BUNDLES}}
    assert json.loads(read(settings.cfg(given))["dag_processor"]["dag_bundle_config_list"]) == json.loads(BUNDLES)
    assert problems(given) == []


@pytest.mark.parametrize("config", [
    {"logging": {"log_format": "first\n# second\nthird"}}, {"logging": {"log_format": "first\n  ; second"}},
    {"my\nsection": {"option": "x"}}, {"mine": {"an=option": "x"}}, {"mine": {"#option": "x"}},
])
def test_what_would_be_read_otherwise_is_told(config):
    assert "would not be read as it is written" in problems(config)[0]["problem"]


@pytest.mark.parametrize("given, subject", [
    (("text", {}), "airflow_config"), (([], {}), "airflow_config"), (({"core": "x"}, {}), "airflow_config"),
    (({}, ["A=b"]), "airflow_component_environment"), (({}, {"a-b": "x"}), "airflow_component_environment"),
])
def test_shapes_are_those_that_are_documented(given, subject):
    assert [(each["subject"], each["severity"]) for each in problems(*given)] == [(subject, "error")]


@pytest.mark.parametrize("name, place", [
    ("core.paralelism", "core.parallelism"),  # misspelt
    ("webserver.base_url", "airflow_base_url"),  # moved, and still read; but its new name counts, and that follows from a variable
    ("webserver.web_server_port", "topology_ports"),
    ("core.dag_concurrency", "core.max_active_tasks_per_dag"),  # renamed, and no longer read
    ("scheduler.parallelism", "core.parallelism"),  # of another section
    ("scheduller.job_heartbeat_sec", "scheduler.job_heartbeat_sec"),
])
@pytest.mark.parametrize("by", ["file", "environment"])
def test_a_setting_without_effect_is_told_with_what_was_meant(name, place, by):
    section, option = name.split(".")
    given = ({section: {option: 64}},) if by == "file" else ({}, {"AIRFLOW__%s__%s" % (section.upper(), option.upper()): "64"})
    assert told(*given) == [("error", "Airflow 3.3 has no option %s" % name, "set %s in place of it" % place)]


def test_names_in_capital_letters_are_others():
    assert told({"core": {"Parallelism": 64}}) == [
        ("error", "core.Parallelism is another name than core.parallelism for Airflow, and nothing reads it", "set core.parallelism in place of it")]


@pytest.mark.parametrize("name", sorted(settings.VARIABLE_OF))
def test_what_follows_from_a_variable_is_set_by_that(name):
    section, option = name.split(".")
    [(severity, problem, remedy)] = told({section: {option: "x"}})
    assert (severity, remedy) == ("error", "set %s in place of it" % settings.VARIABLE_OF[name])
    assert problem.startswith("%s follows from " % name)


@pytest.mark.parametrize("config, severity", [
    ({"core": {"zzz": 1}}, "warning"),
    ({"aws": {"session_factory": "x"}}, "warning"),  # of a provider that only its user knows
    ({"core": {"min_serialized_dag_fetch_interval": 5}}, "error"),  # was there until 3.0, and nothing took its place
])
def test_what_only_its_user_can_know_is_a_warning(config, severity):
    assert [each["severity"] for each in problems(config)] == [severity]


@pytest.mark.parametrize("config", [
    {"core": {"parallelism": 64, "load_examples": False, "fernet_key_cmd": "cat /x", "sql_alchemy_conn": ""}},
    {"celery_broker_transport_options": {"master_name": "x"}},
    {"scheduler": {"num_stuck_in_queued_retries": 5}},
    {"core": {"load_examples": "False # none"}},
    {"api": {"expose_config": "non-sensitive-only"}},
])
def test_what_airflow_knows_is_no_finding(config):
    config.get("core", {}).pop("sql_alchemy_conn", None)
    assert problems(config) == []


@pytest.mark.parametrize("config", [{"core": {"parallelism": "many"}}, {"api": {"workers": "4 # for each host"}}, {"core": {"load_examples": "perhaps"}}])
def test_a_value_that_airflow_cannot_read_is_told(config):
    [found] = problems(config)
    assert "cannot be" in found["problem"] and "whose" not in found["problem"]


@pytest.mark.parametrize("text, problem", [
    ("from flask_appbuilder.const import AUTH_LDAP\nAUTH_TYPE = AUTH_LDAP\n", None), ("", None),
    ("AUTH_TYPE = AUTH_DB\nAUTH_ROLES = [\n", "line 2"), ("x =\n", "line 1"), ("a\0b", "null bytes"), (["x"], "no text"),
])
def test_a_file_that_python_cannot_read_is_told_with_the_line(text, problem):
    found = settings.python_problems("airflow_webserver_config", text)
    assert [each["subject"] for each in found] == ["airflow_webserver_config"] * bool(problem)
    assert not problem or problem in found[0]["problem"]


@pytest.mark.parametrize("config", [{"webserver": {"rbac": True}}, {"kubernetes": {"namespace": "airflow"}}, {"elasticsearch": {"json_format": True}}])
def test_what_only_versions_of_long_ago_read_may_be_a_providers_by_now(config):
    assert [each["severity"] for each in problems(config)] == ["warning"]


def test_an_unknown_version_is_told_by_another_rule():
    assert problems({"core": {"paralelism": 1}}, version="") == []
