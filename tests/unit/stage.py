# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real HTTP servers on loopback that play a recording, so that a whole module can be tried.

A member recorded at 127.0.0.11:2379 is played at 127.0.0.11 and the stage's port. Members that were recorded
as refusing get no server.
"""
from __future__ import annotations

import contextlib
import functools
import http.server
import json
import socket
import threading
from urllib.parse import urlsplit

from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.tests.unit.recordings import load


class Player(http.server.BaseHTTPRequestHandler):
    """Answers as the recorded member did."""

    def do_GET(self):
        self._play(None)

    do_DELETE = do_GET

    def do_POST(self):
        self._play(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    do_PATCH = do_POST

    def _play(self, body):
        key = "%s %s" % (self.command, self.path)
        answer = self.server.act(key, body) or self.server.answers.get(key, {"status": 404, "body": {}})
        content = json.dumps(answer["body"]) if "body" in answer else answer["text"]
        self.send_response(answer["status"])
        self.end_headers()
        self.wfile.write(content.encode("utf-8"))

    def log_message(self, format, *args):
        """Quietly."""


def by_host(answers):
    """{host: {"METHOD /path": answer}} of the hosts that answered something."""
    hosts = {}
    for key, answer in answers.items():
        method, url = key.split(" ", 1)
        parts = urlsplit(url)
        if "failure" not in answer:
            path = parts.path + ("?" + parts.query if parts.query else "")
            hosts.setdefault(parts.hostname, {})["%s %s" % (method, path)] = answer
    return hosts


def free_port():
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def stage(name, act=None):
    """Play a recording; gives the port all its hosts listen at.

    act: called with the hosts' answers, the request ("METHOD /path") and its body; it may change the answers,
    and what it returns, if anything, is answered in place of the recorded answer.
    """
    port = free_port()
    running = []
    hosts = by_host(load(name))
    try:
        for host, answers in hosts.items():
            server = http.server.ThreadingHTTPServer((host, port), Player)
            server.daemon_threads = True
            server.answers = answers
            server.act = functools.partial(act, hosts) if act else lambda key, body: None
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            running.append((server, thread))
        yield port
    finally:
        for server, thread in running:
            server.shutdown()
            thread.join()
            server.server_close()


def result_of(main, capsys, **arguments):
    """What a module returns for these arguments."""
    with patch_module_args(arguments), contextlib.suppress(SystemExit):
        main()
    return json.loads(capsys.readouterr().out)
