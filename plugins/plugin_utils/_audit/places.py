# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: which service of which host a finding is about."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.cluster import ALL

HOST = ""  # instead of a kind of service: the host itself, or all that runs there
SUBJECTS = {rule.id: rule.subject for rule in RULES}
DATABASES = ("patroni", "postgresql", "mysql", "mariadb")
DOORS = ("haproxy", "keepalived")
KINDS = {  # what rules and tiers call otherwise than the service
    "database": DATABASES, "postgresql": DATABASES, "broker": ("rabbitmq", "redis", "redis_sentinel"), "redis": ("redis", "redis_sentinel"),
    "load_balancer": DOORS, "load_balancers": DOORS, "api": ("api_server", "webserver"), "api_server": ("api_server", "webserver"), "log_store": ("minio",),
    "sentinel": ("redis_sentinel",),
}


def placed(hosts, findings):
    """{(host, kind): [finding, ...]}, each of them once and in their order; and the findings that are about none of them.

    hosts: {name: [{kind, unit, container}, ...] or None}; findings: as page.grouped returns them.
    """
    places, elsewhere = {}, []
    for each in findings:
        spots = [spot for member in each["members"] for spot in _spots(member, each, hosts)]
        for spot in dict.fromkeys(spots):
            places.setdefault(spot, []).append(each)
        if not spots:
            elsewhere.append(each)
    return places, elsewhere


def _spots(member, finding, hosts):
    """(host, kind) of a member such as node1, node1 airflow-worker.service or node1 (scheduler, worker); of all together, wherever such a service runs."""
    for host, services in hosts.items():
        if member == host or member.startswith(host + " "):
            return [(host, _kind(member[len(host) + 1:], finding, services or ()))]
    everywhere = [(host, _kind("", finding, services or ())) for host, services in hosts.items()] if member == ALL else []
    return [spot for spot in everywhere if spot[1] != HOST]


def _kind(rest, finding, services):
    """rest: what a member's name says behind its host."""
    parts = rest.strip("()").split(", ")
    named = {each["kind"] for each in services if {each["kind"], each["unit"], each["container"]} & set(parts) - {""}}
    if len(named) == 1:
        return named.pop()
    here = named or {each["kind"] for each in services}
    identity = finding["id"].removeprefix("cluster-").removeprefix("one-")
    names = (SUBJECTS.get(finding["id"]), identity.replace("-", "_"), identity.split("-")[0], finding["tier"])
    return next((kind for name in names for kind in KINDS.get(name, (name,)) if kind in here), HOST)
