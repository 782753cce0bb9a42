# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret shows up where others can read: on the hosts, and in what a run prints however much it is asked to tell.

The secrets of the deployment are the canaries. Hosts are searched by salted digests, so that the search leaks none itself.
"""

from __future__ import annotations

import base64
import concurrent.futures
import hashlib
import json
import pathlib
import re
import secrets as random
import subprocess

import broker
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROOT = pathlib.Path(__file__).resolve().parents[3]
WORD = re.compile(r"[A-Za-z0-9]{20,}")  # all secrets consist of such
LEAST_CANARIES = 12
# Prints where one of the words is found whose digests are given: paths, units, processes. Never the word.
SEARCH = r"""
import hashlib, json, os, re, stat, subprocess, sys
salt, wanted = sys.argv[1].encode(), set(json.loads(sys.argv[2]))
word = re.compile(rb"[A-Za-z0-9]{20,}")
own = str(os.getpid())

def hits(content):
    return any(hashlib.sha256(salt + one).hexdigest() in wanted for one in set(word.findall(content)))

def read(path):
    try:
        with open(path, "rb") as opened:
            return opened.read()
    except OSError:
        return b""

def others_may_read(path):
    status = os.lstat(path)
    return stat.S_ISREG(status.st_mode) and status.st_mode & 0o004

def files():
    for top in ("/etc", "/var", "/home", "/root", "/tmp", "/run", "/opt", "/usr/local", "/srv"):
        for folder, folders, names in os.walk(top):
            # nothing but what the package index holds is in there, and in the cache of packages
            folders[:] = [one for one in folders if one not in ("site-packages", "archives", "lists")]
            yield from (os.path.join(folder, name) for name in names)

found, looked = [], 0
for path in files():
    try:
        if others_may_read(path):
            looked += 1
            if hits(read(path)):
                found.append(path)
    except OSError:
        pass
for process in filter(str.isdigit, os.listdir("/proc")):
    if process != own and hits(read("/proc/%s/cmdline" % process)):
        found.append("arguments of process " + process)
for what, command in {
    "journal": ["journalctl", "--no-pager", "--output=cat"],
    "environment of units": ["systemctl", "show", "--property=Environment,ExecStart", "--all", "*.service"],
}.items():
    if hits(subprocess.run(command, capture_output=True, check=True).stdout):
        found.append(what)
print(json.dumps({"found": found, "looked": looked}))
"""


# Prints the arguments of which processes had such a word, while the file was there whose name is given.
WATCH = r"""
import hashlib, json, os, re, sys, time
salt, wanted, flag = sys.argv[1].encode(), set(json.loads(sys.argv[2])), sys.argv[3]
word = re.compile(rb"[A-Za-z0-9]{20,}")
seen, found = set(), []
open(flag, "w").close()
while os.path.exists(flag):
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % process, "rb") as opened:
                line = opened.read()
        except OSError:
            continue
        if process != str(os.getpid()) and line not in seen:
            seen.add(line)
            if any(hashlib.sha256(salt + one).hexdigest() in wanted for one in word.findall(line)):
                found.append(line.split(b"\0")[0].decode())
    time.sleep(0.01)  # no program that is handed a secret is done sooner
