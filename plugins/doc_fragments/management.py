# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the documentation of the modules that use RabbitMQ's management API on their host shares."""

from __future__ import annotations


class ModuleDocFragment:

    DOCUMENTATION = r"""
options:
  address:
    description: Address of the management API on this host.
    type: str
    default: 127.0.0.1
  port:
    description: Port of the management API.
    type: int
    default: 15672
  username:
    description: User with the tag C(administrator).
    type: str
    required: true
  password:
    description: Password of that user.
    type: str
    required: true
  timeout:
    description: Seconds that one request may take.
    type: float
    default: 5
"""
