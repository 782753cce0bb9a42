# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: whether Airflow's database, broker and API answer a host, and how far away they are. A connection is opened and closed."""

from __future__ import annotations

import socket
import time
import urllib.parse

from ansible_collections.steady.airflow.plugins.module_utils._topology import host_port

PATIENCE = 1.0  # s
TRIES = 3  # of which the quickest counts
PORTS = {"postgresql": 5432, "mysql": 3306, "amqp": 5672, "amqps": 5671, "redis": 6379, "rediss": 6379, "sentinel": 26379, "http": 80, "https": 443}
URLS = {"database": ("database.sql_alchemy_conn", "core.sql_alchemy_conn"), "broker": ("celery.broker_url",)}
TEXTS = {"API": ("core.execution_api_server_url", "api.base_url")}


def look(options):
    """{database, broker, API: [{address, seconds, problem}]}, of each that an option names; seconds to open a connection, or null."""
    found = {}
    for what, names in {**URLS, **TEXTS}.items():
        told = next((options[name] for name in names if name in options), {})
        addresses = [address for url in told.get("urls", ()) for address in _of_url(url)] if what in URLS else _of_text(told.get("value"))
        if addresses:
            found[what] = [_asked(*address) for address in dict.fromkeys(addresses)]
    return found


def _of_url(url):
    """A URL may name several hosts, each with a port or without."""
    usual = PORTS.get(url["scheme"].split("+")[0])
    for part in url["hosts"].split(","):
        parsed = _parsed("//" + part)
        if parsed and parsed.hostname and (parsed.port or usual):
            yield parsed.hostname, parsed.port or usual


def _of_text(text):
    parsed = _parsed(text or "")
    port = parsed and (parsed.port or PORTS.get(parsed.scheme))
    return [(parsed.hostname, port)] if parsed and parsed.hostname and port else []


def _parsed(text):
    try:
        parsed = urllib.parse.urlsplit(text)
        return parsed if parsed.port is None or parsed.port else None
    except ValueError:  # a port that is none
        return None


def _asked(host, port):
    told = {"address": host_port(host, port), "seconds": None, "problem": ""}
    try:
        for _try in range(TRIES):
            begin = time.monotonic()
            with socket.create_connection((host, port), PATIENCE):
                took = time.monotonic() - begin
            told["seconds"] = took if told["seconds"] is None else min(took, told["seconds"])
    except OSError as error:
        told["problem"] = str(error.strerror or error)
    return told
