# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real authorities, requests and certificates, made for one test."""
from __future__ import annotations

import datetime
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.steady.airflow.plugins.module_utils._requests import extended_uses, general_names

NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
NAMES = ["DNS:node1", "IP:192.0.2.11", "DNS:localhost", "IP:127.0.0.1"]
USES = ("serverAuth", "clientAuth")
IDENTITY = {"name": "etcd", "owner": "etcd", "names": NAMES, "uses": list(USES), "subject": "etcd"}
USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
          "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def text(thing):
    """As PEM."""
    if hasattr(thing, "private_bytes"):
        return thing.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()).decode()
    return thing.public_bytes(serialization.Encoding.PEM).decode()


def subject(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(name, key, issuer_name, issuer_key, days, extensions=(), since=-900):
    builder = x509.CertificateBuilder(
        subject(issuer_name), subject(name), key.public_key(), x509.random_serial_number(), NOW + since * DAY, NOW + days * DAY)
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return builder.sign(issuer_key, hashes.SHA256())


class Authority:
    def __init__(self, name="authority", days=3650, ca=True, above=None, without=()):
        self.key = new_key()
        self.name = name
        signer = above or self
        extensions = [
            (x509.BasicConstraints(ca=ca, path_length=None), True),
            (x509.KeyUsage(**{each: each == "key_cert_sign" for each in USAGES}), True),
            (x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), False),
        ]
        self.certificate = certificate(
            name, self.key, signer.name, signer.key, days, [each for each in extensions if not isinstance(each[0], without)])

    def below(self, name, **more):
        """An authority that this one vouches for."""
        return Authority(name, above=self, **more)

    def sign(self, key, days=300, names=tuple(NAMES), name="etcd", uses=USES, since=-900, strict=True):
        extensions = [(x509.SubjectAlternativeName(general_names(names)), False)] if names else []
        extensions += [(x509.ExtendedKeyUsage(extended_uses(uses)), False)] if uses else []
        extensions += [(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)] if strict else []
        return text(certificate(name, key, self.name, self.key, days, extensions, since))


def request(key, name="etcd", names=tuple(NAMES), usage=("digital_signature",), ca=False, more=(), uses=USES):
    builder = x509.CertificateSigningRequestBuilder(subject(name))
    usages = {each: each in usage for each in USAGES}
    for value in (
        x509.SubjectAlternativeName(general_names(names)), x509.KeyUsage(**usages),
        x509.ExtendedKeyUsage(extended_uses(uses)),
        x509.BasicConstraints(ca=ca, path_length=None), *more,
    ):
        builder = builder.add_extension(value, critical=False)
    return builder.sign(key, hashes.SHA256())


def unfit_server(directory):
    """What a server needs to speak TLS, with a certificate that ended and is for another address."""
    key = new_key()
    (directory / "server.pem").write_text(Authority().sign(key, days=-1, names=["DNS:elsewhere"]) + text(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "server.pem")
    return context
