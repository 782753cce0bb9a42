# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: a certificate that a service of a host shows to others."""

from __future__ import annotations

import functools

from ansible_collections.steady.airflow.plugins.plugin_utils import _certificates
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown


class Certificate:
    def __init__(self, member, seen):
        """seen: {path, certificate, problem}"""
        self.member = "%s %s" % (member, seen["path"])
        self._seen = seen

    @functools.cached_property
    def _read(self):
        found = _certificates.read_all(self._seen["certificate"])
        if not found:
            raise Unknown(self._seen["problem"] or "%s cannot be read" % self.member)
        return found[0]

    @property
    def begin(self):
        """YYYY-MM-DD"""
        return self._read.not_valid_before_utc.date().isoformat()

    @property
    def end(self):
        """YYYY-MM-DD"""
        return self._read.not_valid_after_utc.date().isoformat()

    @property
    def days_left(self):
        return (self._read.not_valid_after_utc - _certificates.now()) / _certificates.DAY

    @property
    def days_until(self):
        return (self._read.not_valid_before_utc - _certificates.now()) / _certificates.DAY
