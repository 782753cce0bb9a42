# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the documentation of the modules that use Airflow's public API shares."""

from __future__ import annotations


class ModuleDocFragment:

    DOCUMENTATION = r"""
options:
  url:
    description: Where Airflow's API is, without a slash at the end.
    type: str
    required: true
  username:
    description: User of Airflow who may see, trigger, change and delete DAGs.
    type: str
    required: true
  password:
    description: Password of that user.
    type: str
    required: true
  ca_path:
    description: File or directory of certificate authorities in PEM format to verify with.
    type: path
"""
