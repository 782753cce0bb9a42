# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import getpass

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ansible_collections.steady.airflow.plugins.module_utils._host import certificates
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.plugins.plugin_utils._certificates import key_digest, read_all
from ansible_collections.steady.airflow.tests.unit.authorities import Authority, new_key, text

KEY = new_key()
SIGNED = Authority().sign(KEY)
DIGEST = key_digest(read_all(SIGNED)[0])  # as the controller computes it
PKCS8 = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


@pytest.mark.parametrize("key, digest", [
    (text(KEY), DIGEST),
    (PKCS8, DIGEST),
    (text(rsa.generate_private_key(65537, 2048)), ""),
    ("", ""),
    ("-----BEGIN EC PRIVATE KEY-----\nabc\n-----END", ""),
])
def test_a_key_is_told_by_the_public_one_that_it_contains(key, digest):
    assert certificates.public(key) == digest


def test_a_directory_is_told_without_the_content_of_keys(tmp_path):
    for name, content in {"etcd.crt": SIGNED, "ca.crt": "ca", "etcd.key": text(KEY), "lone.key": "", "README": ""}.items():
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o600)
    seen, keys = certificates.look(Files(str(tmp_path)), "/")
    assert seen == {"etcd": SIGNED, "ca": "ca"}
    assert keys == {
        "etcd": {"owner": getpass.getuser(), "mode": "0600", "public": DIGEST},
        "lone": {"owner": getpass.getuser(), "mode": "0600", "public": ""}}


@pytest.mark.parametrize("directory", [None, "/none"])
def test_no_directory_is_no_certificate(tmp_path, directory):
    assert certificates.look(Files(str(tmp_path)), directory) == ({}, {})


@pytest.fixture(name="serve")
def served_from(tmp_path):
    def serve(**content):
        for name, each in content.items():
            (tmp_path / name.replace("_", ".")).write_text(each)
        return certificates.served(Files(str(tmp_path)), ["/a.crt"])["/a.crt"]

    return serve


def test_a_certificate_is_served_with_its_key_beside_it_or_in_the_same_file(serve):
    assert serve(a_crt=SIGNED + text(KEY)) == {"certificate": SIGNED, "problem": ""}
    assert serve(a_crt=SIGNED, a_key=text(KEY)) == {"certificate": SIGNED, "problem": ""}


def test_what_cannot_be_served_is_told_with_the_reason(serve):
    locked = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"a")).decode()
    assert serve() == {"certificate": "", "problem": "No such file or directory"}
    assert serve(a_crt=SIGNED)["problem"]
    assert serve(a_crt=SIGNED, a_key=text(new_key()))["problem"] == "key values mismatch"
    assert serve(a_crt=SIGNED, a_key=locked)["problem"]
    assert serve(a_crt="none", a_key=text(KEY))["problem"]
