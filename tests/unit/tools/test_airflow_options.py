# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of Airflow's options is read from packages without running them."""

from __future__ import annotations

import io
import zipfile

import airflow_options

CODE = """
class Parser:
    deprecated_options: dict[tuple[str, str], tuple[str, str, str]] = {("api", "port"): ("webserver", "web_server_port", "3.0")}
raise SystemExit("this must not run")
"""
PLAIN = """
SENSITIVE_CONFIG_VALUES = {("ldap", "bind_password")}
class Parser:
    sensitive_config_values: Set[Tuple[str, str]] = SENSITIVE_CONFIG_VALUES
    deprecated_options = {("logging", "level"): ("core", "level", "2.0.0")}
    many_to_one_deprecated_options = {("scheduler", "limit"): [("celery", "limit", "2.6.0"), ("kubernetes", "limit", "2.6.0")]}
    deprecated_sections: dict[str, tuple[str, str]] = {"kubernetes_executor": ("kubernetes", "2.5.0")}
    def __init__(self):
        deprecated_options = self.deprecated_options
"""
NESTED = """
class Parser:
    sensitive_config_values = {("celery", "broker_url"), ("atlas", "password")}
    deprecated_options = {"celery": {"broker_url": "celery_broker_url"}}
"""
CHANGES = """
CHANGES = [
    ConfigChange(config=ConfigParameter("core", "old"), renamed_to=ConfigParameter("core", "new")),
    ConfigChange(config=ConfigParameter("core", "gone")),
    ConfigChange(config=ConfigParameter("core", "there"), default_change=True, old_default="1"),
]
"""
PROVIDER = """
def get_provider_info():
    return {"config": {"celery": {"options": {"broker_url": {"default": "redis://redis:6379/0", "sensitive": True}, "pool": {"default": None}}}}}
"""


def package(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return zipfile.ZipFile(content)


def test_what_is_renamed_is_read_from_either_place():
    for path in ("airflow/configuration.py", "airflow/_shared/configuration/parser.py"):
        assert airflow_options.still_read(package(**{path: CODE})) == {"webserver.web_server_port": "api.port"}


def test_what_is_renamed_is_read_in_all_ways_in_which_it_was_written():
    assert airflow_options.still_read(package(**{"airflow/configuration.py": NESTED})) == {"celery.celery_broker_url": "celery.broker_url"}
    assert airflow_options.still_read(package(**{"airflow/configuration.py": PLAIN}), ["kubernetes_executor.namespace", "core.level"]) == {
        "core.level": "logging.level", "celery.limit": "scheduler.limit", "kubernetes.limit": "scheduler.limit",
        "kubernetes.namespace": "kubernetes_executor.namespace"}


def test_what_the_code_calls_secret_is_so_by_its_old_name_too():
    nested = airflow_options.kept_secret(package(**{"airflow/configuration.py": NESTED}), set(), {"celery.celery_broker_url": "celery.broker_url"})
    assert nested == {"celery.broker_url", "atlas.password", "celery.celery_broker_url"}
    assert airflow_options.kept_secret(package(**{"airflow/configuration.py": PLAIN}), {"a.b"}, {}) == {"a.b", "ldap.bind_password"}


def test_options_are_read_from_a_list_as_from_a_dictionary():
    listed = [{"name": "core", "options": [{"name": "key", "default": 1, "sensitive": True}]}, {"name": "empty", "options": None}]
    assert airflow_options.options_of(listed) == ({"core.key": "1"}, {"core.key"})
    assert airflow_options.options_of({"core": {"options": {"key": {"default": 1, "sensitive": True}}}}) == ({"core.key": "1"}, {"core.key"})


def test_what_airflow_has_defaults_for_beside_its_own_options_is_read():
    fallbacks = "[elasticsearch]\nhost =\nport = 1\n"
    assert airflow_options.fallbacks(package(**{"airflow/config_templates/pre_2_7_defaults.cfg": fallbacks})) == ["elasticsearch.host", "elasticsearch.port"]


def test_a_section_that_airflow_leaves_is_a_providers():
    assert airflow_options.provided({"2.6": {"core.a": "", "dask.a": ""}, "2.7": {"core.a": ""}, "2.8": {}}) == {"dask": "2.7"}


def test_what_is_gone_is_read_from_the_linter():
    assert airflow_options.replaced(package(**{airflow_options.CHANGES: CHANGES})) == {"core.old": "core.new", "core.gone": None}


def test_a_providers_options_are_read():
    config = airflow_options.provider_config(package(**{"airflow/providers/celery/get_provider_info.py": PROVIDER}))
    assert airflow_options.options_of(config) == ({"celery.broker_url": "redis://redis:6379/0", "celery.pool": None}, {"celery.broker_url"})


def test_only_changes_are_kept():
    merged = airflow_options.merge({"2.9": {"a": "1", "b": None}, "3.0": {"a": "1"}, "3.1": {"a": "2", "c": "x"}})
    assert merged == {"a": [["2.9", "1"], ["3.1", "2"]], "b": [["2.9", None], ["3.0"]], "c": [["3.1", "x"]]}
