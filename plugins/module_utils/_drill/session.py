# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: somebody who is logged in to Airflow's public API. I/O only."""

from __future__ import annotations

import http.client

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, brief, direct_opener, tls_context
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer

# who asks is not known, or its token is not trusted any more
WHO = (http.client.UNAUTHORIZED, http.client.FORBIDDEN)
CREATED = (http.client.OK, http.client.CREATED)
# the options of modules that use this
ARGUMENTS = {
    "url": {"type": "str", "required": True},
    "username": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "ca_path": {"type": "path"},
}
LOGIN = "/auth/token"
PAGE = 500


def session(access, seconds):
    """Somebody who is to log in. access: C(url), C(username), C(password) and C(ca_path); seconds bound one request."""
    return Session(HttpClient(direct_opener(tls_context(access["ca_path"])), seconds), access["url"], access["username"], access["password"])


class Session:
    """client: a HttpClient of its own, whose headers get the token; url: where the API is, without a slash at the end."""

    def __init__(self, client, url, username, password):
        self.client, self.url = client, url
        self.credentials = {"username": username, "password": password}

    def login(self):
        self.client.headers.pop("Authorization", None)
        status, answer = self.client.ask(self.url + LOGIN, self.credentials)
        if status not in CREATED:
            raise BadAnswer("Airflow does not let %s in: status %d: %s" % (self.credentials["username"], status, brief(answer)))
        self.client.headers["Authorization"] = "Bearer " + answer["access_token"]

    def ask(self, path, body=None, method=None):
        """(status, decoded JSON)."""
        return self._logged_in(self.client.ask, path, body, method)

    def text(self, path, body=None, method=None):
        """(status, text), for answers without JSON, or without anything."""
        return self._logged_in(self.client.text, path, body, method)

    def _logged_in(self, ask, path, body, method):
        """Logs in first, and again when the token is not taken any more."""
        if "Authorization" not in self.client.headers:
            self.login()
        status, answer = ask(self.url + path, body, method)
        if status in WHO:
            self.login()
            status, answer = ask(self.url + path, body, method)
        return status, answer

    def all_of(self, path, kind):
        """Everything that a list has, page by page; kind is the name under which the answer has its entries."""
        found = []
        while True:
            sign = "&" if "?" in path else "?"
            status, answer = self.ask("%s%slimit=%d&offset=%d" % (path, sign, PAGE, len(found)))
            if status != http.client.OK:
                raise BadAnswer("%s answered status %d: %s" % (path, status, brief(answer)))
            found += answer[kind]
            if not answer[kind] or len(found) >= answer["total_entries"]:
                return found
