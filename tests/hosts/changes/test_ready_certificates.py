# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that another authority signed: requests come out, files are judged, good ones are installed.

Only etcd's on one host are asked for and replaced, so that each run is short. The deployment's own authority plays the other one.
"""

from __future__ import annotations

import datetime
import ssl

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

NODE, NAME = "node1", "etcd"
ON_HOST = f"/etc/steady-airflow/tls/{NAME}.crt"
DAY = datetime.timedelta(days=1)


@pytest.fixture(name="play", scope="module")
def run_of_a_playbook(playbook, tmp_path_factory):
    """Runs a playbook for one host without the authority's key; returns its status and what it printed. Files are in its ready."""
    ready = tmp_path_factory.mktemp("ready")
    others = ready / "others.yml"
    others.write_text(yaml.safe_dump({"tls_ready_directory": str(ready), "tls_ca_key": ""}), encoding="utf-8")

    def run(name, *arguments):
        return playbook(name, "--limit", NODE, "-e", f"@{others}", *arguments)

    run.ready = ready / NODE
    return run


@pytest.fixture(name="requests", scope="module")
def requests_of_the_host(play):
    status, text = play("certificate_requests", "--tags", "tls")
    assert status == 0, text[-3000:]
    return {path.stem: x509.load_pem_x509_csr(path.read_bytes()) for path in play.ready.glob("*.csr")}


@pytest.fixture(name="signed", scope="module")
def sign_as_the_authority(authority, variables, requests):
    """Signs the request of one certificate, as it is or with other names or uses, for some days."""
    one = x509.load_pem_x509_certificate(authority.encode())
    key = load_pem_private_key(variables("authority_key.yml")["tls_ca_key"].encode(), None)

    def sign(days=200, instead=()):
        request = requests[NAME]
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder(
            one.subject, request.subject, request.public_key(), x509.random_serial_number(), now - 400 * DAY, now + days * DAY)
        for each in request.extensions:
            other = next((value for value in instead if value.oid == each.oid), each.value)
            builder = builder.add_extension(other, each.critical)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    return sign


def test_each_host_asks_for_its_certificates_by_keys_that_stay_there(nodes, requests, play, addresses):
    assert sorted(requests) == ["airflow", "etcd", "haproxy", "patroni", "rabbitmq"]
    assert addresses[NODE] in str(requests[NAME].extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    assert not list(play.ready.glob("*.key"))
    here = x509.load_pem_x509_certificate(nodes[NODE].file(ON_HOST).content)
    assert here.public_key() == requests[NAME].public_key()


@pytest.mark.parametrize("told, wish", [
    ("it ended on", {"days": -1}),
    ("it is not for", {"instead": [x509.SubjectAlternativeName([x509.DNSName("elsewhere")])]}),
    ("it is for other uses than", {"instead": [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])]}),
])
def test_a_wrong_file_is_refused_before_a_host_is_touched(nodes, play, signed, told, wish):
    before = nodes[NODE].file(ON_HOST).sha256sum
    (play.ready / f"{NAME}.crt").write_text(signed(**wish), encoding="utf-8")
    status, text = play("preflight")
    assert status != 0
    assert f"host-certificate-due] {NODE}: its certificate {NAME} ({play.ready}/{NAME}.crt) must be replaced: {told}" in text
    assert nodes[NODE].file(ON_HOST).sha256sum == before


def test_a_good_file_is_installed_and_told_if_it_ends_soon(nodes, addresses, play, signed):
    before = nodes[NODE].file(ON_HOST).content_string
    pem = signed(days=20)
    (play.ready / f"{NAME}.crt").write_text(pem, encoding="utf-8")
    try:
        status, text = play("site", "--tags", "tls")
        assert status == 0, text[-3000:]
        assert "should be replaced: it ends in 19 days" in text
        assert nodes[NODE].file(ON_HOST).content_string == pem
        assert ssl.get_server_certificate((addresses[NODE], 2379)).strip() == pem.strip()  # etcd reads it at each handshake
        status, text = play("site", "--tags", "tls")
        assert (status, "changed=0" in text) == (0, True), text[-3000:]
    finally:
        (play.ready / f"{NAME}.crt").write_text(before, encoding="utf-8")
        status, text = play("site", "--tags", "tls")
    assert status == 0, text[-3000:]
    assert nodes[NODE].file(ON_HOST).content_string == before
