# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: numbers and moments as people read them in the report of a drill."""

from __future__ import annotations

import datetime
import math

ABSENT, NEVER = "-", "never"


def tenths(value):
    """None was not measured; what never came back took infinitely long."""
    if value is None:
        return ABSENT
    return NEVER if value == math.inf else "{:,.1f}".format(value)


def seconds(value):
    text = tenths(value)
    return text if text in (ABSENT, NEVER) else text + " s"


def counted(number, noun):
    return "{:,} {}{}".format(number, noun, "" if number == 1 else "s")


def moment(value):
    """Seconds since the epoch as a date and a time of the day."""
    return ABSENT if value is None else datetime.datetime.fromtimestamp(value, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


def duration(value):
    """Seconds that are many, in whole minutes."""
    hours, minutes = divmod(round(value / 60), 60)
    return "%d h %d min" % (hours, minutes) if hours else "%d min" % minutes
