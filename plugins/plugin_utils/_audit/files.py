# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what lies in files of the controller, and what their user says of the hosts, as if hosts had been looked at."""

from __future__ import annotations

import collections
import pathlib

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config, env_file, services
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.cluster import Cluster
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown


class Component(collections.namedtuple("Component", "name kind environment config unknown")):
    """name: what its user calls it; kind: what it is, as far as that is known; config: path of its airflow.cfg, or None

    unknown: why it is not known what it is told beyond that, or nothing.
    """

    @property
    def tells(self):
        """Whether its environment says anything to Airflow."""
        return any(name.startswith("AIRFLOW__") for name in self.environment)


class Unseen(dict):
    """What is known of a host that nobody has looked at."""

    def __missing__(self, name):
        raise Unknown("no host was looked at")


def environment(paths, known=()):
    """What the files tell, and what was known before; a later file counts."""
    told = dict(known)
    for path in paths:
        told.update(env_file.read(_bytes(path), told))
    return told


def installations(subject, components, version, salt):
    """[{member, components, kinds, version, options, problem, broken, ignored, unknown}], one for each different configuration.

    subject: what all of it is called; components: a list of Component.
    """
    seen = []
    for component in components:
        told = {**_told(component.config, component.environment, version, salt), "unknown": component.unknown}
        same = next((each for each in seen if {**each, "components": [], "kinds": []} == told), None)
        if same is None:
            same = {**told, "components": [], "kinds": []}
            seen.append(same)
        same["components"].append(component.name)
        same["kinds"].append(component.kind)
    for each in seen:
        each["member"] = subject if len(seen) == 1 else "%s (%s)" % (subject, ", ".join(each["components"]))
    return seen


def _told(config, variables, version, salt):
    content, unreadable = _bytes(config) if config else b"", {}
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text, unreadable = content.decode("latin-1"), {"problem": "%s is no text in UTF-8" % config, "broken": True}
    told = airflow_config.look(config, text, variables, salt, complete=False)
    return {"components": [], "kinds": [], "version": version, "ignored": airflow_config.ignored(variables), **told, **({} if told["broken"] else unreadable)}


def text(path):
    return _bytes(path).decode("utf-8", errors="replace")


def _bytes(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as error:
        raise BadOption("%s cannot be read: %s" % (path, error.strerror)) from error


def cluster(hosts, configurations):
    """Hosts of which is said what runs there: {name: [{kind, queues}, ...]}"""
    seen = {name: Unseen(services=[{"unit": "", "container": "", "settings": {}, **service} for service in found], airflow=[], postgresql=None, etcd=None,
                         rabbitmq=None, texts={}, certificates=[], containers=[]) for name, found in hosts.items()}
    found = Cluster(seen, {})
    found.configurations = configurations
    return found


def said(hosts):
    """{name: [{kind, queues}, ...]} of {name: [word, ...]}, a word as often as it runs there; worker:one,two serves these queues."""
    found = {}
    for name, words in hosts.items():
        parted = [str(word).partition(":") for word in words]
        found[name] = [{"kind": kind, "queues": [queue for queue in queues.split(",") if queue]} for kind, _colon, queues in parted]
    wrong = sorted({each["kind"] for told in found.values() for each in told} - services.KINDS)
    if wrong:
        raise BadOption("hosts: %s is none of %s" % (", ".join(wrong), ", ".join(sorted(services.KINDS))))
    return found
