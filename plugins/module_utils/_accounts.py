# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: which accounts may take each other's place."""

from __future__ import annotations


def belongs(user, owner):
    """Whether this is a name that one of the owner's accounts may have: its own, or one that begins with it and an underscore."""
    return user == owner or user.startswith(owner + "_")
