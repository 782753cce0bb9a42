# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what Airflow on one host works with: what it was told, and its defaults where it was told nothing."""

from __future__ import annotations

import json

from ansible_collections.steady.airflow.plugins.module_utils._audit.airflow import COMPONENTS
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.options import Options
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

TRUE = ("t", "true", "1")
FALSE = ("f", "false", "0")


class Configuration:
    """Of the options that module_utils/_audit/airflow_config.py has read. What it was not told by any name is its version's default."""

    def __init__(self, member, version, given, problem="", broken=False, seen=None):
        """problem: why it could not be read; broken: neither can Airflow, and what was given is what was meant; seen: what else is known of it."""
        self.member = member
        self.release = version
        self.problem = problem
        self.broken = broken
        self._seen = seen or {}
        self._given = given
        self._options = None

    @classmethod
    def of(cls, told, member=None):
        """Of what a module or files.py tells of one: {version, options, problem, broken, ...}."""
        return cls(member or told["member"], told["version"], told["options"], told["problem"], told["broken"], told)

    @property
    def given(self):
        if self.problem and not self._given:
            raise Unknown(self.problem)
        return self._given

    def seen(self, name):
        """Something that only a host can tell, such as its packages."""
        if not self._seen.get(name):
            raise Unknown("%s of %s was not seen" % (name, self.member))
        return self._seen[name]

    @property
    def components(self):
        """Those that are told this, as far as their kind is known."""
        return [each for each in self._seen.get("kinds") or self._seen.get("components", []) if each]

    def is_for(self, readers):
        """Whether one of these components may be told this: somebody else may have called them otherwise."""
        return not self.components or any(each in readers or each == "standalone" or each not in COMPONENTS for each in self.components)

    @property
    def dags(self):
        """{folder, files, digest} of its host; None where nobody has looked, or there is none."""
        return self._seen.get("dags")

    @property
    def reach(self):
        """{database, broker, API: [{address, seconds, problem}]} as its host has asked; empty where nobody has."""
        return self._seen.get("reach", {})

    @property
    def health(self):
        """{component: status} as the API server of its host says; empty where there is none, or nobody has asked it."""
        told = self._seen.get("health") or {"problem": "", "statuses": {}}
        if told["problem"]:
            raise Unknown(told["problem"])
        return told["statuses"]

    @property
    def ignored(self):
        """Variables that were meant for Airflow and that it does not read."""
        return self._seen.get("ignored", [])

    @property
    def options(self):
        if self._options is None:
            self._options = Options(self.release)
        return self._options

    @property
    def version(self):
        """(3, 3)"""
        return self.options.version

    def entry(self, name):
        """What was told of an option, by its name or an older one that is read still; None if nothing was."""
        for each in self._names(name):
            if each in self.given:
                entry = self.given[each]
                if "unknown" in entry:
                    raise Unknown("%s of %s: %s" % (each, self.member, entry["unknown"]))
                return entry
        if self._seen.get("unknown"):
            raise Unknown("%s: %s" % (self.member, self._seen["unknown"]))
        return None

    def is_given(self, name):
        return any(each in self.given for each in self._names(name))

    def _names(self, name):
        """All names by which this version reads an option, that which counts first."""
        called = self.options.called(name)
        return [called] + self.options.old_names(called)

    def in_words(self, text):
        """A text of a rule, in which options have the names of this version, if that is known."""
        try:
            return self.options.in_words(text)
        except Unknown:
            return text

    def text(self, name):
        """None where it has no value."""
        entry = self.entry(name)
        return self.options.default(self.options.called(name)) if entry is None else entry["value"]

    def number(self, name):
        return self._as(name, float, "a number")

    def flag(self, name):
        def read(text):
            word = text.split("#")[0].strip().lower()  # a comment behind it is cut here, and with numbers it is not
            if word not in TRUE + FALSE:
                raise ValueError
            return word in TRUE

        return self._as(name, read, "true or false")

    def structure(self, name):
        return self._as(name, json.loads, "JSON")

    def _as(self, name, read, kind):
        """What Airflow cannot read either is told by a rule of its own, and unknown to all others."""
        text = self.text(name)
        if text is None or not text.strip():
            return None
        try:
            return read(text)
        except ValueError:
            raise Unknown("%s of %s is not %s" % (name, self.member, kind)) from None

    def secret(self, name):
        """{digest, length}, or None where it was not told, and so is made anew."""
        entry = self.entry(name)
        return entry["secret"] if entry and entry["secret"]["length"] else None

    def urls(self, name):
        """Parts of each URL; none where nothing was told."""
        entry = self.entry(name)
        return entry["urls"] if entry else []

    def url(self, name):
        return next(iter(self.urls(name)), None)
