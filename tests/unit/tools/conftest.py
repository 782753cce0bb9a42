# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that answers as Airflow's API does."""

from __future__ import annotations

import http.server
import json
import threading

import airflow_api
import pytest

RUNS = "/api/v2/dags/example/dagRuns"


class Answers(http.server.BaseHTTPRequestHandler):
    """Serves what the test put into server.answers, the first of a list until one is left."""

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        self.server.asked.append((self.command, self.path, body, self.headers.get("Authorization")))
        answers = self.server.answers[self.command, self.path]
        status, content = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    do_GET = do_POST = do_PATCH = answer

    def log_message(self, *arguments):
        """Says nothing."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(airflow_api, "POLL_SECONDS", 0.01)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked = []
    server.answers = {
        ("POST", "/auth/token"): [(201, {"access_token": "T"})],
        ("PATCH", "/api/v2/dags/example"): [(200, {"is_paused": False})],
        ("POST", RUNS): [(200, {"dag_run_id": "run1"})],
        ("GET", RUNS + "/run1"): [(200, {"state": "success"})],
        ("GET", RUNS + "/run1/taskInstances?limit=1000"): [
            (200, {"task_instances": [{"hostname": "node2"}, {"hostname": "node1"}, {"hostname": "node2"}, {"hostname": None}]})],
    }
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def airflow(server):
    return airflow_api.Airflow(f"http://127.0.0.1:{server.server_port}", "admin", "secret")
