# SPDX-License-Identifier: GPL-3.0-or-later
"""Which certificates a host shows to others, and that no key leaves it."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._audit import certificates
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files

LEAF = "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nnot-to-be-told\n-----END PRIVATE KEY-----\n"
NOTHING = {"texts": {}, "etcd": None, "rabbitmq": None, "postgresql": None, "airflow": []}
HAPROXY = "frontend x\n  bind :443 ssl crt /lb.pem alpn h2\n  bind :444 ssl crt /lb.d\n  server a a:1 ssl crt /client.pem\n"
SEEN = {
    "texts": {"haproxy": {"inside": False, "text": HAPROXY}, "redis": {"inside": False, "text": "tls-cert-file /redis.pem\n"},
              "pgbouncer": {"inside": False, "text": "client_tls_cert_file = /pgbouncer.pem\n"}},
    "etcd": {"settings": {"ETCD_CERT_FILE": "/etcd.pem", "ETCD_PEER_CERT_FILE": "/etcd.pem"}, "inside": False},
    "rabbitmq": {"settings": {"ssl_options.certfile": "/rabbitmq.pem"}, "inside": False},
    "postgresql": {"settings": {"ssl": "on", "ssl_cert_file": "server.crt"}, "data_directory": "/data", "problem": ""},
    "airflow": [{"inside": False, "options": {"api.ssl_cert": {"value": "/airflow.pem"}}},
                {"inside": False, "options": {"api.ssl_cert": {"unknown": "it comes from a command"}}}],
}
FOUND = [{"arguments": ["airflow", "api-server", "--ssl-cert", "/api.pem"], "container": ""},
         {"arguments": ["airflow", "--ssl-cert=/x"], "container": "0a"}]
PATHS = ["/airflow.pem", "/api.pem", "/data/server.crt", "/etcd.pem", "/lb.d/a.pem", "/lb.pem", "/pgbouncer.pem", "/rabbitmq.pem", "/redis.pem"]


def test_each_file_is_read_once_and_no_key_is_told(tmp_path):
    for path in PATHS:
        (tmp_path / path.lstrip("/")).parent.mkdir(exist_ok=True)
        (tmp_path / path.lstrip("/")).write_text(KEY + LEAF % "leaf" + LEAF % "authority")
    told = certificates.look(Files(str(tmp_path)), FOUND, SEEN)
    assert [each["path"] for each in told] == PATHS
    assert {(each["certificate"], each["problem"]) for each in told} == {((LEAF % "leaf").strip(), "")}


def test_why_one_cannot_be_read_is_told(tmp_path):
    (tmp_path / "lb.pem").write_text(KEY)
    told = {each["path"]: each["problem"] for each in certificates.look(Files(str(tmp_path)), [], {**SEEN, "airflow": []})}
    assert told["/lb.pem"] == "/lb.pem has no certificate"
    assert told["/etcd.pem"] == "/etcd.pem is not there"


def test_paths_of_a_container_are_not_looked_for_on_its_host(tmp_path):
    seen = {**NOTHING, "texts": {"redis": {"inside": True, "text": "tls-cert-file /redis.pem\n"}},
            "airflow": [{"inside": True, "options": {"api.ssl_cert": {"value": "/airflow.pem"}}}]}
    assert certificates.look(Files(str(tmp_path)), [], seen) == []


def test_a_host_without_services_shows_none(tmp_path):
    assert certificates.look(Files(str(tmp_path)), [], NOTHING) == []
    assert certificates.look(Files(str(tmp_path)), [], {**NOTHING, "postgresql": {"problem": "it does not answer"}}) == []
