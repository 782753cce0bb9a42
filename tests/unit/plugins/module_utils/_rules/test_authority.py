# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._rules import authority
from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import judge, line

GOOD = {"name": "CN=ours", "authority": True, "lacks": [], "days": 3650.0, "ends": "2036-05-29"}


def seen(key="absent", **changes):
    return {"given": True, "certificates": [dict(GOOD, **changes)], "key": key}


def found(told):
    return [(each["id"], each["severity"]) for each in judge(authority.RULES, {}, {"authority": told})]


def test_a_good_authority_needs_no_key():
    assert found(seen()) == found(seen(key="fits")) == found(None) == []


@pytest.mark.parametrize("told, identity, severity", [
    ({"given": False, "certificates": [], "key": "absent"}, "inventory-authority-missing", "error"),
    ({"given": True, "certificates": [], "key": "absent"}, "inventory-authority-unreadable", "error"),
    (seen(authority=False), "inventory-authority-none", "error"),
    (seen(lacks=["keyUsage"]), "inventory-authority-lacks", "error"),
    (seen(key="unreadable"), "inventory-authority-key-unreadable", "error"),
    (seen(key="foreign"), "inventory-authority-key-foreign", "error"),
    (seen(days=89.0), "inventory-authority-ends", "warning"),
])
def test_each_problem_has_an_id(told, identity, severity):
    assert found(told) == [(identity, severity)]


def test_an_end_of_one_is_a_warning_while_another_is_good():
    ended = dict(GOOD, days=-1.0)
    assert found({"given": True, "certificates": [ended, GOOD], "key": "absent"}) == [("inventory-authority-ends", "warning")]
    assert found({"given": True, "certificates": [ended], "key": "absent"})[0] == ("inventory-authority-ended", "error")


def test_the_remedy_of_a_missing_authority_is_that_of_secrets():
    missing = {"authority": {"given": False, "certificates": [], "key": "absent"}, "secrets_remedy": "make them"}
    assert next(authority.usable({}, missing))["remedy"] == "make them"


def due(must, can_issue):
    expected = {"name": "node1", "can_issue": can_issue, "certificates_due": [{"name": "etcd", "must": must, "why": "there is none"}]}
    return list(authority.due({"hostname": "h"}, expected))


def test_who_has_the_key_issues_without_a_word():
    assert due(True, True) == due(False, True) == list(authority.due({}, {})) == []


def test_who_lacks_the_key_is_told_for_which_host_and_why():
    assert line(due(True, False)[0]) == (
        "[host-certificate-due] node1: its certificate etcd must be issued: there is none; but tls_ca_key is not set "
        "-> give tls_ca_key to this run, for example with -e @authority_key.yml --ask-vault-pass")
    assert [(each["id"], each["severity"]) for each in due(False, False)] == [("host-certificate-ends", "warning")]


def brought(why, must):
    each = {"name": "etcd", "why": why, "must": must, "file": "/d/node1/etcd.crt"}
    return list(authority.due({"hostname": "h"}, {"name": "node1", "certificates_due": [each]}))


def test_who_brings_certificates_is_told_the_file_and_how_to_get_another():
    assert line(brought("it ended on 2026-05-31", True)[0]) == (
        "[host-certificate-due] node1: its certificate etcd (/d/node1/etcd.crt) must be replaced: it ended on 2026-05-31 "
        "-> run the playbook steady.airflow.certificate_requests, have the request etcd.csr beside that file signed as it is by an authority "
        "in tls_ca_certificate, and write the answer to the file, with the authorities between below it")
    assert [(each["id"], each["severity"]) for each in brought("it ends in 9 days", False)] == [("host-certificate-ends", "warning")]


def test_a_good_one_that_is_to_be_installed_is_no_finding():
    assert brought("", False) == []


def test_a_certificate_that_cannot_be_shown_is_told_with_its_variable():
    expected = {"name": "node1", "served_certificate": ["/d/a.crt", "it ended on 2026-05-31"]}
    assert [line(each) for each in authority.served({"hostname": "h"}, expected)] == [
        "[host-served-certificate-unfit] node1: /d/a.crt (haproxy_certificate_file) cannot be shown: it ended on 2026-05-31 "
        "-> put a good certificate there, and its key beside it as NAME.key, or correct haproxy_certificate_file"]


@pytest.mark.parametrize("expected", [{}, {"served_certificate": []}, {"served_certificate": ["/d/a.crt", ""]}])
def test_a_good_certificate_or_none_is_no_finding(expected):
    assert not list(authority.served({"hostname": "h"}, expected))
