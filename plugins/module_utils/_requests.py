# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: private keys, and requests for certificates. Runs on hosts and the controller; cryptography may be as old as 38."""

from __future__ import annotations

import ipaddress
import traceback

try:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
    MISSING = None
except ImportError:
    MISSING = traceback.format_exc()

NO_OTHER_USAGE = dict.fromkeys((
    "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
    "decipher_only"), False)


def key_in(path):
    """PEM text of the ECDSA P-256 key in this file, as it is there; of a new one where there is none without a passphrase."""
    try:
        with open(path, encoding="utf-8", errors="replace") as opened:
            text = opened.read()
    except FileNotFoundError:
        return _new_key()
    return text if isinstance(getattr(read_key(text), "curve", None), ec.SECP256R1) else _new_key()


def read_key(text):
    """The private key of a PEM text without a passphrase, or None."""
    try:
        return serialization.load_pem_private_key(text.encode("utf-8"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def public(one):
    """The public key of a private key, certificate or request, to be compared."""
    return one.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _new_key():
    """In OpenSSL's own format, which everything that we configure reads."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()).decode("ascii")


def request(key, identity, made=()):
    """PEM text of a request with this key; one of those made before, as it is, that asks for the same.

    ValueError names what cannot be asked for.
    """
    new = _builder(identity).sign(read_key(key), hashes.SHA256())
    return next((text for text in made if _says(_read(text)) == _says(new)), None) or _pem(new)


def general_names(names):
    """Names as OpenSSL writes them (DNS:node1, IP:192.0.2.11) as the library has them. ValueError names one that is none."""
    return [_name(text) for text in names]


def _name(text):
    kind, _colon, value = text.partition(":")
    if kind == "DNS":
        return x509.DNSName(value)
    if kind == "IP":
        return x509.IPAddress(ipaddress.ip_address(value))
    raise ValueError("%s is no name for a certificate: write DNS:NAME or IP:ADDRESS" % text)


def extended_uses(uses):
    """Uses as OpenSSL writes them (serverAuth) as the library has them."""
    kinds = {"serverAuth": ExtendedKeyUsageOID.SERVER_AUTH, "clientAuth": ExtendedKeyUsageOID.CLIENT_AUTH}
    return [kinds[use] for use in uses]


def extensions(identity):
    """All that a request of this identity says beside its subject: pairs of an extension, and whether it is critical."""
    return [
        (x509.SubjectAlternativeName(general_names(identity["names"])), False),
        (x509.KeyUsage(digital_signature=True, **NO_OTHER_USAGE), True),
        (x509.ExtendedKeyUsage(extended_uses(identity["uses"])), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
    ]


def _builder(identity):
    builder = x509.CertificateSigningRequestBuilder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, identity["name"])]))
    for extension, critical in extensions(identity):
        builder = builder.add_extension(extension, critical)
    return builder


def _read(text):
    try:
        found = x509.load_pem_x509_csr(text.encode("utf-8"))
    except ValueError:
        return None
    return found if found.is_signature_valid else None


def _says(csr):
    """What a request asks for, and with which key; None of one that cannot be read."""
    if csr is None:
        return None
    return public(csr), csr.subject, {(each.oid, each.critical, each.value) for each in csr.extensions}


def _pem(csr):
    return csr.public_bytes(serialization.Encoding.PEM).decode("ascii")
