# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what the documentation of the modules that write through a service's API shares."""

from __future__ import annotations


class ModuleDocFragment:

    DOCUMENTATION = r"""
options:
  members:
    description: The members of the tier, each with C(name) and C(address).
    type: list
    elements: dict
    required: true
  port:
    description: Port of Patroni's REST API.
    type: int
    default: 8008
  username:
    description: User that may write.
    type: str
  password:
    description: Password of that user.
    type: str
  timeout:
    description: Seconds that one request may take.
    type: float
    default: 5
  wait:
    description: Seconds until what was asked for must have happened.
    type: int
    default: 60
  use_tls:
    description: Ask over HTTPS. The certificate of the other side is always verified.
    type: bool
    default: false
  ca_path:
    description: File or directory of certificate authorities in PEM format to verify with.
    type: path
  client_cert:
    description: File with the client certificate in PEM format.
    type: path
  client_key:
    description: File with the key of O(client_cert).
    type: path
"""
