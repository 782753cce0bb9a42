# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be issued, or installed from the user's files: judged on real certificates."""
from __future__ import annotations

import types

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from ansible_collections.steady.airflow.plugins.plugin_utils import _certificates, _due
from ansible_collections.steady.airflow.tests.unit.authorities import IDENTITY, NAMES, NOW, Authority, new_key, text

OURS, OTHER = Authority("ours"), Authority("other")
BETWEEN = OURS.below("between")
LOOSE = OURS.below("loose", without=x509.SubjectKeyIdentifier)
KEY = new_key()
GOOD = OURS.sign(KEY)
FITS = types.MappingProxyType({"owner": "etcd", "mode": "0600", "public": _certificates.key_digest(_certificates.read_all(GOOD)[0])})
WRONG = [
    ("garbage", FITS, "no certificate in PEM format can be read"),
    (GOOD, None, "its key is missing on the host"),
    (GOOD, dict(FITS, public="f00"), "the key on the host is another one's"),
    (GOOD, dict(FITS, public=""), "its key on the host is none of the kind ECDSA P-256"),
    (OURS.sign(rsa.generate_private_key(65537, 2048)), FITS, "the key on the host is another one's"),
    (GOOD, dict(FITS, mode="0644"), "its key belongs to etcd with mode 0644"),
    (GOOD, dict(FITS, owner="root"), "its key belongs to root with mode 0600"),
    (OTHER.sign(KEY), FITS, "no authority in tls_ca_certificate has signed it"),
    (BETWEEN.sign(KEY), FITS, "no authority in tls_ca_certificate has signed it"),
    (OURS.sign(KEY, days=-1), FITS, "it ended on 2026-05-31"),
    (OURS.sign(KEY, since=1), FITS, "it begins on 2026-06-02"),
    (OURS.sign(KEY, names=()), FITS, "it is not for %s" % ", ".join(NAMES)),
    (OURS.sign(KEY, names=NAMES[1:]), FITS, "it is not for DNS:node1"),
    (OURS.sign(KEY, uses=["serverAuth"]), FITS, "it is for other uses than serverAuth, clientAuth"),
    (OURS.sign(KEY, uses=[]), FITS, "it is for other uses than serverAuth, clientAuth"),
    (OURS.sign(KEY, strict=False), FITS, "it, or an authority below it, lacks what Python wants to see: authorityKeyIdentifier"),
    (LOOSE.sign(KEY) + text(LOOSE.certificate), FITS, "it, or an authority below it, lacks what Python wants to see: subjectKeyIdentifier"),
    (OURS.sign(KEY, name="node1"), FITS, "it is for the subject CN=node1, not for CN=etcd"),
]


def due(pem, key=FITS, trusted=text(OURS.certificate), days=30, signer=""):
    host = {"certificates": {} if pem is None else {"etcd": pem}, "keys": {"etcd": key} if key else {}}
    return [(each["why"], each["must"]) for each in _due.due([IDENTITY], host, trusted, days, key=signer, moment=NOW)]


def test_a_good_certificate_is_left_alone():
    assert due(GOOD) == []
    assert due(OTHER.sign(KEY), trusted=text(OURS.certificate) + text(OTHER.certificate)) == []
    assert due(BETWEEN.sign(KEY) + text(BETWEEN.certificate)) == []


def test_the_authority_whose_key_is_at_hand_signs_everything():
    both = text(OURS.certificate) + text(OTHER.certificate)
    assert due(GOOD, signer=text(OURS.key)) == []
    assert due(GOOD, trusted=both, signer=text(OTHER.key)) == [("another authority has signed it than the one of tls_ca_key", False)]


@pytest.mark.parametrize("signer", [text(OTHER.key), "garbage"])
def test_a_key_of_nobody_who_is_trusted_is_not_judged_here(signer):
    assert due(GOOD, signer=signer) == []


@pytest.mark.parametrize("pem, key, why", [(None, FITS, "there is none"), *WRONG])
def test_what_cannot_be_used_must_be_issued(pem, key, why):
    assert due(pem, key) == [(why, True)]


def test_what_ends_soon_can_wait():
    assert due(OURS.sign(KEY, days=29)) == [("it ends in 29 days", False)]
    assert due(OURS.sign(KEY, days=31)) == []


def test_what_is_for_more_names_than_needed_can_wait():
    assert due(OURS.sign(KEY, names=NAMES + ["IP:192.0.2.10"])) == [("it is for more names than %s" % ", ".join(NAMES), False)]


def test_a_new_one_that_ends_with_its_authority_is_no_better():
    short = Authority("short", days=20)
    assert due(short.sign(KEY, days=20), trusted=text(short.certificate)) == []


