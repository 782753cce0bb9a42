# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: all that files of the controller tell, and what their user says beside them, as what rules judge."""

from __future__ import annotations

import pathlib

from ansible_collections.steady.airflow.plugins.module_utils._audit import rabbitmq, texts
from ansible_collections.steady.airflow.plugins.module_utils._audit.airflow import COMPONENTS
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import compose, files, units
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.cluster import TEXTS, Service
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.configuration import Configuration
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.containers import Container
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.told import RabbitMQ

OF_AIRFLOW = ("config", "compose", "environment", "components")
NOTHING = {"components": [], "services": [], "version": "", "swarm": False}  # of no file of Compose


def subjects(wish, directory, salt):
    """{name of a rule's parameter: what it judges}

    wish: options of M(steady.airflow.airflow_ha_audit); directory: where relative paths begin.
    """
    if not any(wish[name] for name in (*OF_AIRFLOW, "units", "services", "hosts")):
        raise BadOption("nothing is named: give %s, units, services or hosts" % ", ".join(OF_AIRFLOW))
    names = _list(wish["config"]) or [wish["compose"] or next(iter(wish["environment"] + wish["units"]), "") or "the configuration"]
    wish = _with_paths(wish, directory)
    read = [units.read(path) for path in wish["units"]]
    started = [unit for unit in read if unit["kind"]]
    composed = compose.read(*wish["compose"]) if wish["compose"] else NOTHING
    configurations = [Configuration.of(each) for each in _installations(names, wish, started, composed, salt)]
    cluster = files.cluster(_hosts(names[0], wish["hosts"], composed), configurations)
    cluster.beside = {kind: [_service(kind, path, directory)] for kind, path in wish["services"].items()}
    cluster.units = [Service("", unit) for unit in started]
    cluster.unsaid = "" if cluster.hosts else "nobody has said what runs where"
    return {
        "configuration": configurations, "source": configurations, "service": cluster.units,
        "stranger": [Service("", unit) for unit in read if not unit["kind"]],
        "container": [Container(each) for each in composed["services"]], "cluster": [cluster], **cluster.beside,
    }


def _service(kind, path, directory):
    """What a file of a service tells, by the name that its user gave it."""
    text = files.text(_under(directory, path))
    if kind == "rabbitmq":
        return RabbitMQ(path, files.Unseen(problem="", settings=rabbitmq.told(text.splitlines())))
    if kind not in TEXTS:
        raise BadOption("services: %s is none of rabbitmq, %s" % (kind, ", ".join(TEXTS)))
    return TEXTS[kind](path, texts.without_secrets(text))


def _under(directory, path):
    """There, or else where the command was called."""
    path = pathlib.Path(path).expanduser()
    there = pathlib.Path(directory, path)
    return str(there if there.exists() else path)


def _with_paths(wish, directory):
    """All paths from the root, and lists where one stood for a list of one."""
    def under(given):
        return [_under(directory, path) for path in _list(given)]

    return {
        **wish, **{name: under(wish[name]) for name in ("config", "compose", "environment", "units")},
        "components": {name: under(paths) for name, paths in wish["components"].items()},
        "hosts": {name: _list(words) for name, words in wish["hosts"].items()},
    }


def _list(given):
    return given if isinstance(given, list) else [given] if given else []


def _installations(names, wish, started, composed, salt):
    """What each file of Airflow is called, or all that is told without one."""
    shared = files.environment(wish["environment"])
    components = {unit["kind"]: _started(unit, wish, shared) for unit in started if unit["kind"] in COMPONENTS}
    if not any(wish[name] for name in OF_AIRFLOW) and not any(each.tells for each in components.values()):
        return []  # nobody has said what Airflow is told
    for name, paths in wish["components"].items():
        known = components[name].environment if name in components else shared
        components[name] = files.Component(name, name, files.environment(paths, known), None, "")
    told = [*components.values(), *(each._replace(environment={**shared, **each.environment}) for each in composed["components"])]
    found = []
    for name, config in zip(names, wish["config"] or [None]):
        here = told or [files.Component("", "", shared, None, "")]
        found += files.installations(name, [each._replace(config=config, unknown="") if config else each for each in here],
                                     wish["version"] or composed["version"], salt)
    return found


def _started(unit, wish, shared):
    """What a unit tells its component. Files that it names lie on the host; where others were given, these are what they are for."""
    unknown = "" if any(wish[name] for name in OF_AIRFLOW) or not unit["files"] else "%s reads %s, which was not given" % (
        unit["unit"], ", ".join(unit["files"]))
    return files.Component(unit["kind"], unit["kind"], {**shared, **unit["environment"]}, None, unknown)


def _hosts(subject, hosts, composed):
    """What Compose runs is on one host, unless it is said what runs where."""
    if hosts or not composed["services"]:
        return files.said(hosts)
    if composed["swarm"]:
        return {}  # a swarm decides which host runs what
    return {subject: [service for service in composed["services"] for _replica in range(service["replicas"])]}
