# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what each component of Airflow on a host was told."""

from __future__ import annotations

import os
import pwd

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config, dags, health, installed, reach, services

COMPONENTS = tuple(dict.fromkeys(services.COMPONENTS.values()))


def look(files, found, salt):
    """[{components, version, packages, path, mode, options, problem, broken, dags, reach, health, inside}], one for each different configuration."""
    seen = []
    for service in found:
        if service["kind"] in COMPONENTS:
            told = _told(files, service, salt)
            same = next((each for each in seen if {**each, "components": []} == {**told, "components": []}), None)
            if same is None:
                seen.append(told)
            elif service["kind"] not in same["components"]:
                same["components"].append(service["kind"])
    servers = {service["kind"]: service for service in found if service["kind"] in health.SERVERS and not service["container"]}
    return [{**told, **_asked(told, servers)} for told in seen]


def _asked(told, servers):
    """What others answer; not to a container, which has names and networks of its own."""
    if told["inside"] or told["problem"]:
        return {"reach": {}, "health": None}
    server = next((servers[each] for each in told["components"] if each in servers), None)
    return {"reach": reach.look(told["options"]), "health": health.look(server, told["options"]) if server else None}


def _told(files, service, salt):
    environment, secret = _environment(files, service)
    files = files.inside(service)
    path = environment.get("AIRFLOW_CONFIG") or os.path.join(_home(environment, service), "airflow.cfg")
    packages = installed.packages(files, installed.prefix(service["arguments"]))
    told = {"components": [service["kind"]], "version": installed.version(packages), "packages": packages, "path": path, "mode": None,
            "options": {}, "problem": secret, "broken": False, "ignored": airflow_config.ignored(environment), "dags": None,
            "inside": bool(service["container"])}
    if secret:
        return told
    try:
        told["mode"] = "%04o" % (os.stat(files.path(path)).st_mode & 0o7777)
        with open(files.path(path), encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        text = ""  # all may be in the environment
    except (OSError, UnicodeDecodeError) as error:
        told["problem"] = "%s cannot be read: %s" % (path, getattr(error, "strerror", None) or "it is no text in UTF-8")
        return told
    told.update(airflow_config.look(path, text, environment, salt))
    return {**told, "dags": dags.look(files, _home(environment, service), told["options"])}


def _environment(files, service):
    """Its environment, and why it is unknown, if it is."""
    told, hidden = services.environment_of(files, service)
    if not service["unit"] and not told:
        return told, "the environment of process %d (%s) may not be read" % (service["pid"], service["kind"])
    return told, "%s, and with it the environment of %s" % (hidden, service["unit"]) if hidden else ""


def _home(environment, service):
    if environment.get("AIRFLOW_HOME"):
        return environment["AIRFLOW_HOME"]
    try:
        return os.path.join(environment.get("HOME") or pwd.getpwnam(service["settings"].get("User") or "root").pw_dir, "airflow")
    except KeyError:
        return "/root/airflow"
