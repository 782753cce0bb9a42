# SPDX-License-Identifier: GPL-3.0-or-later
"""Every socket that a host listens on beyond loopback: what it speaks, and that it is one that is meant to be there."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import struct
import urllib.error

import broker
from airflow_api import host_port
import psycopg2
import pytest

SECONDS = 5
POSTGRESQL = 5432
# port: what listens there
ENCRYPTED = {8080: "Airflow", POSTGRESQL: "PostgreSQL", 2379: "etcd", 2380: "etcd's members", 8008: "Patroni", **broker.PORTS}
CERTIFICATES = {8080: "airflow", POSTGRESQL: "patroni", 8008: "patroni", 2379: "etcd", 2380: "etcd", **dict.fromkeys(broker.PORTS, broker.NAME)}
# who is asked in clear, and refuses whom it does not know
OTHERS = {22: "SSH", **broker.PLAIN_PORTS, 8793: "task logs of a worker", 8794: "task logs of a triggerer"}
ASK_FOR_TLS = struct.pack("!II", 8, 80877103)  # what a client of PostgreSQL says first
PLAIN = {
    5671: b"AMQP\x00\x00\x09\x01",
    6379: b"PING\r\n",
    26379: b"PING\r\n",
    25672: b"\x00\x15N\x00\x00\x00\x03\x0f\xff\xf7\x00\x00\x00\x01\x00\x06a@host",  # a member's first words
}
ASK_HTTP = b"GET / HTTP/1.1\r\nHost: door\r\n\r\n"
TLS_ALERT = b"\x15\x03"


def doors_of(node, own):
    """(address, port) of what listens beyond loopback; a socket at all addresses is one at the host's own."""
    found = set()
    for line in node.check_output("ss -Hltn").splitlines():
        address, port = line.split()[3].rsplit(":", 1)
        address = address.strip("[]").split("%")[0]
        if address in ("*", "::", "0.0.0.0"):
            found.add((own, int(port)))
        elif not ipaddress.ip_address(address).is_loopback:
            found.add((address, int(port)))
    return found


@pytest.fixture(name="doors")
def every_door(nodes, addresses):
    return sorted({door for name, node in nodes.items() for door in doors_of(node, addresses[name])})


def handshake(door, context, tell=ssl.SSLSocket.version):
    """The version of TLS that was agreed upon, or what else is asked for; an error of ssl where there was none."""
    with socket.create_connection(door, timeout=SECONDS) as plain:
        if door[1] == POSTGRESQL:
            plain.sendall(ASK_FOR_TLS)
            assert plain.recv(1) == b"S"
        with context.wrap_socket(plain, server_hostname=door[0]) as connection:
            return tell(connection)


def said_in_clear(door, words):
    """What a door answers to one who does not speak TLS; nothing where it hangs up."""
    with socket.create_connection(door, timeout=SECONDS) as plain:
        plain.sendall(words)
        try:
            return plain.recv(4096)
        except ConnectionResetError:
            return b""


def test_nothing_listens_that_is_not_meant_to(doors):
    assert {port for _address, port in doors} <= ENCRYPTED.keys() | OTHERS.keys()


def test_every_door_proves_who_it_is(doors, authority):
    context = ssl.create_default_context(cadata=authority)
    assert {door: handshake(door, context) for door in doors if door[1] in ENCRYPTED} == {
        door: "TLSv1.3" for door in doors if door[1] in ENCRYPTED}


def certificate_of(node, identity):
    return ssl.PEM_cert_to_DER_cert(node.file(f"/etc/steady-airflow/tls/{identity}.crt").content_string)


def test_every_service_shows_the_certificate_that_is_on_its_host(nodes, addresses, vip, authority):
    """So a renewed one was taken over."""
    context = ssl.create_default_context(cadata=authority)

    def shown(*door):
        return handshake(door, context, lambda connection: connection.getpeercert(binary_form=True))

    for name, node in nodes.items():
        assert {port: shown(addresses[name], port) for port in CERTIFICATES} == {
            port: certificate_of(node, identity) for port, identity in CERTIFICATES.items()}
    assert shown(vip, 8080) in [certificate_of(node, "haproxy") for node in nodes.values()]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")  # that it is old is the point
def test_no_door_speaks_an_old_version(doors):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    for door in doors:
        if door[1] in ENCRYPTED:
            with pytest.raises((ssl.SSLError, ConnectionResetError)):
                handshake(door, context)


def test_no_door_says_anything_in_clear(doors):
    for door in doors:
        if door[1] in ENCRYPTED and door[1] != POSTGRESQL:
            answer = said_in_clear(door, PLAIN.get(door[1], ASK_HTTP))
            # Go's servers tell a lost browser that it should speak TLS
            assert answer[:2] in (b"", TLS_ALERT) or b" 400 Bad Request" in answer, (door, answer)


def test_postgresql_refuses_sessions_in_clear(doors, secrets):
    for address in {address for address, port in doors if port == POSTGRESQL}:
        with pytest.raises(psycopg2.OperationalError, match="no encryption"):
            psycopg2.connect(host=address, dbname="airflow", user=secrets["airflow_database_user"],
                             password=secrets["airflow_database_password"], sslmode="disable", connect_timeout=SECONDS)


def test_epmd_answers_members_only(doors):
    for door in doors:
        if door[1] == broker.EPMD:
            with pytest.raises(OSError):
                socket.create_connection(door, timeout=1).close()


def test_task_logs_are_for_airflow_only(doors, fetch):
    asked = [door for door in doors if door[1] in (8793, 8794)]
    assert asked
    for address, port in asked:
        with pytest.raises(urllib.error.HTTPError, match="403"):
            fetch(f"http://{host_port(address, port)}/log/dag_id=x/run_id=x/task_id=x/attempt=1.log")


def test_patroni_changes_nothing_without_a_certificate(addresses, authority):
    context = ssl.create_default_context(cadata=authority)
    for address in addresses.values():
        with socket.create_connection((address, 8008), timeout=SECONDS) as plain, \
                context.wrap_socket(plain, server_hostname=address) as connection:
            connection.sendall(b"POST /reload HTTP/1.0\r\nContent-Length: 0\r\n\r\n")
            assert b" 403 " in connection.recv(4096).splitlines()[0]
