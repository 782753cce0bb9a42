# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of redis-py as the client uses, to record what real members answer and to replay it where redis-py is not installed.

A recording is a JSON file as in recordings.py, but a key is "127.0.0.11:6379 INFO" and an answer {"reply": what redis-py decoded},
{"error": [class of redis-py, its text]} or {"failure": "Connection refused"}. CONNECT is there if it failed.
"""
from __future__ import annotations

import os
import types

from ansible_collections.steady.airflow.plugins.module_utils._clients import redis_sentinel as client
from ansible_collections.steady.airflow.tests.unit.recordings import TIMED_OUT, load

TOLD = {"name", "ip", "port", "flags", "quorum", "num-slaves", "num-other-sentinels", "min-replicas-to-write"}
BASES = {
    "ConnectionError": "RedisError", "TimeoutError": "RedisError", "ResponseError": "RedisError", "BusyLoadingError": "ConnectionError",
    "AuthenticationError": "ConnectionError", "NoPermissionError": "ResponseError",
}
KINDS = {"RedisError": type("RedisError", (Exception,), {})}
for kind, base in BASES.items():
    KINDS[kind] = type(kind, (KINDS[base],), {})


class Replay:
    """The library. What was not recorded is refused; every connection notes its settings and whether it was closed."""

    exceptions = types.SimpleNamespace(**KINDS)
    backoff = types.SimpleNamespace(NoBackoff=lambda: None)
    retry = types.SimpleNamespace(Retry=lambda backoff, retries: retries)

    def __init__(self, answers):
        self.answers = answers
        self.connections = []

    def Connection(self, **settings):
        return self._connection("plain", settings)

    def SSLConnection(self, **settings):
        return self._connection("tls", settings)

    def _connection(self, kind, settings):
        self.connections.append(Played(self.answers, kind, settings))
        return self.connections[-1]


class Played:
    """One connection to a recorded member."""

    def __init__(self, answers, kind, settings):
        self.answers, self.kind, self.settings = answers, kind, settings
        self.where = "%(host)s:%(port)s" % settings
        self.asked = None
        self.closed = False

    def connect(self):
        there = any(key.startswith(self.where + " ") for key in self.answers)
        self._answer("CONNECT", {"reply": None} if there else {"failure": "Connection refused"})

    def send_command(self, *words):
        self.asked = " ".join(words)

    def read_response(self):
        return self._answer(self.asked, {"failure": "Connection reset by peer"})

    def _answer(self, asked, default):
        answer = self.answers.get("%s %s" % (self.where, asked), default)
        if "reply" in answer:
            return answer["reply"]
        if "error" in answer:
            raise KINDS[answer["error"][0]](answer["error"][1])
        if answer["failure"] == TIMED_OUT:
            raise KINDS["TimeoutError"]("Timeout reading from socket")
        raise KINDS["ConnectionError"]("Error 1 connecting") from OSError(1, answer["failure"])

    def disconnect(self):
        self.closed = True


class Recorder:
    """The real library, of which every answer is kept."""

    def __init__(self, library):
        self.library = library
        self.exceptions, self.backoff, self.retry = library.exceptions, library.backoff, library.retry
        self.answers = {}

    def Connection(self, **settings):
        return Recorded(self, self.library.Connection(**settings))

    def SSLConnection(self, **settings):
        return Recorded(self, self.library.SSLConnection(**settings))


class Recorded:
    """A real connection."""

    def __init__(self, recorder, connection):
        self.recorder, self.connection = recorder, connection
        self.disconnect = connection.disconnect
        self.asked = None

    def connect(self):
        self._keep("CONNECT", self.connection.connect)

    def send_command(self, *words):
        self.asked = " ".join(words)
        self.connection.send_command(*words)

    def read_response(self):
        return self._keep(self.asked, self.connection.read_response)

    def _keep(self, asked, act):
        kinds = self.recorder.exceptions
        key = "%s:%s %s" % (self.connection.host, self.connection.port, asked)
        try:
            reply = act()
        except (kinds.ResponseError, kinds.AuthenticationError, kinds.BusyLoadingError) as err:
            known = next(one.__name__ for one in type(err).__mro__ if one.__name__ in KINDS)
            self.recorder.answers[key] = {"error": [known, str(err)]}
            raise
        except kinds.TimeoutError:
            self.recorder.answers[key] = {"failure": TIMED_OUT}
            raise
        except kinds.ConnectionError as err:
            cause = err.__cause__ or err.__context__
            self.recorder.answers[key] = {"failure": getattr(cause, "strerror", None) or os.strerror(getattr(cause, "errno", None) or 0)}
            raise
        if asked != "CONNECT":
            self.recorder.answers[key] = {"reply": trimmed(reply)}
        return reply


def trimmed(reply):
    """Without what nobody looks at: lines of INFO that the client drops, and most of what Sentinel tells of each party."""
    if isinstance(reply, str):
        lines = reply.splitlines(keepends=True)
        return "".join(line for line in lines if line.split(":")[0] in client.KEPT) if len(lines) > 1 else reply
    if reply and isinstance(reply[0], list):
        return [trimmed(entry) for entry in reply]
    return [word for key, value in zip(reply[::2], reply[1::2]) if key in TOLD for word in (key, value)]


def play(monkeypatch, name, **changed):
    """Let the client talk to a recording, in which some answers may be changed; gives the library."""
    library = Replay(dict(load(name), **changed))
    monkeypatch.setattr(client, "redis", library)
    monkeypatch.setattr(client, "MISSING", None)
    return library
