# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: a configuration of Redis, Valkey or their Sentinel: a directive on each line, of which many may come again.

See https://redis.io/docs/latest/operate/oss_and_stack/management/config/
"""

from __future__ import annotations

import re
import shlex

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.loopback import are_local
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

SIZE = re.compile(r"(\d+)([kmg]?b?)$")
BYTES = {"": 1, "b": 1, "k": 1e3, "m": 1e6, "g": 1e9, "kb": 2 ** 10, "mb": 2 ** 20, "gb": 2 ** 30}


class Directives:
    def __init__(self, member, text, problem=""):
        """problem: why nobody could read it."""
        self.member = member
        self.problem = problem
        self._lines = [_words(line) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    def all(self, *words):
        """What follows these words on each line that begins with them."""
        if self.problem:
            raise Unknown(self.problem)
        return [line[len(words):] for line in self._lines if [word.lower() for word in line[:len(words)]] == list(words)]

    def text(self, name, default):
        """Of the last such line, or the program's own; Unknown where another file may have one."""
        found = self.all(name)
        if not found and self.all("include"):
            raise Unknown("%s includes other files" % self.member)
        return " ".join(found[-1]) if found else default

    def number(self, name, default):
        text = self.text(name, str(default))
        if not text.isdecimal():
            raise Unknown("%s of %s is not a number" % (name, self.member))
        return int(text)

    def bytes(self, name, default):
        match = SIZE.match(self.text(name, default).lower())
        if not match:
            raise Unknown("%s of %s is no size" % (name, self.member))
        return int(match[1]) * BYTES[match[2]]

    def is_on(self, name, default):
        return self.text(name, default).lower() == "yes"

    @property
    def is_local(self):
        """Whether only its own host reaches it."""
        addresses = self.text("bind", "").split()
        return bool(addresses) and are_local(addresses)


class Redis(Directives):
    @property
    def saves(self):
        """Whether it writes all its data now and then, as it does unless save is empty."""
        found = self.all("save")
        return not found or any(found[-1])

    @property
    def asks(self):
        """Whether it asks who comes."""
        return bool(self.text("requirepass", "").strip('"') or self.all("user") or self.text("aclfile", ""))


class Sentinel(Directives):
    @property
    def masters(self):
        """{name: (host, quorum)} of those that it watches."""
        found = {}
        for line in self.all("sentinel", "monitor"):
            if len(line) == 4 and line[3].isdecimal():
                found[line[0]] = (line[1], int(line[3]))
        return found

    def patience(self, master):
        """Seconds of silence until it takes a master for dead."""
        told = [line[1] for line in self.all("sentinel", "down-after-milliseconds") if len(line) == 2 and line[0] == master]
        return float(told[-1] if told and told[-1].isdecimal() else 30000) / 1000


def _words(line):
    try:
        return shlex.split(line)
    except ValueError:  # a quote without its other half
        return line.split()
