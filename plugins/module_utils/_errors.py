# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the one family of errors its own code raises and catches."""
from __future__ import annotations


class SteadyError(Exception):
    """Something went wrong that a user can understand and act upon; str() is the whole message."""


class BadOption(SteadyError):
    """What the user asked for cannot be done; asking again will not help."""


class Unreachable(SteadyError):
    """Nobody answered: refused, timed out, or no secured connection came about."""


class BadAnswer(SteadyError):
    """Somebody answered, but not what this service answers when it is well."""
