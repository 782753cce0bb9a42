# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration files are read without the passwords in them."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._audit import texts
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files

SECRET = "not-to-be-told"


def service(kind="haproxy", pid=0, arguments=("/usr/sbin/haproxy",)):
    return {"kind": kind, "container": "", "pid": pid, "arguments": list(arguments)}


def write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


@pytest.mark.parametrize("line", [
    "stats auth admin:%s", "user dumbledore insecure-password %s", "user x password %s", "auth_pass %s", "http-check send hdr Authorization 'Basic %s'",
    "tls-key-file-pass %s", "sentinel sentinel-pass %s", "user default on >%s ~* &* +@all",
    "airflow = host=db password=%s", "airflow = password = '%s' host=db",
    "requirepass %s", "  masterauth %s", "sentinel auth-pass mymaster %s",
])
def test_no_password_is_told(tmp_path, line):
    write(tmp_path, "etc/haproxy/haproxy.cfg", "global\n    maxconn 10\n    %s\nfrontend x\n" % (line % SECRET))
    told = texts.look(Files(str(tmp_path)), [service()])["haproxy"]
    assert SECRET not in told["text"]
    assert told["text"].splitlines()[::3] == ["global", "frontend x"]


def test_the_file_is_the_one_that_was_named(tmp_path):
    write(tmp_path, "proc/5/cmdline", "haproxy\0-Ws\0-f\0/srv/lb.cfg\0-p\0/run/pid\0")
    assert texts.path(Files(str(tmp_path)), service(pid=5)) == "/srv/lb.cfg"
    assert texts.path(Files(str(tmp_path)), service("keepalived", arguments=["keepalived", "--use-file=/srv/k.conf"])) == "/srv/k.conf"
    assert texts.path(Files(str(tmp_path)), service()) == "/etc/haproxy/haproxy.cfg"


@pytest.mark.parametrize(("kind", "line", "path"), [
    ("redis", ["redis-server", "/srv/redis.conf"], "/srv/redis.conf"), ("redis_sentinel", ["redis-server", "/s.conf", "--sentinel"], "/s.conf"),
    ("pgbouncer", ["pgbouncer", "-d", "/srv/p.ini"], "/srv/p.ini"), ("redis", ["redis-server"], "/etc/redis/redis.conf"),
])
def test_a_process_may_have_written_over_its_command_line(tmp_path, kind, line, path):
    write(tmp_path, "proc/5/cmdline", "redis-server 127.0.0.1:6379\0")
    assert texts.path(Files(str(tmp_path)), service(kind, pid=5, arguments=line)) == path


def test_what_is_no_secret_is_told():
    assert texts.without_secrets("user airflow on nopass +@all\npool_size=4 dbname=x") == "user airflow on nopass +@all\npool_size=4 dbname=x"


def test_a_directory_is_read_whole(tmp_path):
    for name in ("1.cfg", "2.cfg", "notes.txt"):
        write(tmp_path, "srv/lb/" + name, "# %s\n" % name)
    told = texts.look(Files(str(tmp_path)), [service(arguments=["haproxy", "-f", "/srv/lb"])])["haproxy"]
    assert told["text"].split() == ["#", "1.cfg", "#", "2.cfg"]


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    told = texts.look(Files(str(tmp_path)), [service(), {"kind": "etcd"}])
    assert told == {"haproxy": {"path": "/etc/haproxy/haproxy.cfg", "text": "", "inside": False,
                                "problem": "/etc/haproxy/haproxy.cfg cannot be read: No such file or directory"}}


def test_what_redis_includes_stands_in_its_line_without_its_passwords(tmp_path):
    (tmp_path / "etc/redis").mkdir(parents=True)
    (tmp_path / "etc/redis/redis.conf").write_text("port 0\ninclude /etc/redis/accounts.conf\ninclude /etc/redis/gone.conf\n")
    (tmp_path / "etc/redis/accounts.conf").write_text("user default off\nuser airflow on #abc ~* +@all\n")
    told = texts.look(Files(str(tmp_path)), [{"kind": "redis", "container": "", "pid": 0, "arguments": []}])["redis"]
    assert told["text"] == "port 0\nuser default off\nuser airflow (hidden)\n\ninclude /etc/redis/gone.conf\n"
