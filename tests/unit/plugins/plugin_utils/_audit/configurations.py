# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden configurations, and what becomes of them when something is changed for the worse."""

from __future__ import annotations

import json
import pathlib
import re

import yaml

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.configuration import Configuration

HERE = pathlib.Path(__file__).parent
GOLDEN = yaml.safe_load((HERE / "golden.yml").read_text(encoding="utf-8"))
MUTATIONS = yaml.safe_load((HERE / "mutations.yml").read_text(encoding="utf-8"))
CURRENT = "3.3.2"
GIT = '[{"name": "main", "classpath": "airflow.providers.git.bundles.git.GitDagBundle", "kwargs": {"tracking_ref": "main"}}]'


def golden(version=CURRENT):
    """{"section.option": text}"""
    return {f"{section}.{option}": value for section, options in GOLDEN[version].items() for option, value in options.items()}


def text(settings):
    """As a file for Airflow."""
    sections = {}
    for name, value in settings.items():
        section, option = name.split(".", maxsplit=1)
        sections.setdefault(section, []).append("%s = %s" % (option, value.replace("%", "%%")))
    return "\n".join(line for section, lines in sections.items() for line in ["[%s]" % section, *lines])


def configuration(settings, version=CURRENT, environment=()):
    return Configuration("node1", version, airflow_config.options(text(settings), dict(environment), "salt"))


def changed(settings, changes):
    result = {**settings, **{name: written(value, name, settings) for name, value in changes.items() if value is not None}}
    return {name: value for name, value in result.items() if name not in changes or changes[name] is not None}


def written(value, name, settings):
    """{url:CHANGE} and {extra:-NAME} stand for what the golden configuration has there, changed."""
    value = value.replace("{git}", GIT)
    value = re.sub(r"\{url:(.+?)\}", lambda match: another_url(settings["database.sql_alchemy_conn"], match[1]), value)
    extra = re.fullmatch(r"\{extra:-(.+)\}", value)
    if extra:
        return json.dumps({key: content for key, content in json.loads(settings[name]).items() if key not in extra[1].split(",")})
    return value


def another_url(url, change):
    """-NAME takes a parameter away, NAME=VALUE sets it, as hosts and user do with these; anything else is a scheme."""
    if change.startswith("-"):
        return re.sub(r"(?<=[?&])%s=[^&]*&?" % change[1:], "", url)
    name, _equal, value = change.partition("=")
    if not value:
        return re.sub(r"^[^:]+", change, url)
    if name in ("hosts", "user"):
        return re.sub(r"(?<=@)[^/]*" if name == "hosts" else r"(?<=://)[^:]*", value, url)
    return re.sub(r"(?<=[?&])%s=[^&]*" % name, "%s=%s" % (name, value), url)
