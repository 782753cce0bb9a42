# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rotation should have brought about: other certificates are shown, and what was good before opens nothing."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import ssl
import struct
import subprocess

import psycopg2
from cryptography.fernet import Fernet, InvalidToken
from demo import variables_of

NODES = ("node1", "node2", "node3")
CONNECTION = "rotation"
CANARY = "as it was before"
POSTGRESQL = 5432
PORTS = (POSTGRESQL, 2379, 2380, 5671, 8008, 8080, 25672)
ASK_FOR_TLS = struct.pack("!II", 8, 80877103)  # what a client of PostgreSQL says first
SECONDS = 10
# account: the database in which it is asked whether its password is good; replication has none
ACCOUNTS = {"patroni_superuser_password": ("postgres", "dbname=postgres"), "patroni_rewind_password": ("rewind", "dbname=postgres"),
            "patroni_replication_password": ("replicator", "replication=true")}
# where services keep what they know
PLACES = ("/etc", "/var/lib/postgresql/.pgpass_patroni", "/var/lib/airflow", "/usr/local/lib", "/root")


def on(node, *command, text="", **environment):
    """(exit code, output) of a command on a host; secrets travel by input or environment."""
    passed = [word for name in environment for word in ("--env", name)]
    done = subprocess.run(["docker", "exec", "-i", *passed, f"steady-demo-{node}", *command], input=text, check=False,
                          capture_output=True, text=True, env={**os.environ, **environment})
    return done.returncode, done.stdout


def served(variables):
    """{door: serial number} of the certificates that are shown, each verified; ssl.SSLError when one is not trusted."""
    context = ssl.create_default_context(cadata=variables["tls_ca_certificate"])
    doors = [(variables_of(node)["ansible_host"], port) for node in NODES for port in PORTS] + [(variables["topology_vip"], 8080)]
    return {f"{address}:{port}": serial(address, port, context) for address, port in doors}


def serial(address, port, context):
    with socket.create_connection((address, port), timeout=SECONDS) as plain:
        if port == POSTGRESQL:
            plain.sendall(ASK_FOR_TLS)
            plain.recv(1)
        with context.wrap_socket(plain, server_hostname=address) as connection:
            return connection.getpeercert()["serialNumber"]


def keep_a_secret(airflow):
    """Lets Airflow encrypt something, which must still be readable after the rotation."""
    with contextlib.suppress(Exception):
        airflow.request("DELETE", f"/api/v2/connections/{CONNECTION}")
    airflow.request("POST", "/api/v2/connections", {"connection_id": CONNECTION, "conn_type": "generic", "password": CANARY})


def session(variables, credentials):
    return contextlib.closing(psycopg2.connect(
        host=variables["topology_vip"], dbname="airflow", user=credentials["airflow_database_user"],
        password=credentials["airflow_database_password"], sslmode="require", connect_timeout=SECONDS))


def is_encrypted_anew(variables):
    with session(variables, variables) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT password FROM connection WHERE conn_id = %s", [CONNECTION])
        with contextlib.suppress(InvalidToken):
            return Fernet(variables["airflow_fernet_key"]).decrypt(cursor.fetchone()[0].encode()).decode() == CANARY
    return False


def worthless(old, variables):
    """Names of old secrets that still open something, or are still kept somewhere."""
    good = []
    with contextlib.suppress(psycopg2.OperationalError), session(variables, old):
        good.append("airflow_database_password")
    address = variables_of("node1")["ansible_host"]
    for name, (account, where) in ACCOUNTS.items():
        ask = ("psql", f"host={address} user={account} sslmode=require {where}", "-c", "IDENTIFY_SYSTEM" if "replication" in where else "SELECT 1")
        if on("node2", *ask, PGPASSWORD=old[name])[0] == 0:
            good.append(name)
        if on("node2", *ask, PGPASSWORD=variables[name])[0]:
            good.append(f"(the new {name} is refused)")
    users = json.loads(on("node1", "rabbitmqctl", "--quiet", "list_users", "--formatter", "json")[1])
    if old["airflow_broker_user"] in [one["user"] for one in users]:
        good.append("rabbitmq_airflow_password")
    if on("node1", "rabbitmqctl", "authenticate_user", "operator", text=old["rabbitmq_operator_password"] + "\n")[0] == 0:
        good.append("rabbitmq_operator_password")
    if not is_encrypted_anew(variables):
        good.append("airflow_fernet_key")
    return good + [f"{name} is in {path} of {node}" for node in NODES for name, path in found(node, old, variables)]


def found(node, old, variables):
    """Old secrets in files of a host; of a text with several lines one line is looked for."""
    for name, value in old.items():
        if value != variables.get(name) and not name.endswith(("_user", "_ca_key")):
            line = value.strip().splitlines()[1] if "\n" in value.strip() else value
            for text in (line, base64.b64encode(line.encode()).decode()):
                for path in on(node, "grep", "-rlF", "--file=-", *PLACES, text=text)[1].splitlines():
                    yield name, path
