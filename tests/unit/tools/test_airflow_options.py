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


def test_what_is_gone_is_read_from_the_linter():
    assert airflow_options.replaced(package(**{airflow_options.CHANGES: CHANGES})) == {"core.old": "core.new", "core.gone": None}


def test_a_providers_options_are_read():
    config = airflow_options.provider_config(package(**{"airflow/providers/celery/get_provider_info.py": PROVIDER}))
    assert airflow_options.options_of(config) == ({"celery.broker_url": "redis://redis:6379/0", "celery.pool": None}, {"celery.broker_url"})


def test_only_changes_are_kept():
    merged = airflow_options.merge({"2.9": {"a": "1", "b": None}, "3.0": {"a": "1"}, "3.1": {"a": "2", "c": "x"}})
    assert merged == {"a": [["2.9", "1"], ["3.1", "2"]], "b": [["2.9", None], ["3.0"]], "c": [["3.1", "x"]]}
