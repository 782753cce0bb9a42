# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules about the URLs of a database and a broker that others run, C(services) of the settings: {role: service}."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding

VARIABLE = {"database": "airflow_database_url", "broker": "airflow_broker_url"}
# what does its job in the collection
TIERS = {"database": ("postgresql", "etcd", "backup"), "broker": ("rabbitmq", "redis")}


def used(settings, role):
    return (settings.get("services") or {}).get(role) or {}


def url(tiers, settings):
    for role, variable in VARIABLE.items():
        if used(settings, role).get("problem"):
            yield finding("inventory-service-url", variable, used(settings, role)["problem"], "correct it; docs/topology.md has examples")


def either(tiers, settings):
    for role, variable in VARIABLE.items():
        own = [tier for tier in TIERS[role] if tiers.get(tier)]
        if own and used(settings, role):
            yield finding("inventory-service-both", variable, "is set, and %s would do the same job" % enumerate_names(own),
                          "take the hosts out of %s, or unset %s" % (enumerate_names("the group '%s'" % tier for tier in own), variable))


def plain(tiers, settings):
    for role, variable in VARIABLE.items():
        service = used(settings, role)
        if service.get("tls") is False or service.get("options", {}).get("sslmode") in ("disable", "allow", "prefer"):
            yield finding("inventory-service-plain", variable, "asks for no TLS: passwords and data cross the network as they are",
                          "use %s" % ("amqps:// or rediss://" if role == "broker" else "no sslmode at all, which asks for verify-full"), "warning")


RULES = (url, either, plain)
