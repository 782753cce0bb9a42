# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who issues, and what a host may ask for: judged on real certificates."""
from __future__ import annotations

import base64

import pytest
from cryptography import x509

from ansible_collections.steady.airflow.plugins.plugin_utils import _certificates
from ansible_collections.steady.airflow.tests.unit.authorities import DAY, IDENTITY, NAMES, NOW, Authority, certificate, new_key, request, text

OURS, OTHER = Authority("ours"), Authority("other")
KEY = new_key()


@pytest.mark.parametrize("key, told", [
    ("", "absent"), ("garbage", "unreadable"), (text(OURS.key), "fits"), (text(OTHER.key), "foreign")])
def test_the_authority_is_told_for_the_rules(key, told):
    seen = _certificates.authority(text(OURS.certificate), key, NOW)
    assert seen == {
        "given": True, "key": told,
        "certificates": [{"name": "CN=ours", "authority": True, "lacks": [], "days": 3650.0, "ends": "2036-05-29"}]}


def test_a_certificate_of_no_authority_is_told_as_such():
    leaf = certificate("leaf", KEY, "leaf", KEY, 10)
    seen = _certificates.authority(text(leaf) + text(Authority(ca=False).certificate), "")
    assert [each["authority"] for each in seen["certificates"]] == [False, False]
    assert _certificates.authority("", "") == {"given": False, "certificates": [], "key": "absent"}


def test_what_python_wants_of_an_authority_is_told():
    loose = Authority(without=(x509.KeyUsage, x509.SubjectKeyIdentifier))
    assert _certificates.authority(text(loose.certificate), "")["certificates"][0]["lacks"] == ["subjectKeyIdentifier", "keyUsage"]


def test_the_one_whose_key_is_given_signs_but_never_beyond_its_own_end():
    bundle = text(OTHER.certificate) + text(OURS.certificate)
    assert _certificates.issuer(bundle, text(OURS.key), 397, NOW) == {
        "certificate": text(OURS.certificate), "until": (NOW + 397 * DAY).strftime("%Y%m%d%H%M%SZ")}
    short = Authority("short", days=20)
    assert _certificates.issuer(text(short.certificate), text(short.key), 397)["until"] == (NOW + 20 * DAY).strftime("%Y%m%d%H%M%SZ")


@pytest.mark.parametrize("key", ["garbage", text(OTHER.key)])
def test_nobody_signs_with_another_key(key):
    with pytest.raises(ValueError, match="is the key of no certificate"):
        _certificates.issuer(text(OURS.certificate), key, 397)


def test_a_request_for_no_more_than_an_identity_is_signed():
    assert _certificates.request_problems(text(request(KEY)), IDENTITY) == []


@pytest.mark.parametrize("wish", [
    {"ca": True},
    {"names": NAMES + ["DNS:node2"]},
    {"names": ["DNS:node2"]},
    {"usage": ("digital_signature", "key_cert_sign")},
    {"more": (x509.IssuerAlternativeName([x509.DNSName("x")]),)},
])
def test_a_request_for_anything_else_is_refused(wish):
    assert _certificates.request_problems(text(request(KEY, **wish)), IDENTITY) == ["its names or uses are not those of etcd"]


def test_other_problems_of_requests():
    assert _certificates.request_problems("garbage", IDENTITY) == ["it cannot be read"]
    assert _certificates.request_problems(text(request(KEY, name="patroni")), IDENTITY) == ["it is for the subject CN=patroni"]
    lines = text(request(KEY)).splitlines()
    raw = bytearray(base64.b64decode("".join(lines[1:-1])))
    raw[-1] ^= 1
    forged = "\n".join([lines[0], base64.b64encode(raw).decode(), lines[-1]])
    assert "it is not signed with its own key" in _certificates.request_problems(forged, IDENTITY)
