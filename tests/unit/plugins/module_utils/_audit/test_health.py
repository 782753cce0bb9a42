# SPDX-License-Identifier: GPL-3.0-or-later
"""What an API server says of all components, asked over a real socket. The answer was recorded on Airflow 3.3.2."""

from __future__ import annotations

import http.server
import threading

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config, health

ANSWER = b"""{"metadatabase":{"status":"healthy"},"scheduler":{"status":"unhealthy","latest_scheduler_heartbeat":"2026-11-29T13:00:00+00:00"},
"triggerer":{"status":null,"latest_triggerer_heartbeat":null},"dag_processor":{"status":"healthy","latest_dag_processor_heartbeat":null}}"""
TOLD = {"metadatabase": "healthy", "scheduler": "unhealthy", "triggerer": None, "dag_processor": "healthy"}


@pytest.fixture(name="serve")
def server():
    """Serves an answer at a path; returns the port."""
    servers = []

    def serve(path, answer=ANSWER):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == path else 404)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1].server_address[1]

    yield serve
    for each in servers:
        each.shutdown()
        each.server_close()


def look(text, kind, line=""):
    return health.look({"kind": kind, "arguments": ["airflow", *line.split()]}, airflow_config.options(text, {}, "salt"))


@pytest.mark.parametrize(("component", "path", "text"), [
    ("api_server", "/api/v2/monitor/health", "[api]\nport = %d\nhost = 0.0.0.0\n"),
    ("api_server", "/team/api/v2/monitor/health", "[api]\nport = %d\nbase_url = https://airflow.example.org/team/\n"),
    ("webserver", "/health", "[webserver]\nweb_server_port = %d\n"),
])
def test_the_server_of_the_host_is_asked(serve, component, path, text):
    assert look(text % serve(path), component) == {"statuses": TOLD, "problem": ""}


def test_what_its_command_line_says_counts(serve):
    port = serve("/api/v2/monitor/health")
    assert look("[api]\nport = 1\nhost = 192.0.2.1\n", "api_server", "api-server --host 127.0.0.1 --port=%d" % port)["statuses"] == TOLD
    assert look("", "api_server", "api-server -p %d --ssl-cert /x.pem" % port)["problem"].startswith("https://127.0.0.1:%d/" % port)


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b""])
def test_an_answer_that_is_none_is_told(serve, answer):
    port = serve("/api/v2/monitor/health", answer)
    told = look("[api]\nport = %d\n" % port, "api_server")
    assert told["statuses"] == {} and told["problem"].startswith("http://127.0.0.1:%d/api/v2/monitor/health: " % port)


def test_one_that_does_not_answer_is_told():
    told = look("[api]\nport = 1\nssl_cert = /x.pem\nhost = ::1\n", "api_server")
    assert told["problem"].startswith("https://[::1]:1/api/v2/monitor/health: ")
