# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client over TLS, with certificates made for the test."""
from __future__ import annotations

import datetime
import http.server
import ipaddress
import ssl
import threading

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, base_url, direct_opener, tls_context
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption, Unreachable

x509 = pytest.importorskip("cryptography.x509")
hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")


def pem(path, *parts):
    path.write_bytes(b"".join(parts))
    return str(path)


@pytest.fixture(scope="module", name="files")
def files_fixture(tmp_path_factory):
    """A certificate for 127.0.0.1 that is its own authority; its key plain and encrypted."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    ).public_bytes(serialization.Encoding.PEM)

    def key_in(encryption):
        return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    plain = key_in(serialization.NoEncryption())
    return {
        "certificate": pem(folder / "certificate.pem", certificate),
        "key": pem(folder / "key.pem", plain),
        "both": pem(folder / "both.pem", certificate, plain),
        "encrypted": pem(folder / "encrypted.pem", key_in(serialization.BestAvailableEncryption(b"secret"))),
    }


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers an empty object."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format, *args):
        """Quietly."""


@pytest.fixture(name="url")
def url_fixture(files):
    """A server that demands a client certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=files["certificate"])
    context.load_cert_chain(files["certificate"], files["key"])
    context.verify_mode = ssl.CERT_REQUIRED
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda request, client_address: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield base_url("127.0.0.1", server.server_address[1], use_tls=True)
    server.shutdown()
    thread.join()
    server.server_close()


def ask(url, context):
    return HttpClient(direct_opener(context), timeout=5).ask(url)


def test_a_client_with_authority_and_certificate_is_answered(files, url):
    assert ask(url, tls_context(files["certificate"], files["certificate"], files["key"])) == (200, {})
    assert ask(url, tls_context(files["certificate"], files["both"])) == (200, {})


def test_an_unknown_authority_is_no_answer(url):
    with pytest.raises(Unreachable, match="certificate verify failed|CERTIFICATE_VERIFY_FAILED"):
        ask(url, tls_context())


def test_a_certificate_for_another_address_is_no_answer(files, url):
    with pytest.raises(Unreachable, match="(?i)certificate"):
        ask(url.replace("127.0.0.1", "localhost"), tls_context(files["certificate"], files["both"]))


def test_a_missing_client_certificate_is_no_answer(files, url):
    with pytest.raises(Unreachable, match="(?i)certificate|closed|reset|EOF"):  # what comes first is the system's choice
        ask(url, tls_context(files["certificate"]))


def test_an_encrypted_key_is_an_error_and_no_prompt(files):
    with pytest.raises(BadOption, match="client_cert .* cannot be used"):
        tls_context(None, files["certificate"], files["encrypted"])


@pytest.mark.parametrize("options", [{"ca_path": "/nowhere.pem"}, {"client_cert": "/nowhere.pem"}])
def test_a_file_that_does_not_exist_is_named(options):
    with pytest.raises(BadOption, match="/nowhere.pem"):
        tls_context(**options)


def test_authorities_may_be_a_directory(tmp_path):
    assert tls_context(str(tmp_path)).verify_mode == ssl.CERT_REQUIRED
