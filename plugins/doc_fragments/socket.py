# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the documentation of modules that ask PostgreSQL on its own host shares."""

from __future__ import annotations


class ModuleDocFragment:

    DOCUMENTATION = r"""
options:
  socket:
    description: Directory of PostgreSQL's socket.
    type: path
    default: /var/run/postgresql
  port:
    description: Port of PostgreSQL, which is a part of the socket's name.
    type: int
    default: 5432
  login:
    description: Superuser as whom the socket lets the caller in.
    type: str
    default: postgres
"""
