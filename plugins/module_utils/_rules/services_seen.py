# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules about what airflow_services_info saw of a database and a broker that others run."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding, judge
from ansible_collections.steady.airflow.plugins.module_utils._rules.services import VARIABLE

# What Airflow 3.3 says that it works with, and what has quorum queues that Celery can use.
LEAST = {"PostgreSQL": (13,), "MySQL": (8, 0), "RabbitMQ": (3, 13), "Redis": (6,), "Valkey": (7,)}
PRODUCTS = {"database": ("PostgreSQL", "MySQL"), "broker": ("RabbitMQ", "Redis", "Valkey")}
ISOLATION = {"PostgreSQL": ("read committed",), "MySQL": ("read committed", "repeatable read")}  # Airflow sets MySQL's itself


def numbers(version):
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def answering(seen, role):
    """What was seen of it, or nothing if it was not asked or did not answer: that is a finding of its own."""
    found = seen.get(role) or {}
    return {} if "problem" in found else found


def answers(seen, expected):
    for role, variable in VARIABLE.items():
        problem = (seen.get(role) or {}).get("problem")
        if problem:
            yield finding("service-refuses", variable, "does not let this host in: %s" % problem,
                          "see that account, password, name and TLS are right; an authority that the host does not know belongs into node_ca_certificates")


def known(seen, expected):
    for role, variable in VARIABLE.items():
        found = answering(seen, role)
        if found and found["product"] not in PRODUCTS[role]:
            yield finding("service-product", variable, "is %s %s, with which Airflow is not known to work" % (found["product"], found["version"]),
                          "use one of: %s" % enumerate_names(PRODUCTS[role]))
        elif found and numbers(found["version"]) < LEAST[found["product"]]:
            yield finding("service-version", variable, "is %s %s" % (found["product"], found["version"]),
                          "use %s or newer" % ".".join(map(str, LEAST[found["product"]])))


def encrypted(seen, expected):
    for role, variable in VARIABLE.items():
        found = answering(seen, role)
        if found and not found.get("encrypted", True):
            yield finding("service-plain", variable, "is reached without TLS: passwords and data cross the network as they are",
                          "switch on TLS there", "warning")


def database(seen, expected):
    found, variable = answering(seen, "database"), VARIABLE["database"]
    if found.get("product") not in PRODUCTS["database"]:
        return
    if not found["writable"]:
        yield finding("service-read-only", variable, "takes no writes", "name the primary, not a replica")
        return
    if found["create"]:
        yield finding("service-rights", variable, "lets this account make no table: %s" % found["create"],
                      "give the account the database, or CREATE on its schema: docs/topology.md has the statements")
    if found["skip_locked"]:
        yield finding("service-skip-locked", variable, "does not pass over rows that another scheduler holds: %s" % found["skip_locked"],
                      "use a database with SKIP LOCKED")
    if found["isolation"] not in ISOLATION.get(found["product"], (found["isolation"],)):
        yield finding("service-isolation", variable, "isolates transactions as %s, and schedulers would fail each other's" % found["isolation"],
                      "set default_transaction_isolation of the account or the database to 'read committed'")
    if found["encoding"].lower() not in ("utf8", "utf8mb4"):
        yield finding("service-encoding", variable, "keeps texts as %s" % found["encoding"], "make the database with UTF-8 (MySQL: utf8mb4)")
    if not found["timestamps"]:
        yield finding("service-timestamps", variable, "has explicit_defaults_for_timestamp off", "set it to ON")


def broker(seen, expected):
    found, variable = answering(seen, "broker"), VARIABLE["broker"]
    if not found:
        return
    if found.get("declare"):
        yield finding("service-rights", variable, "lets this account declare no queue: %s" % found["declare"],
                      "give it the rights to configure, write and read in the virtual host")
    if found.get("role", "master") != "master":
        yield finding("service-read-only", variable, "is a replica, and takes no messages", "name the primary")
    if found.get("clustered"):
        yield finding("service-clustered", variable, "has its keys on several hosts, which Celery cannot use", "switch cluster mode off")
    if found.get("eviction", "noeviction") not in ("noeviction", ""):
        yield finding("service-evicts", variable, "throws keys away when its memory is full (%s), and tasks with them" % found["eviction"],
                      "set maxmemory-policy to noeviction", "warning")


def service_findings(seen, expected):
    return judge((answers, known, encrypted, database, broker), seen, expected)
