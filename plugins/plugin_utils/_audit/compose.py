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
import shlex

import yaml

from ansible_collections.steady.airflow.plugins.module_utils._audit import env_file
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption

VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|(?P<named>\w+)|\{(?P<braced>\w+)\})")
COMPONENT = re.compile(
    r"(?:^|[\s;&])(?:airflow\s+)?(api-server|webserver|scheduler|dag-processor|triggerer|celery\s+worker|celery\s+flower|standalone)(?=$|[\s;&])")
KINDS = {"api-server": "api_server", "dag-processor": "dag_processor"}
IMAGES = (  # the first that the name of an image has
    ("sentinel", "redis_sentinel"), ("redis", "redis"), ("valkey", "redis"), ("rabbitmq", "rabbitmq"), ("pgbouncer", "pgbouncer"), ("spilo", "patroni"),
    ("patroni", "patroni"), ("postgres", "postgresql"), ("mariadb", "mariadb"), ("mysql", "mysql"), ("haproxy", "haproxy"), ("etcd", "etcd"))
RELEASE = re.compile(r"airflow:.*?(\d+\.\d+\.\d+)")


def read(path):
    """{components: {name of its service: environment}, kinds: what runs there, each as often as it does, version: Airflow's, or ""}."""
    path = pathlib.Path(path)
    scope = env_file.read((path.parent / ".env").read_bytes()) if (path.parent / ".env").is_file() else {}
    found = {"components": {}, "kinds": [], "version": ""}
    for name, service in _services(path).items():
        if service.get("profiles"):
            continue  # not started unless it is asked for
        service = _filled(service, scope)
        environment = _environment(path.parent, service, scope)
        kind = _kind(service, environment)
        if not kind:
            continue
        found["kinds"] += [kind] * _replicas(service)
        if "AIRFLOW__" in " ".join(environment) or "airflow" in str(service.get("image")):
            found["components"][name] = environment
            release = RELEASE.search(str(service.get("image")))
            found["version"] = found["version"] or (release[1] if release else "")
    return found


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


def _environment(directory, service, scope):
    """{name: text} of a service: its files first, then what it says itself. Bare names come from who starts it, and are unknown."""
    told = {}
    files = service.get("env_file") or []
    for each in files if isinstance(files, list) else [files]:
        name = each.get("path", "") if isinstance(each, dict) else each
        if (directory / name).is_file():
            told.update(env_file.read((directory / name).read_bytes(), {**scope, **told}))
    given = service.get("environment") or {}
    if isinstance(given, list):
        given = dict(str(each).partition("=")[::2] if "=" in str(each) else (str(each), None) for each in given)
    for name, value in given.items():
        told[name] = "${%s}" % name if value is None else _text(value)
    return told


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(service, environment):
    """What it runs: a component of Airflow by its command, another service by its image; empty for what ends by itself, such as a migration."""
    image, words = str(service.get("image") or "").lower(), " ".join(_words(service.get("entrypoint")) + _words(service.get("command")))
    if "airflow" in image or any(name.startswith("AIRFLOW__") for name in environment):
        match = COMPONENT.search(words)
        return KINDS.get(match[1], match[1].split()[-1]) if match else ""
    if "sentinel" in words:
        return "redis_sentinel"
    return next((kind for part, kind in IMAGES if part in image), "")


def _words(command):
    if isinstance(command, list):
        return [str(word) for word in command]
    try:
        return shlex.split(str(command or ""))
    except ValueError:
        return str(command).split()


def _replicas(service):
    told = (service.get("deploy") or {}).get("replicas", service.get("scale", 1))
    return int(told) if str(told).isdecimal() else 1
