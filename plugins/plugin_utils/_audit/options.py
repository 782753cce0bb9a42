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


@functools.cache
def table():
    return json.loads(TABLE.read_text(encoding="utf-8"))


def minor(version):
    """(3, 3) of 3.3.2 or 3.3.0rc1."""
    match = re.match(r"(\d+)\.(\d+)", version or "")
    if not match:
        raise Unknown("the version of Airflow is unknown")
    return int(match[1]), int(match[2])


class Options:
    """The options of one version. One later than the table is judged by the table's last, an earlier one not at all."""

    def __init__(self, version):
        self.version = minor(version)
        first, *_between, last = (minor(each) for each in self.versions())
        if self.version < first:
            raise Unknown("Airflow %d.%d is older than all versions that are known here" % self.version)
        self.is_later = self.version > last

    @staticmethod
    def versions():
        """All minor versions of the table, in their order."""
        seen = {each[0] for part in ("options", "aliases") for changes in table()[part].values() for each in changes}
        return sorted(seen, key=minor)

    def _at(self, part, name):
        """What holds at this version, as a list without or with a value."""
        held = []
        for since, *value in table()[part].get(name, []):
            if minor(since) <= self.version:
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
        return [old for old in table()["aliases"] if self.read_as(old) == name]

    def replaced_by(self, name):
        """What to use in place of an option that this version no longer knows: a name, or None."""
        new = table()["replaced"].get(name)
        return new if new and self.has(new) else None

    def was_known(self, name):
        """Whether an earlier version read it."""
        before = [each for part in ("options", "aliases") for each in table()[part].get(name, []) if minor(each[0]) < self.version]
        return bool(before) or name in table()["replaced"]

    def known_from(self, name):
        """The later version that begins to read it; None if none does."""
        later = [each[0] for each in table()["options"].get(name, []) if minor(each[0]) > self.version]
        return later[0] if later else None
