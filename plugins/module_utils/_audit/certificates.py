# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: the certificates that the services of a host show to others. Never a key."""

from __future__ import annotations

import os
import re

from ansible_collections.steady.airflow.plugins.module_utils._audit import services

LEAF = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")
IN_TEXTS = {  # what stands before the path of one
    "haproxy": re.compile(r"^\s*bind\b.*?\scrt\s+(\S+)", re.MULTILINE), "redis": re.compile(r"^\s*tls-cert-file\s+(\S+)", re.MULTILINE),
    "redis_sentinel": re.compile(r"^\s*tls-cert-file\s+(\S+)", re.MULTILINE),
    "pgbouncer": re.compile(r"^\s*client_tls_cert_file\s*=\s*(\S+)", re.MULTILINE)}
IN_SETTINGS = {"etcd": ("ETCD_CERT_FILE", "ETCD_PEER_CERT_FILE"), "rabbitmq": ("ssl_options.certfile", "management.ssl.certfile")}
OPTIONS = ("api.ssl_cert", "webserver.web_server_ssl_cert")  # of Airflow


def look(files, found, seen):
    """[{path, certificate, problem}], one for each file that is no container's. found: services; seen: what is told of the host otherwise."""
    return [_read(files, path) for path in sorted(set(_paths(files, found, seen)))]


def _paths(files, found, seen):
    yield from filter(None, (services.option(service["arguments"], "--ssl-cert") for service in found if not service["container"]))
    for kind, pattern in IN_TEXTS.items():
        told = seen["texts"].get(kind)
        for path in pattern.findall(told["text"]) if told and not told["inside"] else ():
            yield from _below(files, path.strip("\"'"))
    for kind, names in IN_SETTINGS.items():
        settings = seen[kind]["settings"] if seen[kind] and not seen[kind]["inside"] else {}
        yield from (settings[name] for name in names if settings.get(name, "").startswith("/"))
    database = seen["postgresql"] or {}
    if not database.get("inside") and database.get("settings", {}).get("ssl") == "on":
        yield os.path.join(database["data_directory"], database["settings"]["ssl_cert_file"])
    for told in [each for each in seen["airflow"] if not each["inside"]]:
        yield from (told["options"][name]["value"] for name in OPTIONS if told["options"].get(name, {}).get("value"))


def _below(files, path):
    """HAProxy takes a directory for all files in it."""
    return [os.path.join(path, name) for name in files.names(path)] if os.path.isdir(files.path(path)) else [path]


def _read(files, path):
    found = LEAF.search(files.text(path))
    reason = "may not be read" if files.is_hidden(path) else "is not there" if not files.exists(path) else "has no certificate"
    return {"path": path, "certificate": found[0] if found else "", "problem": "" if found else "%s %s" % (path, reason)}
