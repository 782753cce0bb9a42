# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The URL of a database or a message broker that somebody else runs: what it says, and how Airflow's drivers are told.

PRIVATE to the collection. Pure functions. No sentence here holds any part of a URL but its scheme: the rest may be secret.

A service is ``{kind, host, port, address, user, password, name, options, tls}``: ``kind`` is postgresql, mysql, rabbitmq or redis, ``address`` is
host and port, ``name`` that of the database or of the virtual host, ``options`` what stands behind the question mark, and ``tls`` whether the scheme asks
for it.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.plugins.module_utils._topology import host_port

# scheme: (kind, usual port, tls). Of a database its options say more of TLS.
SCHEMES = {
    "database": {
        "postgresql": ("postgresql", 5432, True),
        "postgres": ("postgresql", 5432, True),
        "mysql": ("mysql", 3306, True),
    },
    "broker": {
        "amqps": ("rabbitmq", 5671, True),
        "amqp": ("rabbitmq", 5672, False),
        "rediss": ("redis", 6379, True),
        "redis": ("redis", 6379, False),
    },
}
NAME = {"database": "database", "broker": "virtual host"}


def parse(url, role):
    """Return the service of which this is the URL, or an empty mapping where there is none.

    role: ``database`` or ``broker``.
    Raise BadOption with a sentence that continues "The URL ...".
    """
    if not str(url or "").strip():
        return {}
    try:
        parts = urlsplit(str(url).strip())
        port = parts.port
    except ValueError:
        raise BadOption("has a port or an address that cannot be read; write special characters of a password as %XX") from None
    schemes = SCHEMES[role]
    scheme = parts.scheme.split("+")[0]  # SQLAlchemy's name of a driver is chosen here
    if scheme not in schemes:
        begun = "%s://" % parts.scheme if parts.scheme else "no scheme"
        raise BadOption("begins with %s; these can be used: %s" % (begun, ", ".join(name + "://" for name in schemes)))
    kind, usual, tls = schemes[scheme]
    name = unquote(parts.path[1:])
    lacking = [what for what, there in (("host", parts.hostname), ("password", parts.password),
                                        (NAME[role], name or kind in ("rabbitmq", "redis"))) if not there]
    if lacking:
        raise BadOption("names no %s; its form is %s://USER:PASSWORD@HOST:PORT/NAME" % (" and no ".join(lacking), scheme))
    if kind == "redis" and not (name or "0").isdecimal():
        raise BadOption("ends with the name of a database; Redis has numbers, such as /0")
    return {
        "kind": kind,
        "host": parts.hostname,
        "port": port or usual,
        "address": host_port(parts.hostname, port or usual),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password),
        "name": name or ("0" if kind == "redis" else "/"),
        "options": dict(parse_qsl(parts.query, keep_blank_values=True)),
        "tls": tls,
    }


def told(url, role):
    """Return the service, or what is wrong with its URL as ``{problem}``, for templates, which cannot catch anything."""
    try:
        return parse(url, role)
    except BadOption as error:
        return {"problem": str(error)}


def compose(service, driver, options=None):
    """Return the URL of a service as a driver wants it.

    driver: the scheme, such as ``postgresql+psycopg``.
    options: those that the service's own are over.
    """
    query = urlencode({**(options or {}), **service.get("options", {})}, safe="/", quote_via=quote)
    return "%s://%s:%s@%s/%s%s" % (
        driver, quote(service["user"], safe=""), quote(service["password"], safe=""), host_port(service["host"], service["port"]),
        quote(service["name"], safe=""), "?" + query if query else "")
