# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: rules about what the user brings: version, secrets, DAG files, a bucket."""

from __future__ import annotations

import base64
import binascii
import re

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding

FERNET_BYTES = 32
PEM = ("airflow_jwt_keys",)
VAULTED = "$ANSIBLE_VAULT"
# what rabbit_resource_monitor_misc of RabbitMQ 4.0 takes
BYTES = re.compile(r"\d+([kmgtp]i?b|[kmg]i?)?$", re.IGNORECASE)


def locked_version(tiers, settings):
    """C(locks) lists (version, python) pairs; without it the user installs by other means."""
    locks = settings.get("locks")
    wanted = settings.get("airflow_version")
    if locks is None or wanted is None:
        return
    versions = sorted({str(version) for version, _python in locks})
    if str(wanted) not in versions:
        yield finding(
            "inventory-version-unlocked", "airflow_version", "there is no lock file for Airflow %s" % wanted,
            "choose one of: %s" % (enumerate_names(versions) or "none, the collection is incomplete"))


def secrets(tiers, settings):
    """Names are told, values never."""
    given = settings.get("secrets") or {}
    remedy = settings.get("secrets_remedy") or "make them with the playbook steady.airflow.secrets"
    absent = []
    for name, minimum in (settings.get("required_secrets") or {}).items():
        value = given.get(name)
        if value is None:
            absent.append(name)
        elif not str(value).strip():
            yield finding("inventory-secret-empty", name, "is empty", remedy)
        elif str(value).startswith(VAULTED):
            yield finding("inventory-secret-locked", name, "is still encrypted",
                          "give the vault's password, for example with --ask-vault-pass")
        elif len(str(value)) < minimum:
            yield finding("inventory-secret-short", name, "has fewer than %d characters" % minimum, remedy)
        elif (kinds := strange(name, str(value))):
            yield finding("inventory-secret-characters", name, "has characters that not every service takes: %s" % kinds,
                          "use letters, digits, blanks and the punctuation of ASCII")
        elif name in fernet_names(settings) and not is_fernet_key(str(value)):
            yield finding("inventory-secret-fernet", name, "is not 32 bytes in url-safe base64", remedy)
    if absent:
        yield finding("inventory-secret-missing", enumerate_names(absent), "not set", remedy)


def strange(name, value):
    """What they are, without telling which: nothing of the secret is told. Keys in PEM format have lines."""
    kinds = [("letters beyond ASCII", lambda one: ord(one) > 126), ("control characters", lambda one: ord(one) < 32 and not (one == "\n" and name in PEM))]
    return enumerate_names(kind for kind, has in kinds if any(map(has, value)))


def signing_keys(tiers, settings):
    """C(jwt_problem) says what is wrong with them, if anything is."""
    if settings.get("jwt_problem"):
        yield finding("inventory-secret-jwt", "airflow_jwt_keys", settings["jwt_problem"],
                      "make one: openssl genpkey -algorithm ed25519; docs/security.md tells how one replaces another")


def fernet_names(settings):
    return settings.get("fernet_secrets") or [
        name for name in settings.get("required_secrets") or {} if "fernet" in name]


def is_fernet_key(value):
    """Airflow takes several keys separated by commas while one replaces the other."""
    return all(is_one_fernet_key(key.strip()) for key in value.split(","))


def is_one_fernet_key(key):
    if not re.match(r"[A-Za-z0-9_=-]+$", key):
        return False
    try:
        return len(base64.urlsafe_b64decode(key)) == FERNET_BYTES
    except (binascii.Error, ValueError):
        return False


def dag_directory(tiers, settings):
    path = settings.get("dag_directory")
    if path and settings.get("dag_directory_exists") is False:
        yield finding(
            "inventory-dags-absent", "dag directory", "%s is no directory on the controller" % path,
            "create it, or name the directory that holds your DAG files")


def renamed(tiers, settings):
    for former, name in (settings.get("renamed") or {}).items():
        yield finding("inventory-variable-renamed", former, "has another name now, and nothing reads it under this one", "call it %s" % name)


def broker_limits(tiers, settings):
    """A broker does not start with what it cannot read, and nothing reads it before."""
    limits = settings.get("broker_limits") or {}
    disk = limits.get("rabbitmq_disk_free_limit")
    if disk is not None and not BYTES.match(str(disk)):
        yield finding("inventory-broker-limit", "rabbitmq_disk_free_limit", "'%s' is no number of bytes that RabbitMQ can read" % disk,
                      "write a whole number and a unit without a blank between, such as 2GB")
    for name in ("rabbitmq_memory_share", "redis_sentinel_memory_share"):
        memory = limits.get(name)
        if memory is not None and not is_share(memory):
            yield finding("inventory-broker-limit", name, "'%s' is no share of the memory" % memory, "write a number above 0 and up to 1, such as 0.4")


def is_share(given):
    try:
        return 0 < float(given) <= 1
    except (TypeError, ValueError):
        return False


def object_store(tiers, settings):
    store = settings.get("object_store") or {}
    lacking = [name for name in ("endpoint", "bucket", "region") if not store.get(name)]
    if store and lacking:
        yield finding("inventory-object-store", "backup_s3", "lacks %s" % enumerate_names(lacking),
                      "say where the bucket is: {endpoint: s3.example.org, bucket: airflow-backups, region: eu-central-1}")


RULES = (locked_version, secrets, signing_keys, dag_directory, renamed, broker_limits, object_store)
