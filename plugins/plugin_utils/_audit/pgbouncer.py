# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: pgbouncer.ini: https://www.pgbouncer.org/config.html"""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.loopback import are_local
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

LINE = re.compile(r"([\w*.\"-]+)\s*=\s*(.*)$")


class PgBouncer:
    """Settings of [pgbouncer]; databases: {name: {"host": ..., "pool_mode": ...}}"""

    def __init__(self, member, text, problem=""):
        """problem: why nobody could read it."""
        self.member = member
        self.problem = problem
        self.databases = {}
        self._settings = {}
        section = ""
        for line in map(str.strip, text.splitlines()):
            match = LINE.match(line)
            if line.startswith("["):
                section = line.strip("[]")
            elif line.startswith("%include"):
                self.problem = self.problem or "%s includes other files" % member
            elif match and section == "pgbouncer":
                self._settings[match[1]] = match[2].strip()
            elif match and section == "databases":
                self.databases[match[1]] = dict(part.split("=", 1) for part in re.sub(r"\s*=\s*", "=", match[2]).split() if "=" in part)

    def text(self, name, default=""):
        if self.problem:
            raise Unknown(self.problem)
        return self._settings.get(name, default)

    def number(self, name, default):
        text = self.text(name, str(default))
        try:
            return float(text)
        except ValueError:
            raise Unknown("%s of %s is not a number" % (name, self.member)) from None

    def modes(self):
        """{name of a database: its pool_mode}, with "" for those that it does not name."""
        common = self.text("pool_mode", "session")
        return {"": common, **{name: told.get("pool_mode", common) for name, told in self.databases.items()}}

    @property
    def is_local(self):
        """Whether only its own host reaches it, as without listen_addr."""
        return are_local(each.strip() for each in self.text("listen_addr").split(",") if each.strip())
