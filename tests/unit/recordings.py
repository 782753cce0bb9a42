# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Openers that record what real members answer, and that replay such recordings in tests.

A recording is a JSON file: {"about": where it comes from, "answers": {"GET http://...": answer}} with an answer
{"status": 200, "body": decoded JSON}, {"status": 500, "text": "no JSON"} or {"failure": "Connection refused"}.
"""
from __future__ import annotations

import errno
import io
import json
import os
import pathlib
import socket
import urllib.error

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, base_url
from ansible_collections.steady.airflow.plugins.module_utils._observer import ask_each

FIXTURES = pathlib.Path(__file__).resolve().parent / "fixtures"
TIMED_OUT = "timed out"


def load(name):
    """The answers of the recording `fixtures/<name>.json`."""
    return json.loads((FIXTURES / (name + ".json")).read_text(encoding="utf-8"))["answers"]


class Response(io.BytesIO):
    """As much of an HTTP response as the client uses."""

    def __init__(self, status, content):
        super().__init__(content)
        self.status = status


class Replay:
    """An opener for recorded answers. What was not recorded is refused, and every request is noted."""

    def __init__(self, answers):
        self.answers = answers
        self.requests = []

    def open(self, request, timeout):
        """Answer as the recorded member did."""
        self.requests.append(request)
        answer = self.answers.get("%s %s" % (request.get_method(), request.full_url), {"failure": "Connection refused"})
        if answer.get("failure") == TIMED_OUT:
            raise socket.timeout(TIMED_OUT)
        if "failure" in answer:
            raise urllib.error.URLError(OSError(errno.ECONNREFUSED, answer["failure"]))
        text = json.dumps(answer["body"]) if "body" in answer else answer["text"]
        return Response(answer["status"], text.encode("utf-8"))


class Recorder:
    """An opener that passes requests on to a real one and keeps what came back."""

    def __init__(self, opener):
        self.opener = opener
        self.answers = {}

    def open(self, request, timeout):
        """Ask, and remember."""
        key = "%s %s" % (request.get_method(), request.full_url)
        try:
            with self.opener.open(request, timeout=timeout) as response:
                status, content = response.status, response.read()
        except OSError as err:
            reason = getattr(err, "reason", err)
            timed_out = isinstance(reason, socket.timeout)
            self.answers[key] = {"failure": TIMED_OUT if timed_out else os.strerror(getattr(reason, "errno", None) or 0)}
            raise
        self.answers[key] = dict(status=status, **self._decoded(content))
        return Response(status, content)

    @staticmethod
    def _decoded(content):
        try:
            return {"body": json.loads(content)}
        except ValueError:
            return {"text": content.decode("utf-8", "replace")}


def members(count=3):
    """The members of most recordings."""
    return [{"name": "node%d" % number, "address": "127.0.0.1%d" % number} for number in range(1, count + 1)]


def replayed(client, name, places, port):
    """What a client makes of a recording: {member's name: answer}."""
    http = HttpClient(Replay(load(name)), timeout=3)
    return ask_each(places, lambda place: client.ask(http, base_url(place["address"], port)), 9)
