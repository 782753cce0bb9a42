# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a load balancer hears anybody, by what a real HAProxy told of its checks while one of three hosts was frozen."""
from __future__ import annotations

import http.server
import shlex
import subprocess
import threading

import jinja2
import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import read

RECORDED = read("tests/unit/fixtures/haproxy/one_frozen.csv")
NAMES = RECORDED.splitlines()[0].removeprefix("# ").split(",")
SECONDS = 10


def told(here=None, others=None):
    """What HAProxy tells when the checks of this host's and of others' servers end so. A check is {field: value}."""
    lines = []
    for line in RECORDED.splitlines():
        fields = line.split(",")
        if len(fields) == len(NAMES) and fields[NAMES.index("check_status")] and fields[1] not in ("svname", "BACKEND"):
            for name, value in ((here if fields[1] == "node1" else others) or {}).items():
                fields[NAMES.index(name)] = value
        lines.append(",".join(fields))
    return "\n".join(lines) + "\n"


@pytest.fixture(name="check")
def script(tmp_path):
    """The exit code of the check on node1 when HAProxy tells this; null is one that does not answer."""
    def run(text):
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                assert self.path == "/;csv"
                self.send_response(200)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_words):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        if text is None:
            server.server_close()
        else:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = jinja2.Environment()
        environment.filters["quote"] = shlex.quote
        program = environment.from_string(read("roles/keepalived/templates/check_hearing.j2")).render(
            keepalived_check_port=server.server_port, inventory_hostname="node1", topology_file_header="Managed")
        (tmp_path / "check").write_text(program.lstrip())
        try:
            return subprocess.run(["bash", str(tmp_path / "check")], check=False, timeout=SECONDS, stderr=subprocess.DEVNULL).returncode
        finally:
            if text is not None:
                server.shutdown()
                server.server_close()

    return run


DOWN = {"status": "DOWN", "check_status": "L7STS", "last_chk": "Service Unavailable"}


@pytest.mark.parametrize("here, others, well", [
    # two of three are heard
    (None, None, True),
    # nobody is heard: by silence, or when the kernel gave up looking for them
    (DOWN, {"check_status": "L4TOUT"}, False),
    (DOWN, {"check_status": "* L4TOUT"}, False),
    (DOWN, {"check_status": "L4CON", "last_chk": "No route to host"}, False),
    (DOWN, {"check_status": "SOCKERR", "last_chk": "no route to host"}, False),
    # who refuses is heard, and so is whoever is not well
    (DOWN, {"check_status": "L4CON", "last_chk": "Connection refused"}, True),
    (DOWN, {"check_status": "L7STS"}, True),
    (DOWN, {"check_status": "L7TOUT"}, True),
    # right after a reload nothing is known
    ({"status": "UP", "check_status": "INI"}, {"check_status": "INI"}, True),
    # the last one that is left, whose API server reaches its database
    (None, {"check_status": "L4TOUT"}, True),
])
def test_a_host_that_hears_nobody_is_not_well(check, here, others, well):
    assert (check(told(here, others)) == 0) is well


def test_a_haproxy_that_does_not_answer_is_not_well(check):
    assert check(None) != 0


def test_who_has_no_other_host_to_hear_is_well(check):
    assert check("\n".join(line for line in RECORDED.splitlines() if ",node2," not in line and ",node3," not in line)) == 0
