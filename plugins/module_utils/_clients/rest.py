# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: JSON over HTTP to one member of a cluster. I/O only, no judgement."""
from __future__ import annotations

import base64
import http.client
import json
import os
import socket
import ssl
import time
import urllib.error
import urllib.request

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, BadOption, Unreachable
from ansible_collections.steady.airflow.plugins.module_utils._topology import host_port

# Far above any answer of a healthy service; a wrong port must not fill the memory.
MAX_BYTES = 64 * 1024 * 1024


def tls_options():
    """The options of every module that asks over TLS, as an argument spec."""
    return dict(
        use_tls=dict(type="bool", default=False),
        ca_path=dict(type="path"),
        client_cert=dict(type="path"),
        client_key=dict(type="path", no_log=False),
    )


def tls_context(ca_path=None, client_cert=None, client_key=None):
    """An SSL context that always verifies its peer, against the system's authorities or ca_path."""
    where = {"capath" if ca_path and os.path.isdir(ca_path) else "cafile": ca_path}
    try:
        context = ssl.create_default_context(**where)
    except OSError as err:
        raise BadOption("ca_path %s cannot be used: %s" % (ca_path, err)) from err
    if client_cert:
        try:
            # An empty password makes an encrypted key an error instead of a prompt that waits for ever.
            context.load_cert_chain(client_cert, client_key, password="")
        except (OSError, ValueError) as err:
            raise BadOption("client_cert %s with client_key %s cannot be used: %s" % (client_cert, client_key, err)) from err
    return context


def direct_opener(context=None):
    """An opener that talks to the address itself: no proxy, no redirect; any status is an answer.

    Proxies are for the way out; cluster addresses are inside, and a proxy's error page is not a member's answer.
    """
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.HTTPHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=context))
    return opener


def opener_for(params):
    """The opener that the options of C(tls_options) ask for."""
    context = tls_context(params["ca_path"], params["client_cert"], params["client_key"]) if params["use_tls"] else None
    return direct_opener(context)


def base_url(address, port, use_tls=False):
    """Where a member listens, as the beginning of a URL; IPv6 addresses get their brackets."""
    return "%s://%s" % ("https" if use_tls else "http", host_port(address, port))


class HttpClient:
    """Asks for JSON. The opener is handed in; `timeout` seconds bound one request as a whole."""

    def __init__(self, opener, timeout, username=None, password=None, clock=time.monotonic):
        self.opener = opener
        self.timeout = timeout
        self.clock = clock
        self.headers = {"Accept": "application/json"}
        if username is not None:
            pair = "%s:%s" % (username, password or "")
            self.headers["Authorization"] = "Basic " + base64.b64encode(pair.encode("utf-8")).decode("ascii")

    def ask(self, url, body=None, method=None):
        """GET, or POST when there is a body: (status, decoded JSON). Raises Unreachable or BadAnswer."""
        status, content = self._exchange(self._request(url, body, method))
        try:
            return status, json.loads(content.decode("utf-8"))
        except ValueError as err:
            raise BadAnswer("%s answered status %d without JSON" % (url, status)) from err

    def text(self, url, body=None, method=None):
        """The same for services that answer with a sentence: (status, text). Raises Unreachable."""
        status, content = self._exchange(self._request(url, body, method))
        return status, content.decode("utf-8", errors="replace")

    def status(self, url):
        """Only the status of a GET, whatever the body is. Raises Unreachable."""
        return self._exchange(urllib.request.Request(url, headers=self.headers))[0]

    def ask_well(self, url, body=None, kind=dict, method=None):
        """The decoded JSON of an answer with status 200 that is a `kind`; anything else is a BadAnswer."""
        status, answer = self.ask(url, body, method)
        if status != 200:
            raise BadAnswer("%s answered status %d: %s" % (url, status, brief(answer)))
        if not isinstance(answer, kind):
            raise BadAnswer("%s answered JSON of an unknown shape: %s" % (url, brief(answer)))
        return answer

    def _request(self, url, body, method):
        headers = dict(self.headers)
        data = None
        if body is not None:
            data = json.dumps(body).encode("utf-8")
            headers["Content-Type"] = "application/json"
        return urllib.request.Request(url, data=data, headers=headers, method=method)

    def _exchange(self, request):
        deadline = self.clock() + self.timeout
        try:
            with self.opener.open(request, timeout=self.timeout) as response:
                return response.status, self._read(response, deadline)
        except (OSError, http.client.HTTPException, ValueError) as err:
            raise Unreachable("no answer from %s: %s" % (request.full_url, self._why(err))) from err

    def _read(self, response, deadline):
        # One read of the socket is bounded by the timeout; a peer that drips bytes is bounded here.
        parts = []
        size = 0
        while size <= MAX_BYTES:
            part = response.read1(65536)
            if not part:
                return b"".join(parts)
            parts.append(part)
            size += len(part)
            if self.clock() > deadline:
                raise socket.timeout("timed out")
        raise ValueError("the answer is too long")

    def _why(self, err):
        reason = getattr(err, "reason", None) or err
        if isinstance(reason, socket.timeout):
            return "timed out after %g s" % self.timeout
        if isinstance(reason, OSError) and reason.strerror:
            return reason.strerror
        return str(reason) or type(reason).__name__


def brief(answer, limit=200):
    """An answer short enough for a message: its own error text when it has one."""
    if isinstance(answer, dict):
        for key in ("error", "message", "reason", "detail"):
            if isinstance(answer.get(key), str):
                answer = answer[key]
                break
    text = answer if isinstance(answer, str) else json.dumps(answer, sort_keys=True)
    return text if len(text) <= limit else text[:limit] + "..."
