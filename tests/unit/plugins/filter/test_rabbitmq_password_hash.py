# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Password hashes as RabbitMQ's definitions have them."""
from __future__ import annotations

import base64
import hashlib

import pytest

from ansible_collections.steady.airflow.plugins.filter.rabbitmq_password_hash import FilterModule

# what rabbitmqctl hash_password of RabbitMQ 4.0 printed
RECORDED = ("correct horse battery staple", "QE0XiPH1nGLr7OExTEyBUNWzzID3/vyHZ4tGN/Y4hfOKMyXO")
hashed = FilterModule().filters()["rabbitmq_password_hash"]


def accepts(definition, password):
    """As rabbit_password_hashing_sha256 checks: the first four bytes are the salt."""
    raw = base64.b64decode(definition)
    return raw[4:] == hashlib.sha256(raw[:4] + password.encode()).digest()


def test_the_check_is_rabbitmq_s():
    password, definition = RECORDED
    assert accepts(definition, password) and len(definition) == len(hashed(password))


@pytest.mark.parametrize("password", ["x", "correct horse battery staple", "Grüße", ""])
def test_rabbitmq_accepts_the_password_and_no_other(password):
    assert accepts(hashed(password), password)
    assert not accepts(hashed(password), password + "x")


def test_the_same_password_gives_the_same_hash_on_every_run():
    assert hashed("x") == hashed("x") != hashed("y")


def test_passwords_do_not_share_a_salt():
    assert len({base64.b64decode(hashed("password %d" % number))[:4] for number in range(50)}) == 50


def test_a_number_is_a_password_too():
    assert hashed(12345678) == hashed("12345678")
