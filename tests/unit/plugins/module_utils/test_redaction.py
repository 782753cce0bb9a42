# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils import _redaction

KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHjX\n-----END PRIVATE KEY-----\n"
KNOWN = _redaction.forms(["pa/ss w+rd%@x", "short", KEY])


@pytest.mark.parametrize("text, wanted", [
    ("before pa/ss w+rd%@x after", "before [removed] after"),
    ("amqps://airflow:pa%2Fss%20w%2Brd%25%40x@node1", "amqps://airflow:[removed]@node1"),
    ("x=pa%2Fss+w%2Brd%25%40x;", "x=[removed];"),
    ("a line of a key: MC4CAQAwBQYDK2VwBCIEIHjX", "a line of a key: [removed]"),
    ("one with postgresql+psycopg://airflow:never-told@192.0.2.1/airflow", "one with postgresql+psycopg://airflow:[removed]@192.0.2.1/airflow"),
    ("password: never-told", "password: [removed]"),
    ("fernet_key = never-told", "fernet_key = [removed]"),
    ("'rest_password': 'never-told'", "'rest_password': '[removed]'"),
    ('{"jwt_secret": "never-told"}', '{"jwt_secret": "[removed]"}'),
    ("  auth_pass never-told", "  auth_pass [removed]"),
    ("-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----\nafter", "[removed]\nafter"),
    ("-----BEGIN PRIVATE KEY-----\ncut off", "[removed]"),
])
def test_a_secret_is_taken_out(text, wanted):
    assert _redaction.redacted(text, KNOWN) == wanted


@pytest.mark.parametrize("text", [
    "password authentication failed for user airflow", "token expired", "jwt_private_key_path = /etc/airflow/jwt.key", "https://192.0.2.1:8080/api",
    "short words stay", "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----"])
def test_what_is_none_stays(text):
    assert _redaction.redacted(text, KNOWN) == text


def test_what_was_taken_out_stays_so():
    text = _redaction.redacted("password = never-told", KNOWN)
    assert _redaction.redacted(text, KNOWN) == text


def test_a_text_that_holds_one_in_any_form_is_known():
    assert _redaction.held("x pa%2Fss%20w%2Brd%25%40x", KNOWN) == 1
    assert _redaction.held("nothing", KNOWN) == 0
