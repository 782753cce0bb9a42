# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: addresses that only their own host reaches."""

from __future__ import annotations

BEGINNINGS = ("127.", "::1", "localhost")


def are_local(addresses):
    """Whether all of them are; where there is none, that is so. Redis has a dash before one that its host need not have."""
    return all(address.lstrip("-").startswith(BEGINNINGS) for address in addresses)
