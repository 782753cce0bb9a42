# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what certificates say. Runs on the controller, to which ansible-core brings cryptography."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress

from ansible_collections.steady.airflow.plugins.module_utils import _requests

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtensionOID, NameOID
except ImportError:  # only where a plugin is loaded by something else than a controller
    x509 = None

DAY = datetime.timedelta(days=1)


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def read_all(text):
    """All certificates of a PEM text; none where it cannot be read."""
    try:
        return x509.load_pem_x509_certificates((text or "").encode("utf-8"))
    except ValueError:
        return []


def has(certificate, oid):
    return any(each.oid == oid for each in certificate.extensions)


def lacks(certificate):
    """What a certificate must say to be accepted by who verifies strictly, as Python does from 3.13 on."""
    wanted = {"authorityKeyIdentifier": ExtensionOID.AUTHORITY_KEY_IDENTIFIER} if certificate.issuer != certificate.subject else {}
    if is_authority(certificate):
        wanted.update(subjectKeyIdentifier=ExtensionOID.SUBJECT_KEY_IDENTIFIER, keyUsage=ExtensionOID.KEY_USAGE)
    return [name for name, oid in wanted.items() if not has(certificate, oid)]


def key_digest(certificate):
    """Whose certificate it is, as host_info tells a key's own; empty for one that is not ECDSA."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return ""
    return hashlib.sha256(key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)).hexdigest()


def is_authority(certificate):
    try:
        return certificate.extensions.get_extension_for_oid(ExtensionOID.BASIC_CONSTRAINTS).value.ca
    except x509.ExtensionNotFound:
        return False


def pem_of(certificates):
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode("ascii") for each in certificates)


def issuer_of(authorities, key):
    """The certificate among those trusted that belongs to the authority's key; None if there is none."""
    return next((each for each in authorities if _requests.public(each) == _requests.public(key)), None)


def authority(certificates, key, moment=None):
    """What is known of the authority, for the rules: its certificates, and V(absent), V(unreadable), V(foreign) or V(fits) of its key."""
    moment = moment or now()
    trusted = read_all(certificates)
    private = _requests.read_key(key) if key else None
    if not key:
        told = "absent"
    elif private is None:
        told = "unreadable"
    else:
        told = "fits" if issuer_of(trusted, private) else "foreign"
    return {
        "given": bool(certificates),
        "certificates": [
            {
                "name": each.subject.rfc4514_string(),
                "authority": is_authority(each),
                "lacks": lacks(each),
                "days": (each.not_valid_after_utc - moment) / DAY,
                "ends": each.not_valid_after_utc.strftime("%Y-%m-%d"),
            }
            for each in trusted
        ],
        "key": told,
    }


def issuer(certificates, key, days, moment=None):
    """Who signs: C(certificate) as PEM, and C(until), the end of what it signs now, which is never after its own."""
    moment = moment or now()
    private = _requests.read_key(key)
    found = issuer_of(read_all(certificates), private) if private else None
    if found is None:
        raise ValueError("tls_ca_key is the key of no certificate in tls_ca_certificate")
    end = min(moment + days * DAY, found.not_valid_after_utc)
    return {"certificate": pem_of([found]), "until": end.strftime("%Y%m%d%H%M%SZ")}


def names_of(certificate):
    try:
        return set(certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value)
    except x509.ExtensionNotFound:
        return set()


def is_for(certificate, name):
    """Whether it vouches for this name or address; C(*.) stands for one label."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name)) in names_of(certificate)
    except ValueError:
        any_of_them = "*." + name.partition(".")[2]
        return not names_of(certificate).isdisjoint([x509.DNSName(name), x509.DNSName(any_of_them)])


def uses_of(certificate):
    try:
        return set(certificate.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value)
    except x509.ExtensionNotFound:
        return set()


def common_names_of(certificate):
    return [each.value for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]


def is_signed_by(certificate, one):
    try:
        certificate.verify_directly_issued_by(one)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def leads_to(trusted, certificate, between):
    """Whether one that is trusted signed the certificate, or signed one of those between that did."""
    if any(is_signed_by(certificate, one) for one in trusted):
        return True
    return any(
        is_authority(one) and is_signed_by(certificate, one) and leads_to(trusted, one, [other for other in between if other is not one])
        for one in between)


def request_problems(text, identity):
    """What a host asks for beyond its own identity. The authority signs what a request says, so it must say no more."""
    try:
        request = x509.load_pem_x509_csr(text.encode("utf-8"))
    except ValueError:
        return ["it cannot be read"]
    problems = []
    if not request.is_signature_valid:
        problems.append("it is not signed with its own key")
    if [(each.oid, each.value) for each in request.subject] != [(NameOID.COMMON_NAME, identity["name"])]:
        problems.append("it is for the subject %s" % request.subject.rfc4514_string())
    if {each.oid: each.value for each in request.extensions} != {each.oid: each for each, _critical in _requests.extensions(identity)}:
        problems.append("its names or uses are not those of %s" % identity["name"])
    return problems
