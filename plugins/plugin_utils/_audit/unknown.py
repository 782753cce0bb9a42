# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what was not seen is neither good nor bad."""

from __future__ import annotations


class Unknown(Exception):
    """Raised where a rule asks for what nobody saw; says why. The rule is then told as unknown, and never as passed."""
