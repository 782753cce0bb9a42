# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: everything that was seen of all hosts."""

from __future__ import annotations

import copy

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.certificates import Certificate
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.configuration import Configuration
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.containers import Container
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.database import Database
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.haproxy import HAProxy
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.keepalived import Keepalived
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.pgbouncer import PgBouncer
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.redis import Redis, Sentinel
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.told import Etcd, RabbitMQ
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

TEXTS = {"haproxy": HAProxy, "keepalived": Keepalived, "redis": Redis, "redis_sentinel": Sentinel, "pgbouncer": PgBouncer}  # known by their files
SERVICES = ("database", "etcd", "rabbitmq", *TEXTS)  # what a host may have one of
ALL = "cluster"  # stands where a member's name does


class Service:
    """A service on a host, as systemd treats it."""

    def __init__(self, host, seen):
        self.member = ("%s %s" % (host, seen["unit"] or seen["container"] or seen["kind"])).strip()
        self.host = host
        self.kind = seen["kind"]
        self.unit = seen["unit"]
        self.container = seen["container"]
        self.queues = seen["queues"]
        self._settings = seen["settings"]

    @property
    def is_stopped(self):
        """It comes back at the next boot."""
        return self._settings.get("ActiveState") == "inactive"

    @property
    def processes(self):
        """How many its command line asks for; 0 where it leaves that to the configuration."""
        return self._settings.get("Processes", 0)

    def setting(self, name):
        if name not in self._settings:
            raise Unknown("systemd does not tell %s of %s" % (name, self.member))
        return self._settings[name]


class Host:
    def __init__(self, member, seen):
        self.member = member
        self.seen = seen
        self.services = [Service(member, each) for each in seen["services"]]
        alone = len(seen["airflow"]) == 1
        self.configurations = [
            Configuration.of(each, member if alone else "%s (%s)" % (member, ", ".join(each["components"])))
            for each in seen["airflow"]]
        self.database = Database(member, seen["postgresql"]) if seen["postgresql"] else None
        self.etcd, self.rabbitmq = (form(member, seen[kind]) if seen[kind] else None for kind, form in (("etcd", Etcd), ("rabbitmq", RabbitMQ)))
        self.containers = [Container(dict(each, name="%s %s" % (member, each["name"]))) for each in seen["containers"]]
        self.certificates = [Certificate(member, each) for each in seen["certificates"]]
        for kind, form in TEXTS.items():
            told = seen["texts"].get(kind)
            setattr(self, kind, form(member, told["text"], told["problem"]) if told else None)


def _at(service, host):
    """What is told of a service, as that of this host."""
    other = copy.copy(service)
    other.member = host
    return other


class Cluster:
    """hosts: {name: what M(steady.airflow.audit_info) returned as audit}; silent: {name: why nothing was seen of it}."""

    member = ALL

    def __init__(self, hosts, silent):
        self.hosts = [Host(name, seen) for name, seen in hosts.items()]
        self.silent = silent
        self.services = [service for host in self.hosts for service in host.services]
        self.configurations = [configuration for host in self.hosts for configuration in host.configurations]
        self.beside = {}  # {kind of a service: what files of it tell, wherever it runs}
        self.units = []  # services of files, of which is not known where they run
        self.unsaid = ""  # why it is not known what runs where

    def running(self, *kinds):
        """Names of the hosts that run one of these."""
        return list(dict.fromkeys(service.host for service in self.services if service.kind in kinds and not service.is_stopped))

    def all_of(self, kind):
        """What was seen of a service, such as haproxy, wherever it runs."""
        found = [each for each in (getattr(host, kind) for host in self.hosts) if each]
        for each in self.beside.get(kind, []):
            found += [_at(each, host) for host in self.running(kind)] or [each]
        return found

    def configuration_of(self, service):
        """What a component of Airflow is told; where nobody said which is its own, what the first of all is told."""
        here = [configuration for host in self.hosts if host.member == service.host for configuration in host.configurations]
        for each in here + self.configurations:
            if service.kind in each.components:
                return each
        if not self.configurations:
            raise Unknown("nobody has said what Airflow is told")
        return self.configurations[0]

    def complete(self):
        """Call before saying that something is nowhere."""
        if self.unsaid:
            raise Unknown(self.unsaid)
        if self.silent:
            raise Unknown("not all hosts were seen: %s" % ", ".join(self.silent))

    def subjects(self):
        """{name of a rule's parameter: what it judges}"""
        of_hosts = {"certificate": "certificates", "container": "containers", "configuration": "configurations", "service": "services"}
        return {
            **{parameter: [each for host in self.hosts for each in getattr(host, name)] for parameter, name in of_hosts.items()},
            **{parameter: self.configurations for parameter in ("source", "installation")}, **{kind: self.all_of(kind) for kind in SERVICES},
            "host": self.hosts, "cluster": [self] if self.hosts else [],
        }
