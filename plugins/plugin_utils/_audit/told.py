# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: etcd and RabbitMQ on a host, by what they are told there."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown


class Told:
    """Settings by their names; what nobody set has no value."""

    def __init__(self, member, seen):
        self.member = member
        self._seen = seen

    def seen(self, name):
        if self._seen["problem"]:
            raise Unknown("%s: %s" % (self.member, self._seen["problem"]))
        return self._seen[name]

    def setting(self, name, default=None):
        return self.seen("settings").get(name, default)


class Etcd(Told):
    def urls(self, name):
        return [url for url in self.setting(name, "").split(",") if url]

    @property
    def members(self):
        """Names of all that it was told to begin with; Unknown where it found them otherwise."""
        told = self.urls("ETCD_INITIAL_CLUSTER")
        if not told:
            raise Unknown("etcd of %s was not told its members" % self.member)
        return sorted({member.split("=")[0] for member in told})


class RabbitMQ(Told):
    @property
    def version(self):
        """(4, 0)"""
        parts = self.seen("version").split(".")
        if len(parts) < 2:
            raise Unknown("the version of RabbitMQ of %s was not seen" % self.member)
        return int(parts[0]), int(parts[1])

    @property
    def queues(self):
        """[{vhost, name, type}] that it keeps; Unknown where nobody could look."""
        found = self.seen("queues")
        if found is None:
            raise Unknown("the queues of RabbitMQ of %s were not seen" % self.member)
        return found

    @property
    def is_raft(self):
        """Whether what the cluster knows is kept by Khepri, which needs no strategy for partitions."""
        return self.version >= (4, 2) or "khepri_db" in self.seen("feature_flags")
