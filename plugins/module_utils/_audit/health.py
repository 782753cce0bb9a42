# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what the API server of a host says of all components. It is asked by the host itself, and told nothing."""

from __future__ import annotations

import json
import ssl
import urllib.parse
import urllib.request

from ansible_collections.steady.airflow.plugins.module_utils._audit import services
from ansible_collections.steady.airflow.plugins.module_utils._topology import host_port

PATIENCE = 2.0  # s
SERVERS = {  # component: its path, and what tells its host, port and certificate: options of its command line, and of its configuration
    "api_server": ("/api/v2/monitor/health", {"host": ("--host",), "port": ("--port", "-p"), "ssl_cert": ("--ssl-cert",)}, "api."),
    "webserver": ("/health", {"host": ("--hostname",), "port": ("--port", "-p"), "ssl_cert": ("--ssl-cert",)}, "webserver.web_server_"),
}
BASE = {"api_server": "api.base_url", "webserver": "webserver.base_url"}
ANYWHERE = ("", "0.0.0.0", "::", "[::]")


def look(service, options):
    """{statuses: {component: its status}, problem}; service: an API server or web server of this host."""
    url = _url(service, lambda name: (options.get(name) or {}).get("value") or "")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is this very host
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(url, timeout=PATIENCE) as answer:
            told = json.loads(answer.read(100_000))
        return {"statuses": {name: each["status"] for name, each in told.items() if isinstance(each, dict) and "status" in each}, "problem": ""}
    except (OSError, ValueError, AttributeError) as error:
        return {"statuses": {}, "problem": "%s: %s" % (url, " ".join(str(error).split())[:200])}


def _url(service, value):
    path, names, prefix = SERVERS[service["kind"]]
    host, port, certificate = (services.option(service["arguments"], *words) or value(prefix + name) for name, words in names.items())
    address = host_port("127.0.0.1" if host in ANYWHERE else host.strip("[]"), port or "8080")
    below = urllib.parse.urlsplit(value(BASE[service["kind"]])).path.rstrip("/")
    return "%s://%s%s%s" % ("https" if certificate else "http", address, below, path)
