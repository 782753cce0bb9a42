# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module certificate_requests as a whole, with real keys below a directory of the test."""
from __future__ import annotations

import getpass
import grp
import os

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ansible_collections.steady.airflow.plugins.module_utils import _requests
from ansible_collections.steady.airflow.plugins.modules import certificate_requests
from ansible_collections.steady.airflow.plugins.plugin_utils._certificates import request_problems
from ansible_collections.steady.airflow.tests.unit.stage import result_of

ETCD = {"name": "etcd", "names": ["DNS:node1", "IP:192.0.2.11"], "uses": ["serverAuth", "clientAuth"], "why": "there is none"}
AIRFLOW = {"name": "airflow", "names": ["DNS:node1"], "uses": ["serverAuth"]}


@pytest.fixture(name="ask")
def asked(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(certificate_requests._files, "_wish", _as_this_user)

    def ask(*identities, **options):
        wanted = [dict({"owner": getpass.getuser()}, **identity) for identity in identities]
        return result_of(certificate_requests.main, capsys, directory=str(tmp_path / "tls"), wanted=wanted, **options)

    return ask


def _as_this_user(module, wanted):
    """Owner and group root are for root alone; the mode is judged below."""
    plain = dict.fromkeys(("seuser", "serole", "selevel", "setype", "attributes"))
    group = grp.getgrgid(os.getgid()).gr_name
    plain.update(path=wanted["path"], owner=getpass.getuser(), group=group, mode=wanted["mode"])
    return module.load_file_common_arguments(plain, path=wanted["path"])


def test_each_request_asks_for_what_was_wanted_and_no_more(ask):
    found = ask(ETCD, AIRFLOW)
    assert found["changed"] is True
    assert [request_problems(text, identity) for text, identity in zip(found["requests"], (ETCD, AIRFLOW))] == [[], []]


def test_a_key_is_for_its_reader_alone(ask, tmp_path):
    ask(ETCD)
    assert oct(os.stat(str(tmp_path / "tls" / "etcd.key")).st_mode & 0o777) == "0o600"
    assert oct(os.stat(str(tmp_path / "tls")).st_mode & 0o777) == "0o755"


def test_check_mode_writes_nothing(ask, tmp_path):
    assert ask(ETCD, _ansible_check_mode=True)["changed"] is True
    assert not (tmp_path / "tls").exists()


def test_no_key_is_returned(ask, tmp_path):
    found = ask(ETCD)
    secret = (tmp_path / "tls" / "etcd.key").read_text().splitlines()[1]
    assert secret not in "%s" % found


def test_a_key_that_is_there_stays(ask, tmp_path):
    ask(ETCD)
    before = (tmp_path / "tls" / "etcd.key").read_text()
    assert ask(ETCD)["changed"] is False
    assert (tmp_path / "tls" / "etcd.key").read_text() == before


def test_a_key_in_another_format_stays_as_it_is(ask, tmp_path):
    ask(ETCD)
    path = tmp_path / "tls" / "etcd.key"
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    path.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    assert ask(ETCD)["changed"] is False
    assert "BEGIN PRIVATE KEY" in path.read_text()


def rsa_key():
    return rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


@pytest.mark.parametrize("content", ["", "no key at all", rsa_key()], ids=["empty", "text", "rsa"])
def test_what_is_no_such_key_is_replaced(ask, tmp_path, content):
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "etcd.key").write_text(content)
    found = ask(ETCD)
    assert found["changed"] is True
    assert request_problems(found["requests"][0], ETCD) == []


def test_a_request_that_was_made_before_stays_while_it_fits(ask):
    before = ask(ETCD)["requests"]
    assert ask(ETCD, made=["broken", *before])["requests"] == before
    assert ask(ETCD)["requests"] != before, "two signatures differ"


@pytest.mark.parametrize("other", [{"names": ["DNS:node2"]}, {"uses": ["serverAuth"]}])
def test_a_request_for_something_else_is_made_anew(ask, other):
    before = ask(ETCD)["requests"]
    now = dict(ETCD, **other)
    found = ask(now, made=before)["requests"]
    assert found != before and request_problems(found[0], now) == []


def test_a_request_with_another_key_is_made_anew(ask, tmp_path):
    before = ask(ETCD)["requests"]
    (tmp_path / "tls" / "etcd.key").unlink()
    assert ask(ETCD, made=before)["requests"] != before


def test_a_name_of_no_kind_is_told(ask):
    found = ask(dict(ETCD, names=["node1"]))
    assert found["failed"] and found["msg"] == "node1 is no name for a certificate: write DNS:NAME or IP:ADDRESS"


def test_a_directory_that_cannot_be_written_is_told(ask, tmp_path):
    (tmp_path / "tls").write_text("a file")
    found = ask(ETCD)
    assert found["failed"] and "tls cannot be written: File exists" in found["msg"]


def test_a_host_without_the_library_is_told(ask, monkeypatch):
    monkeypatch.setattr(_requests, "MISSING", "ImportError")
    assert "cryptography" in ask(ETCD)["msg"]
