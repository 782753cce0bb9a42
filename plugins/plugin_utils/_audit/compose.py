# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a file of Docker Compose tells Airflow's components, and what else it runs.

Read as Compose reads it: https://docs.docker.com/reference/compose-file/interpolation/ and services.md there. A variable that neither the
file .env beside it nor a default tells is unknown here: who starts the containers may have it.
"""

from __future__ import annotations

import pathlib
import re

import yaml

from ansible_collections.steady.airflow.plugins.module_utils._audit import env_file
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._audit import containers
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.files import Component

VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|(?P<named>\w+)|\{(?P<braced>\w+)\})")
RELEASE = re.compile(r"airflow[\w-]*:.*?(\d+\.\d+\.\d+)")
OWN_VARIABLES = re.compile(r"\b(bitnami(legacy)?/airflow|puckel/docker-airflow)")
HOME = "/opt/airflow"  # of Airflow's image


def read(path):
    """{components: a list of files.Component, services: what containers.py tells of each that runs, version: Airflow's, or "", swarm: is it for one?}"""
    path = pathlib.Path(path)
    scope = env_file.read((path.parent / ".env").read_bytes()) if (path.parent / ".env").is_file() else {}
    found = {"components": [], "services": [], "version": "", "swarm": False}
    for name, written in _services(path).items():
        if written.get("profiles"):
            continue  # not started unless it is asked for
        service = _filled(written, scope)
        environment = _environment(path.parent, service, scope)
        seen = containers.seen("%s %s" % (path.name, name), service, environment, _own(written))
        if not seen["kind"]:
            continue
        found["services"].append(seen)
        found["swarm"] = found["swarm"] or containers.is_of_swarm(service)
        if containers.is_airflow(service, environment):
            config, unknown = _config(path.parent, service, environment, seen["image"])
            found["components"].append(Component(name, seen["kind"], environment, config, unknown))
            release = RELEASE.search(seen["image"])
            found["version"] = found["version"] or (release[1] if release else "")
    return found


def _files(directory, service):
    """Its files of the environment, whether they are here or not."""
    told = service.get("env_file") or []
    return [directory / (each.get("path", "") if isinstance(each, dict) else str(each)) for each in (told if isinstance(told, list) else [told])]


def _config(directory, service, environment, image):
    """(path of the airflow.cfg that the container sees, if it is here, and why what no variable says is unknown, if it is not)"""
    own = OWN_VARIABLES.search(image)
    if own:
        return None, "images such as %s make it of variables of their own" % image
    absent = [path.name for path in _files(directory, service) if not path.is_file()]
    if absent:
        return None, "its environment comes from %s, and is not here" % ", ".join(absent)
    inside = environment.get("AIRFLOW_CONFIG") or environment.get("AIRFLOW_HOME", HOME) + "/airflow.cfg"
    for source, target in containers.mounts(service):
        if inside == target or inside.startswith(target.rstrip("/") + "/"):
            here = directory / pathlib.Path(source).expanduser() / inside[len(target):].lstrip("/")
            if source.startswith((".", "/", "~")) and here.is_file():
                return str(here), ""
            return None, "its %s comes from %s, and is not here" % (inside, source)
    return None, ""


def _services(path):
    try:
        content = yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise BadOption("%s cannot be read: %s" % (path, error.strerror)) from error
    except yaml.YAMLError as error:
        raise BadOption("%s is no YAML: %s" % (path, " ".join(str(error).split()))) from error
    services = content.get("services") if isinstance(content, dict) else None
    if not isinstance(services, dict):
        raise BadOption("%s has no services" % path)
    return {name: service for name, service in services.items() if isinstance(service, dict)}


def _filled(content, scope):
    """Everything below it with variables put in; those that are not told keep their ${NAME}."""
    if isinstance(content, dict):
        return {key: _filled(value, scope) for key, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, scope) for value in content]
    if not isinstance(content, str):
        return content

    def put(match):
        name = match["named"] or match["braced"]
        return "$" if match["dollar"] else scope.get(name, "${%s}" % name)

    return VARIABLE.sub(put, env_file.filled(content, scope))


def _own(service):
    """{name: text or None} of what a service itself says of its environment."""
    given = service.get("environment") or {}
    if isinstance(given, list):
        given = dict(str(each).partition("=")[::2] if "=" in str(each) else (str(each), None) for each in given)
    return {name: None if value is None else str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}


def _environment(directory, service, scope):
    """{name: text} of a service: its files first, then what it says itself. Bare names come from who starts it, and are unknown."""
    told = {}
    for path in _files(directory, service):
        if path.is_file():
            told.update(env_file.read(path.read_bytes(), {**scope, **told}))
    return {**told, **{name: "${%s}" % name if value is None else value for name, value in _own(service).items()}}
