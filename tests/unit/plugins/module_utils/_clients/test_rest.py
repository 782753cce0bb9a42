# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client against real servers on loopback."""
from __future__ import annotations

import contextlib
import http.server
import json
import socket
import threading
import time

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients import rest as client_module
from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import (
    HttpClient,
    base_url,
    brief,
    direct_opener,
)
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, Unreachable


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers what its path says, and echoes what it was told."""

    def do_GET(self):
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    self.server.stopped.wait(0.05)
        elif self.path == "/moved":
            self.answer(302, b"{}", Location="/200")
        elif self.path == "/text":
            self.answer(200, b"<html>")
        elif self.path == "/list":
            self.answer(200, b"[]")
        else:
            told = {"method": self.command, "authorization": self.headers.get("Authorization"), "error": "as asked"}
            self.answer(int(self.path[1:]), json.dumps(told).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = {"type": self.headers["Content-Type"], "body": json.loads(body)}
        self.answer(200, json.dumps(told).encode())

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Quietly."""


@contextlib.contextmanager
def serving(context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.stopped = threading.Event()
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module", name="url")
def url_fixture():
    with serving() as port:
        yield base_url("127.0.0.1", port)


@pytest.fixture(name="client")
def client_fixture():
    return HttpClient(direct_opener(), timeout=0.5)


def test_any_status_is_an_answer(client, url):
    assert client.ask(url + "/200") == (200, {"method": "GET", "authorization": None, "error": "as asked"})
    assert client.ask(url + "/503")[0] == 503
    assert client.status(url + "/404") == 404


def test_a_body_is_posted_as_json(client, url):
    assert client.ask(url + "/", {"a": 1}) == (200, {"type": "application/json", "body": {"a": 1}})


def test_user_and_password_are_sent(url):
    client = HttpClient(direct_opener(), timeout=0.5, username="ann", password="b")
    assert client.ask(url + "/200")[1]["authorization"] == "Basic YW5uOmI="


def test_redirects_are_not_followed(client, url):
    assert client.ask(url + "/moved")[0] == 302


def test_proxies_are_not_used(client, url, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert client.status(url + "/200") == 200


def test_what_is_not_json_is_a_bad_answer(client, url):
    with pytest.raises(BadAnswer, match="answered status 200 without JSON"):
        client.ask(url + "/text")


@pytest.mark.parametrize("path, message", [("/503", "answered status 503: as asked"), ("/list", "unknown shape: \\[\\]")])
def test_ask_well_wants_the_expected_shape(client, url, path, message):
    with pytest.raises(BadAnswer, match=message):
        client.ask_well(url + path)


def test_ask_well_takes_the_kind_asked_for(client, url):
    assert client.ask_well(url + "/list", kind=list) == []


def test_a_refused_connection_is_told(client):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable, match="Connection refused"):
            client.ask(base_url("127.0.0.1", unused.getsockname()[1]))


def test_a_silent_server_costs_one_timeout(client):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begin = time.monotonic()
        with pytest.raises(Unreachable, match="timed out after 0.5 s"):
            client.ask(base_url("127.0.0.1", silent.getsockname()[1]))
        assert time.monotonic() - begin < 1.5


def test_a_dripping_server_costs_one_timeout(client, url):
    begin = time.monotonic()
    with pytest.raises(Unreachable, match="timed out after 0.5 s"):
        client.ask(url + "/drip")
    assert time.monotonic() - begin < 1.5


def test_an_endless_answer_is_cut(client, url, monkeypatch):
    monkeypatch.setattr(client_module, "MAX_BYTES", 2)
    with pytest.raises(Unreachable, match="too long"):
        client.ask(url + "/drip")


def test_a_name_that_does_not_exist_is_told(client):
    with pytest.raises(Unreachable, match="no answer from http://nowhere.invalid:1/: "):
        client.ask(base_url("nowhere.invalid", 1) + "/")


def test_a_server_that_does_not_speak_http_is_told():
    with socket.socket() as strange:
        strange.bind(("127.0.0.1", 0))
        strange.listen()

        def greet():
            connection = strange.accept()[0]
            connection.recv(4096)
            connection.sendall(b"SSH-2.0-strange\r\n")
            connection.close()

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(Unreachable, match="SSH-2.0-strange"):
            HttpClient(direct_opener(), timeout=5).ask(base_url("127.0.0.1", strange.getsockname()[1]))
        thread.join()


def test_urls_carry_scheme_and_brackets():
    assert base_url("192.0.2.1", 80) == "http://192.0.2.1:80"
    assert base_url("2001:db8::1", 443, use_tls=True) == "https://[2001:db8::1]:443"


@pytest.mark.parametrize("answer, text", [
    ({"message": "m"}, "m"), ({"reason": 1, "x": 2}, '{"reason": 1, "x": 2}'), ([1], "[1]"), ("abcdef", "abc..."), (None, "nul..."),
])
def test_brief_finds_the_words(answer, text):
    assert brief(answer, limit=3 if text.endswith("...") else 200) == text


def test_text_takes_a_sentence_and_a_method(client, url):
    assert client.text(url + "/text") == (200, "<html>")
    assert client.ask(url + "/", {"a": 1}, method="POST")[0] == 200
