# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a rule is.

A rule is a function that yields evidence. Where it asks for something that nobody saw, Unknown passes through it. The name of its
parameter says what it judges: C(configuration) is Airflow's on one host, C(source) whether that could be read, C(installation) what else
is seen of Airflow there, C(service) one service on a host, C(stranger) a unit
of which nobody knows what it runs, C(container) one of a file of Compose, C(database), C(etcd), C(rabbitmq),
C(haproxy), C(keepalived), C(redis), C(redis_sentinel) and C(pgbouncer) what one of them was told, C(certificate) one that a service shows,
C(host) a host, C(cluster) everything.
"""

from __future__ import annotations

import collections
import inspect

SEVERITIES = ("error", "warning", "note")

Rule = collections.namedtuple("Rule", "id severity tier title why remedy see since until readers subject judge")


class Book:
    """The rules of one file, each of them about the same tier."""

    def __init__(self, tier, readers=()):
        """readers: the components of Airflow that read what its rules are about; none for all."""
        self.tier = tier
        self.readers = readers
        self.rules = []

    def rule(self, identity, severity, title, why, remedy, see=(), since=None, until=None, readers=()):
        """since and until: the minor version of Airflow that the rule begins with, and the first one that it no longer is about."""
        def keep(judge):
            [subject] = inspect.signature(judge).parameters
            self.rules.append(Rule(identity, severity, self.tier, title, why, remedy, see, since, until, readers or self.readers, subject, judge))
            return judge

        return keep
