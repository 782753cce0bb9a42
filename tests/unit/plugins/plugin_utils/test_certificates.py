# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be issued, by whom, and what a host may ask for: judged on real certificates."""
from __future__ import annotations

import base64
import types

import pytest
from cryptography import x509

from ansible_collections.steady.airflow.plugins.plugin_utils import _certificates
from ansible_collections.steady.airflow.tests.unit.authorities import DAY, IDENTITY, NAMES, NOW, Authority, certificate, new_key, request, text

OURS, OTHER = Authority("ours"), Authority("other")
KEY = new_key()
FITS = types.MappingProxyType({"owner": "etcd", "mode": "0600", "fits": True})


def due(pem, key=FITS, trusted=text(OURS.certificate), days=30):
    host = {"certificates": {} if pem is None else {"etcd": pem}, "keys": {"etcd": key} if key else {}}
    return [(each["why"], each["must"]) for each in _certificates.due([IDENTITY], host, trusted, days, NOW)]


def test_a_good_certificate_is_left_alone():
    assert due(OURS.sign(KEY)) == []
    assert due(OTHER.sign(KEY), trusted=text(OURS.certificate) + text(OTHER.certificate)) == []


@pytest.mark.parametrize("pem, key, why", [
    (None, FITS, "there is none"),
    ("garbage", FITS, "it cannot be read"),
    (OURS.sign(KEY), None, "its key is missing"),
    (OURS.sign(KEY), dict(FITS, fits=False), "the key beside it is another one's"),
    (OURS.sign(KEY), dict(FITS, mode="0644"), "its key belongs to etcd with mode 0644"),
    (OURS.sign(KEY), dict(FITS, owner="root"), "its key belongs to root with mode 0600"),
    (OTHER.sign(KEY), FITS, "no authority in tls_ca_certificate has signed it"),
    (OURS.sign(KEY, days=-1), FITS, "it ended on 2026-05-31"),
    (OURS.sign(KEY, names=()), FITS, "it is for other names than %s" % ", ".join(NAMES)),
    (OURS.sign(KEY, uses=["serverAuth"]), FITS, "it is for other uses than serverAuth, clientAuth"),
    (OURS.sign(KEY, uses=[]), FITS, "it is for other uses than serverAuth, clientAuth"),
    (OURS.sign(KEY, names=NAMES + ["IP:192.0.2.10"]), FITS, "it is for other names than %s" % ", ".join(NAMES)),
])
def test_what_cannot_be_used_must_be_issued(pem, key, why):
    assert due(pem, key) == [(why, True)]


def test_what_ends_soon_can_wait():
    assert due(OURS.sign(KEY, days=29)) == [("it ends in 29 days", False)]
    assert due(OURS.sign(KEY, days=31)) == []


def test_a_new_one_that_ends_with_its_authority_is_no_better():
    short = Authority("short", days=20)
    assert due(short.sign(KEY, days=20), trusted=text(short.certificate)) == []


def test_an_authority_that_ended_is_not_trusted():
    ended = Authority("ended", days=-1)
    assert due(ended.sign(KEY), trusted=text(ended.certificate))[0][1] is True


def test_a_certificate_that_only_names_its_issuer_is_not_trusted():
    assert due(Authority("ours").sign(KEY)) == [("no authority in tls_ca_certificate has signed it", True)]


def test_without_a_look_everything_is_due():
    assert [each["name"] for each in _certificates.due([IDENTITY], {}, "", 30)] == ["etcd"]


@pytest.mark.parametrize("key, told", [
    ("", "absent"), ("garbage", "unreadable"), (text(OURS.key), "fits"), (text(OTHER.key), "foreign")])
def test_the_authority_is_told_for_the_rules(key, told):
    seen = _certificates.authority(text(OURS.certificate), key, NOW)
    assert seen == {
        "given": True, "key": told,
        "certificates": [{"name": "CN=ours", "authority": True, "days": 3650.0, "ends": "2036-05-29"}]}


def test_a_certificate_of_no_authority_is_told_as_such():
    leaf = certificate("leaf", KEY, "leaf", KEY, 10)
    seen = _certificates.authority(text(leaf) + text(Authority(ca=False).certificate), "")
    assert [each["authority"] for each in seen["certificates"]] == [False, False]
    assert _certificates.authority("", "") == {"given": False, "certificates": [], "key": "absent"}


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
