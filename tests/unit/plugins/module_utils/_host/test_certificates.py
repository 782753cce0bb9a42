# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import getpass

import pytest
from cryptography.hazmat.primitives import serialization

from ansible_collections.steady.airflow.plugins.module_utils._host import certificates
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.authorities import Authority, new_key, text

KEY = new_key()
SIGNED = Authority().sign(KEY)
PKCS8 = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


@pytest.mark.parametrize("key, certificate, fits", [
    (text(KEY), SIGNED, True),
    (PKCS8, SIGNED, True),
    (text(new_key()), SIGNED, False),
    (text(KEY), "", False),
    ("", SIGNED, False),
    ("-----BEGIN EC PRIVATE KEY-----\nabc\n-----END", SIGNED, False),
])
def test_a_key_is_told_by_the_public_one_that_it_contains(key, certificate, fits):
    assert certificates.fits(key, certificate) is fits


def test_a_directory_is_told_without_the_content_of_keys(tmp_path):
    for name, content in {"etcd.crt": SIGNED, "ca.crt": "ca", "etcd.key": text(KEY), "lone.key": "", "README": ""}.items():
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o600)
    seen, keys = certificates.look(Files(str(tmp_path)), "/")
    assert seen == {"etcd": SIGNED, "ca": "ca"}
    assert keys == {
        "etcd": {"owner": getpass.getuser(), "mode": "0600", "fits": True},
        "lone": {"owner": getpass.getuser(), "mode": "0600", "fits": False}}


@pytest.mark.parametrize("directory", [None, "/none"])
def test_no_directory_is_no_certificate(tmp_path, directory):
    assert certificates.look(Files(str(tmp_path)), directory) == ({}, {})
