# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the documentation of modules that call pgBackRest shares."""

from __future__ import annotations


class ModuleDocFragment:

    DOCUMENTATION = r"""
requirements:
  - pgBackRest 2.55 or later, set up on the host the module runs on
options:
  stanza:
    description: What pgBackRest calls the cluster.
    type: str
    default: airflow
"""
