# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: which options a version of Airflow knows, under which names, and what they are by default.

The table is roles/audit/files/airflow_options.json, which tools/airflow_options.py makes from the packages of all versions.
"""

from __future__ import annotations

import functools
import json
import pathlib
import re

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

TABLE = pathlib.Path(__file__).resolve().parents[3] / "roles/audit/files/airflow_options.json"
GENERATED = re.compile(r"\{(FERNET_KEY|SECRET_KEY|JWT_SECRET_KEY)\}$")  # made anew on each host, or in each process
NAME = re.compile(r"\b[a-z_]+\.[a-z][a-z0-9_]*\b")


@functools.cache
def table():
    return json.loads(TABLE.read_text(encoding="utf-8"))


@functools.cache
def _older_names():
    """{name: [older name, ...]}, whichever version it was that read both."""
    older = {}
    for old, changes in table()["aliases"].items():
        for new in dict.fromkeys(new for _since, *value in changes for new in value):
            older.setdefault(new, []).append(old)
    return older


@functools.cache
def minor(version):
    """(3, 3) of 3.3.2 or 3.3.0rc1."""
    match = re.match(r"(\d+)\.(\d+)", version or "")
    if not match:
        raise Unknown("the version of Airflow is unknown")
    return int(match[1]), int(match[2])


class Options:
    """The options of one version. One later than the table is judged by the table's last, an earlier one by its first."""

    def __init__(self, version):
        self.version = minor(version)
        first, *_between, last = (minor(each) for each in self.versions())
        self.is_earlier = self.version < first
        self.is_later = self.version > last
        self._row = min(max(self.version, first), last)

    @property
    def is_exact(self):
        """Whether the table is about this very version, so that what it does not hold is nothing."""
        return not self.is_earlier and not self.is_later

    @staticmethod
    @functools.cache
    def versions():
        """All minor versions of the table, in their order."""
        seen = {each[0] for part in ("options", "aliases") for changes in table()[part].values() for each in changes}
        return sorted(seen, key=minor)

    def _at(self, part, name, version=None):
        """What holds at this version, or at another, as a list without or with a value."""
        held = []
        for since, *value in table()[part].get(name, []):
            if minor(since) <= (version or self._row):
                held = value
        return held

    def has(self, name):
        return bool(self._at("options", name))

    def names(self):
        return [name for name in table()["options"] if self.has(name)]

    def has_section(self, section):
        return any(name.startswith(section + ".") and self.has(name) for name in table()["options"])

    def default(self, name):
        """Text, or None where it has none, or where each installation makes its own."""
        [value] = self._at("options", name) or [None]
        return None if value is None or GENERATED.match(value) else value.replace("{{", "{").replace("}}", "}").replace("%%", "%")

    def read_as(self, name):
        """The option under whose new name this one is read still; None if nothing reads it by this name."""
        [new] = self._at("aliases", name) or [None]
        return new

    def old_names(self, name):
        """The names by which this version reads the option, too."""
        return [old for old in _older_names().get(name, ()) if self.read_as(old) == name]

    def called(self, name):
        """The name by which this version has an option of a later one; the same name where it has none."""
        names = [name]
        for each in names:
            if self.has(each):
                return each
            names += [old for old in _older_names().get(each, ()) if old not in names]
        return name

    def in_words(self, text):
        """A text that names options, each by the name that this version has for it, unless the text has that as well."""
        return NAME.sub(lambda match: match[0] if self.called(match[0]) in text else self.called(match[0]), text)

    def replaced_by(self, name):
        """What to use in place of an option that this version no longer knows: a name, or None."""
        new = table()["replaced"].get(name)
        return new if new and self.has(new) else None

    def was_known(self, name, since="0.0"):
        """Whether an earlier version, from this one on, read it, and no provider does now to which Airflow left it."""
        left = minor(table()["provided"].get(name.partition(".")[0], "0.0"))
        least = max(minor(since), left if self._row >= left else (0, 0))
        before = [version for version in map(minor, self.versions()) if least <= version < self._row]
        for version in before:
            if any(self._at("options", each, version) for each in [name, *self._at("aliases", name, version)]):
                return True
        first = min((minor(each[0]) for part in ("options", "aliases") for each in table()[part].get(name, [])), default=self._row)
        return name in table()["replaced"] and not self.is_earlier and first <= self._row

    def known_from(self, name):
        """The later version that begins to read it; None if none does."""
        later = [each[0] for each in table()["options"].get(name, []) if minor(each[0]) > self._row]
        return later[0] if later else None
