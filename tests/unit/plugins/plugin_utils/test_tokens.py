# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which key signs and which are trusted, judged on real keys and on an example of the standard."""
from __future__ import annotations

import base64

import pytest
from ansible.errors import AnsibleFilterError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from ansible_collections.steady.airflow.plugins.filter.tokens import jwt_key_set
from ansible_collections.steady.airflow.plugins.plugin_utils import _tokens
from ansible_collections.steady.airflow.tests.unit.authorities import new_key, text


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


NEW, OLD = (pem(ed25519.Ed25519PrivateKey.generate()) for _each in range(2))


def test_the_first_key_signs_and_all_are_trusted():
    found = _tokens.key_set(NEW + "\n" + OLD)
    assert found["private"] == NEW
    assert found["jwks"]["keys"] == [_tokens.key_set(one)["jwks"]["keys"][0] for one in (NEW, OLD)]


def test_the_private_part_is_not_told():
    [key] = _tokens.key_set(NEW)["jwks"]["keys"]
    assert sorted(key) == ["alg", "crv", "kid", "kty", "use", "x"]


def test_the_id_is_that_of_the_standards_example():
    """RFC 8037, appendices A.1 and A.3."""
    raw = base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    found = _tokens.key_set(pem(ed25519.Ed25519PrivateKey.from_private_bytes(raw)))
    assert found["jwks"]["keys"][0]["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert found["jwks"]["keys"][0]["kid"] == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(("keys", "told"), [
    ("", "holds no private key in PEM format"),
    (None, "holds no private key in PEM format"),
    ("a password", "holds no private key in PEM format"),
    (text(new_key()), "its key 1 is no Ed25519 key in PEM format without a passphrase"),
    (NEW + NEW.replace("M", "!"), "its key 2 is no Ed25519 key in PEM format without a passphrase"),
])
def test_what_cannot_be_used_is_told(keys, told):
    assert _tokens.problem(keys) == told
    with pytest.raises(AnsibleFilterError, match=told):
        jwt_key_set(keys)


def test_nothing_is_told_of_keys_that_can_be_used():
    assert _tokens.problem(NEW + OLD) == ""
