# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: keys that sign Airflow's tokens. Runs on the controller, to which ansible-core brings cryptography."""

from __future__ import annotations

import base64
import hashlib
import json
import re

try:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
except ImportError:  # only where a plugin is loaded by something else than a controller
    Ed25519PrivateKey = None

ALGORITHM = "EdDSA"
PEM = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)


def key_set(text):
    """The first key signs, all are trusted: C(private) as PEM text, and C(jwks), the JSON Web Key Set of all (RFC 7517).

    text: private keys (Ed25519) in PEM format, one below the other. Anything else is a ValueError that tells no key.
    """
    blocks = [match.group(0) for match in PEM.finditer(text or "")]
    if not blocks:
        raise ValueError("holds no private key in PEM format")
    public = [_public(number, block) for number, block in enumerate(blocks, 1)]
    return {"private": blocks[0] + "\n", "jwks": {"keys": public}}


def problem(text):
    """Why these keys cannot be used; empty if they can."""
    try:
        key_set(text)
    except ValueError as error:
        return str(error)
    return ""


def _public(number, block):
    try:
        key = serialization.load_pem_private_key(block.encode("utf-8"), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("its key %d is no Ed25519 key in PEM format without a passphrase" % number)
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    needed = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    return dict(needed, alg=ALGORITHM, use="sig", kid=_thumbprint(needed))


def _thumbprint(needed):
    """RFC 7638: the digest of what is needed to use the key."""
    return _base64url(hashlib.sha256(json.dumps(needed, separators=(",", ":"), sort_keys=True).encode("ascii")).digest())


def _base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