def test_an_authority_that_ended_is_not_trusted():
    ended = Authority("ended", days=-1)
    assert due(ended.sign(KEY), trusted=text(ended.certificate))[0][1] is True


def test_a_certificate_that_only_names_its_issuer_is_not_trusted():
    assert due(Authority("ours").sign(KEY)) == [("no authority in tls_ca_certificate has signed it", True)]


def test_who_is_no_authority_vouches_for_nobody():
    leaf = OURS.below("leaf", ca=False)
    assert due(leaf.sign(KEY) + text(leaf.certificate)) == [("no authority in tls_ca_certificate has signed it", True)]


def test_a_chain_is_good_for_as_long_as_its_weakest_part():
    between = OURS.below("between", days=10)
    assert due(between.sign(KEY) + text(between.certificate)) == [("it ends in 10 days", False)]


def test_without_a_look_everything_is_due():
    assert [each["name"] for each in _due.due([IDENTITY], {}, "", 30)] == ["etcd"]


def install(brought, pem=None, key=FITS, problem=""):
    host = {"certificates": {} if pem is None else {"etcd": pem}, "keys": {"etcd": key} if key else {}}
    given = {"etcd": {"file": "/d/etcd.crt", "text": brought, "problem": problem}}
    found = _due.due([IDENTITY], host, text(OURS.certificate), 30, given, moment=NOW)
    return [(each["why"], each["must"], each.get("certificate")) for each in found]


@pytest.mark.parametrize("pem", [None, "garbage", OURS.sign(KEY, days=-1), OURS.sign(KEY)])
def test_a_good_file_takes_the_place_of_what_the_host_has(pem):
    assert install(GOOD, pem) == [("", False, GOOD)]
    assert install(GOOD, GOOD) == install(GOOD, "\n" + GOOD + "\n") == []


def test_only_the_certificates_of_a_file_are_installed_with_those_above_them():
    chain = BETWEEN.sign(KEY) + text(BETWEEN.certificate)
    assert install("Bag Attributes\n" + chain + text(KEY)) == [("", False, chain)]
    assert install(chain + text(KEY), chain) == []


@pytest.mark.parametrize("brought, key, why", WRONG)
def test_a_file_that_cannot_be_used_is_refused_whatever_the_host_has(brought, key, why):
    for pem in (None, GOOD):
        assert install(brought, pem, key) == [(why, True, None)]


def test_an_absent_file_is_missed_only_where_the_hosts_own_is_not_good():
    assert install(None, GOOD) == []
    assert install(None, None, None) == [("there is none, and there is no such file", True, None)]
    assert install(None, OURS.sign(KEY, days=9)) == [("it ends in 9 days, and there is no such file", False, None)]


def test_a_file_that_ends_soon_is_installed_and_told():
    soon = OURS.sign(KEY, days=9)
    assert install(soon) == [("it ends in 9 days", False, soon)]
    assert install(soon, soon) == [("it ends in 9 days", False, None)]


def test_a_file_that_cannot_be_read_is_told_with_the_reason():
    assert install(None, GOOD, problem="Permission denied") == [("it cannot be read: Permission denied", True, None)]


def test_a_file_may_have_more_names_but_no_more_uses():
    more = OURS.sign(KEY, names=NAMES + ["DNS:node1.example.org"])
    assert install(more) == [("", False, more)]
    server = dict(IDENTITY, uses=["serverAuth"])
    given = {"etcd": {"file": "/d/etcd.crt", "text": GOOD, "problem": ""}}
    found = _due.due([server], {"keys": {"etcd": FITS}}, text(OURS.certificate), 30, given, moment=NOW)
    assert found[0]["why"] == "it is for other uses than serverAuth"


@pytest.mark.parametrize("more, problem, why", [
    ({}, "", ""),
    ({}, "key values mismatch", "key values mismatch"),
    ({"names": ["DNS:*.example.org", "IP:192.0.2.10"]}, "", ""),
    ({"names": ["DNS:*.org", "IP:192.0.2.11"]}, "", "it is not for airflow.example.org, 192.0.2.10"),
    ({"days": -1}, "", "it ended on 2026-05-31"),
    ({"since": 1}, "", "it begins on 2026-06-02"),
])
def test_a_certificate_of_the_users_is_judged_by_those_who_ask_for_it(more, problem, why):
    pem = OTHER.sign(KEY, **{"names": ["DNS:airflow.example.org", "IP:192.0.2.10"], **more})
    assert _due.unfit({"certificate": pem, "problem": problem}, ["airflow.example.org", "192.0.2.10"], NOW) == why


def test_without_a_certificate_there_is_nothing_to_judge():
    assert _due.unfit({"certificate": "", "problem": ""}, []) == "no certificate in PEM format can be read"