print(json.dumps({"found": found, "looked": len(seen)}))
"""
FLAG = "/run/steady-leak-watch"
# What a run hands to programs of others: to Airflow's, and to the broker's
HANDED_OVER = ("airflow_admin_password", f"{broker.NAME}_operator_password", "patroni_rewind_password")


def words(texts):
    return sorted({word for text in texts for word in WORD.findall(text)})


@pytest.fixture(name="canaries", scope="module")
def secrets_of_the_deployment(secrets, variables):
    """Every word that only some may know, the key of the authority among them."""
    found = words(map(str, secrets.values())) + words(variables("authority_key.yml")["tls_ca_key"].splitlines()[1:-1])
    assert len(found) >= LEAST_CANARIES
    return found


def digests_of(canaries):
    """What a host is told of them."""
    salt = random.token_hex(8)
    return salt, json.dumps([hashlib.sha256((salt + word).encode()).hexdigest() for word in canaries])


def test_nobody_else_on_a_host_can_read_a_secret(host, canaries):
    answer = json.loads(host.check_output("python3 -c %s %s %s", SEARCH, *digests_of(canaries)))
    assert answer["looked"] > 1000
    assert answer["found"] == []


def test_no_log_of_the_deployment_has_a_secret(canaries):
    logs = [*ROOT.glob(".molecule/*.log"), *ROOT.glob(".demo/*.log")]
    texts = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in logs}
    assert "PLAY RECAP" in "".join(texts.values())
    assert [name for name, text in texts.items() if any(word in text for word in canaries)] == []


@pytest.fixture(name="others", scope="module")
def other_secrets(secrets):
    """A new value for each."""
    others = {name: random.token_hex(len(value) // 2 + 1)[:len(value)] for name, value in secrets.items() if not name.endswith("_user")}
    # these must be real ones to get past the preflight
    others["airflow_fernet_key"] = base64.b64encode(random.token_hex(16).encode()).decode()
    others["airflow_jwt_keys"] = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return others


@pytest.fixture(name="run", scope="module")
def talkative_run(secrets, others, playbook, tmp_path_factory):
    """Runs site.yml with some of the new secrets, as talkative as it can be; returns its status, and what secrets it printed."""
    file = tmp_path_factory.mktemp("others") / "secrets.yml"

    def run(*arguments, new=tuple(others)):
        file.write_text(yaml.safe_dump({name: others[name] for name in new}), encoding="utf-8")
        status, text = playbook("site", "--diff", "-vvv", "-e", f"@{file}", *arguments)
        known = words([*map(str, others.values()), *map(str, secrets.values())])
        return status, text, [word for word in known if word in text]

    return run


def test_a_run_tells_no_secret_however_much_it_tells(run):
    status, text, told = run("--check")
    assert "secret_files" in text  # it did tell much
    assert told == []
    assert status == 0, text[-3000:]


@pytest.mark.parametrize("wrong", [
    {"patroni_databases": "no list"},  # refused by the role's arguments
    {"patroni_rest_password": "short"},  # by the preflight
    {"patroni_port": 1, "patroni_wait": 1},  # by a module that cannot reach anybody
    {"airflow_user": "nobody-there"},  # by one that writes secrets
])
def test_a_run_that_fails_tells_no_secret(run, wrong):
    status, text, told = run("--check", "-e", json.dumps(wrong))
    assert status != 0, text[-3000:]
    assert told == []


CANARY = random.token_hex(16)


@pytest.mark.parametrize(("module", "arguments"), [
    ("postgresql_databases", {"databases": [{"name": "a", "owner": "a", "user": "a", "password": CANARY, "settings": "no dictionary"}]}),
    ("service_config", {"secret_files": [{"path": "/a", "content": CANARY, "state": "unknown"}]}),
    ("rabbitmq_cluster_info", {"members": "no list", "username": "a", "password": CANARY}),
    ("redis_sentinel_info", {"members": "no list", "username": "a", "password": CANARY}),
    ("patroni_config", {"members": [], "config": "no dictionary", "password": CANARY}),
    ("airflow_database", {"venv": "/a", "admin_password": CANARY}),  # with much that is missing
])
def test_a_module_that_refuses_its_arguments_tells_no_secret(module, arguments):
    command = [ROOT / ".venv/bin/ansible", "localhost", "--connection", "local", "-vvv", "-m", f"steady.airflow.{module}", "-a", json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "FAILED" in done.stdout
    assert CANARY not in done.stdout + done.stderr


def test_no_program_is_given_a_secret_as_an_argument(run, nodes, canaries, others):
    """While a run changes passwords, and another one changes them back."""
    digests = digests_of([*canaries, *(others[name] for name in HANDED_OVER)])
    with concurrent.futures.ThreadPoolExecutor(len(nodes)) as pool:
        watches = [pool.submit(node.check_output, "python3 -c %s %s %s %s", WATCH, *digests, FLAG) for node in nodes.values()]
        try:
            runs = [run(new=HANDED_OVER), run(new=())]
        finally:
            for node in nodes.values():
                node.check_output("rm -f %s", FLAG)
        seen = [json.loads(watch.result()) for watch in watches]
    assert [(status, told) for status, text, told in runs] == [(0, []), (0, [])], [text[-3000:] for status, text, told in runs]
    assert "reset password" in runs[0][1]
    assert all(one["looked"] > 50 for one in seen), seen
    assert [one["found"] for one in seen] == [[], [], []]
