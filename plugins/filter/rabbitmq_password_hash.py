# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
  name: rabbitmq_password_hash
  short_description: Password hash as RabbitMQ's definitions have it
  version_added: 0.1.0
  author: The steady.airflow authors
  description:
    - Salts and hashes a password by RabbitMQ's algorithm C(rabbit_password_hashing_sha256).
    - The salt is derived from the password, so that the same password always gives the same hash and a second
      run changes nothing. Two different passwords share a salt only by chance.
  options:
    _input:
      description: The password.
      type: str
      required: true
"""

EXAMPLES = r"""
password_hash: "{{ rabbitmq_airflow_password | steady.airflow.rabbitmq_password_hash }}"
"""

RETURN = r"""
  _value:
    description: Salt and hash in base64.
    type: str
"""

import base64
import hashlib


def rabbitmq_password_hash(password):
    """Return base64(salt + sha256(salt + password)) with a salt of four bytes."""
    secret = str(password).encode("utf-8")
    salt = hashlib.sha256(b"steady.airflow salt" + secret).digest()[:4]
    return base64.b64encode(salt + hashlib.sha256(salt + secret).digest()).decode("ascii")


class FilterModule:
    def filters(self):
        return {"rabbitmq_password_hash": rabbitmq_password_hash}
