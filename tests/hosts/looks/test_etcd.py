# SPDX-License-Identifier: GPL-3.0-or-later
"""Three members of one etcd, one leader that all agree on, and nobody let in without a certificate."""

from __future__ import annotations

import json

from airflow_api import host_port
import broker
import pytest

ETCDCTL = ". /etc/steady-airflow/etcdctl.sh && etcdctl --command-timeout=5s --write-out=json "
TLS = "/etc/steady-airflow/tls/"
# Asks an etcd port as who has this certificate, or none, and prints the status or why it was refused.
PROBE = """
import ssl, sys, urllib.request, warnings
warnings.simplefilter("ignore")
url, identity, newest = sys.argv[1:]
context = ssl.create_default_context(cafile="/etc/steady-airflow/tls/ca.crt")
if identity:
    context.load_cert_chain("/etc/steady-airflow/tls/%s.crt" % identity, "/etc/steady-airflow/tls/%s.key" % identity)
if newest:
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion[newest]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
try:
    print(opener.open(urllib.request.Request(url, data=b"{}"), timeout=5).status)
except OSError as error:
    print(error)
"""


@pytest.fixture(name="etcdctl")
def etcdctl_on_some_node(some_node, eventually):
    """What etcdctl answers, as soon as it gets an answer: while a leader is elected there is none."""
    return lambda command: json.loads(eventually(lambda: (answer := some_node.run(ETCDCTL + command)).succeeded and answer).stdout)


@pytest.fixture(name="probe")
def prober(host, addresses):
    """Asks this host's etcd from the host itself, which has the certificates."""
    address = addresses[host.check_output("hostname")]

    def ask(identity="", newest="", scheme="https", port=2379):
        url = f"{scheme}://{host_port(address, port)}/v3/maintenance/status"
        return host.check_output("python3 -c %s %s %s %s", PROBE, url, identity, newest)

    return ask


def test_every_host_is_a_voting_member(etcdctl, addresses):
    members = etcdctl("member list")["members"]
    assert {member["name"]: member["clientURLs"] for member in members} == {
        name: [f"https://{host_port(address, 2379)}"] for name, address in addresses.items()}
    assert {member["name"]: member["peerURLs"] for member in members} == {
        name: [f"https://{host_port(address, 2380)}"] for name, address in addresses.items()}
    assert not any(member.get("isLearner") for member in members)


def test_all_members_follow_one_leader(etcdctl, nodes, eventually):
    def one_leader_of_all():
        seen = [one["Status"] for one in etcdctl("endpoint status --cluster")]
        leaders = {status.get("leader") for status in seen}
        return len(leaders) == 1 and None not in leaders and seen

    # one that was out of reach knows no leader until it has reached the others again
    seen = eventually(one_leader_of_all)
    assert len(seen) == len(nodes)
    assert all(status["version"].startswith("3.5.") for status in seen)


@pytest.mark.parametrize("newest", ["", "TLSv1_2"])
def test_a_member_lets_in_who_shows_a_certificate(probe, newest):
    assert probe(identity="etcd", newest=newest) == "200"


@pytest.mark.parametrize("port", [2379, 2380])
def test_who_shows_no_certificate_is_refused(probe, port):
    # TLS 1.2 tells it within the handshake; 1.3 does so later, when the question may be on its way
    assert "bad certificate" in probe(port=port, newest="TLSv1_2")


def test_an_old_version_of_tls_is_refused(probe):
    assert "protocol version" in probe(identity="etcd", newest="TLSv1_1")


@pytest.mark.parametrize("port", [2379, 2380])
def test_nothing_is_answered_in_clear(probe, port):
    assert probe(scheme="http", port=port) in (
        "Remote end closed connection without response", "[Errno 104] Connection reset by peer", "HTTP Error 400: Bad Request")


def test_etcd_listens_at_the_address_of_the_host_only(host, addresses):
    address = addresses[host.check_output("hostname")]
    found = [line.split()[3] for line in host.check_output("ss -Hltn").splitlines()]
    assert sorted(each for each in found if each.endswith((":2379", ":2380"))) == [host_port(address, port) for port in (2379, 2380)]


def test_a_certificate_of_a_server_lets_nobody_in_as_a_client(probe):
    assert "bad certificate" in probe(identity=broker.NAME, newest="TLSv1_2")


@pytest.mark.parametrize(("identity", "reader"), [
    ("etcd", "etcd"), ("patroni", "postgres"), (broker.NAME, broker.NAME), ("haproxy", "haproxy"), ("airflow", "airflow")])
def test_the_key_is_read_by_its_service_only(host, identity, reader):
    key, certificate = host.file(TLS + identity + ".key"), host.file(TLS + identity + ".crt")
    assert (key.user, key.mode) == (reader, 0o600)
    assert (certificate.user, certificate.mode) == ("root", 0o644)
    assert not host.run("grep -l 'PRIVATE KEY' %s %s", TLS + "ca.crt", certificate.path).stdout
