# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that services show to others, and how long they count."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils import _certificates
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.catalogue import RULES
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.certificates import Certificate
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.judge import judge
from ansible_collections.steady.airflow.tests.unit import authorities

PATH = "/etc/etcd/server.pem"


@pytest.fixture(autouse=True)
def that_day(monkeypatch):
    monkeypatch.setattr(_certificates, "now", lambda: authorities.NOW + datetime.timedelta(hours=1))


def of(days, since=-900):
    key = authorities.new_key()
    return authorities.text(authorities.certificate("node1", key, "authority", key, days, since=since))


def judged(pem, problem=""):
    return judge(RULES, {"certificate": [Certificate("node1", {"path": PATH, "certificate": pem, "problem": problem})]})


@pytest.mark.parametrize(("days", "since", "expected"), [
    (365, -900, set()),
    (13, -900, {("certificate-ends", "it ends on 2026-06-14")}),
    (-3, -900, {("certificate-ended", "it ended on 2026-05-29")}),
    (365, 2, {("certificate-early", "it counts from 2026-06-03 on")}),
])
def test_a_certificate_counts_for_a_time(days, since, expected):
    found = judged(of(days, since))["findings"]
    assert {(each["id"], each["evidence"]) for each in found} == expected
    assert {each["member"] for each in found} <= {"node1 " + PATH}


@pytest.mark.parametrize(("pem", "problem"), [("", PATH + " may not be read"), ("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", "")])
def test_one_that_cannot_be_read_is_unknown(pem, problem):
    found = judged(pem, problem)
    assert found["findings"] == []
    assert {each["reason"] for each in found["unknown"]} == {problem or "node1 %s cannot be read" % PATH}
