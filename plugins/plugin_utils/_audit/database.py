# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: PostgreSQL and Patroni on a host, as they were asked there."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown


class Database:
    def __init__(self, member, seen):
        self.member = member
        self._seen = seen

    def seen(self, name):
        if self._seen["problem"]:
            raise Unknown("%s: %s" % (self.member, self._seen["problem"]))
        return self._seen[name]

    def setting(self, name):
        """As PostgreSQL prints it in pg_settings, so a time is a number in its own unit; Unknown where this version has none."""
        settings = self.seen("settings")
        if name not in settings:
            raise Unknown("PostgreSQL of %s has no setting %s" % (self.member, name))
        return settings[name]

    def number(self, name):
        return float(self.setting(name))

    @property
    def leads(self):
        return not self.seen("recovery")

    @property
    def has_patroni(self):
        return self.seen("patroni") is not None

    def patroni(self, name, default=None):
        """Of what its members agree on; Patroni's own default where nobody said anything."""
        found = (self.seen("patroni") or {}).get(name)
        return default if found is None else found

    def role(self, name):
        """{setting: value} of a role; Unknown where there is no such role."""
        roles = self.seen("roles")
        if name not in roles:
            raise Unknown("PostgreSQL of %s has no role %s" % (self.member, name))
        return dict(line.split("=", 1) for line in roles[name])
