# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a configuration of HAProxy says of its proxies."""

from __future__ import annotations

import re
import shlex

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

SECTIONS = ("global", "defaults", "frontend", "backend", "listen", "userlist", "peers", "resolvers", "cache", "program", "mailers", "ring", "log-forward",
            "http-errors", "fcgi-app")
SPAN = re.compile(r"(\d+)(us|ms|s|m|h|d)?$")
SECONDS = {"us": 1e-6, "ms": 1e-3, None: 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400}
DATABASE, BROKER, AIRFLOW = "database", "broker", "airflow"
PORTS = {5432: DATABASE, 5433: DATABASE, 6432: DATABASE, 5672: BROKER, 5671: BROKER, 6379: BROKER, 26379: BROKER, 8080: AIRFLOW}
ROLE_PATHS = re.compile(r"/(primary|master|leader|read-write|standby-leader|standby_leader|replica|read-only|asynchronous|async|synchronous|sync|quorum)\b")
STANDBY_PATHS = re.compile(r"/(replica|read-only|asynchronous|async|synchronous|sync|quorum)\b")


class Server:
    def __init__(self, words, inherited):
        self.name, self.target = words[0], words[1] if len(words) > 1 else ""
        self.words = inherited + words[2:]

    @property
    def port(self):
        match = re.search(r":(\d+)$", self.target)
        return int(match[1]) if match else None

    def has(self, word):
        return word in self.words and "no-" + word not in self.words

    def value(self, word):
        """What follows the last one of this word."""
        found = [self.words[position + 1] for position, each in enumerate(self.words[:-1]) if each == word]
        return found[-1] if found else None

    def seconds(self, word, default):
        return span(self.value(word)) if self.value(word) else default


class Proxy:
    """A frontend, backend or listen section, with what it has from its defaults."""

    def __init__(self, kind, name, inherited):
        self.kind, self.name = kind, name
        self.lines = list(inherited)
        self.own = []

    def add(self, words):
        self.lines.append(words)
        self.own.append(words)

    def starting(self, *words):
        """All lines that begin with these words, without them."""
        return [line[len(words):] for line in self.lines if tuple(line[:len(words)]) == words]

    def has(self, *words):
        return bool(self.starting(*words)) and not self.starting("no", *words)

    @property
    def servers(self):
        inherited = [word for words in self.starting("default-server") for word in words]
        return [Server(words, inherited) for words in self.starting("server") + self.starting("server-template") if words]

    def timeout(self, name):
        """Seconds, or None where it is not set."""
        found = self.starting("timeout", name)
        return span(found[-1][0]) if found and found[-1] else None

    @property
    def check(self):
        """All that its health check asks for and expects, as one text."""
        return " ".join(" ".join(words) for what in (("option", "httpchk"), ("http-check",), ("option", "pgsql-check"), ("tcp-check",))
                        for words in self.starting(*what))

    @property
    def serves(self):
        """database, broker, airflow, or None for what is none of our business."""
        for server in self.servers:
            if ROLE_PATHS.search(self.check) or server.value("port") == "8008":
                return DATABASE
            if server.port in PORTS and (PORTS[server.port] != AIRFLOW or "health" in self.check):
                return PORTS[server.port]
        return None


class HAProxy:
    def __init__(self, member, text, problem=""):
        """problem: why nobody could read it."""
        self.member = member
        self.problem = problem
        self._proxies = []
        defaults, current = [], None
        for line in text.splitlines():
            words = split(line)
            if not words:
                continue
            if words[0] in SECTIONS:
                current = None
                if words[0] == "defaults":
                    defaults = []
                    current = defaults
                elif words[0] in ("frontend", "backend", "listen"):
                    current = Proxy(words[0], words[1] if len(words) > 1 else "", defaults)
                    self._proxies.append(current)
            elif isinstance(current, list):
                current.append(words)
            elif current is not None:
                current.add(words)

    @property
    def proxies(self):
        if self.problem:
            raise Unknown(self.problem)
        return self._proxies

    def serving(self, *what):
        """Proxies with servers for one of these."""
        return [proxy for proxy in self.proxies if proxy.servers and proxy.serves in what]

    def before(self, backend):
        """Where clients of a backend come in."""
        if backend.kind == "listen":
            return [backend]
        return [proxy for proxy in self.proxies if any(backend.name in words for words in proxy.starting("default_backend") + proxy.starting("use_backend"))]


def split(line):
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # a quote without its other half
        return line.split()


def span(text):
    match = SPAN.match(text)
    return int(match[1]) * SECONDS[match[2]] if match else None
