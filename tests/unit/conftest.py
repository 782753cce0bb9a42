# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the tests import ansible_collections.steady.airflow from a plain checkout."""

from __future__ import annotations

import checkout

__all__ = ["checkout"]
