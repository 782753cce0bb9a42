# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: the configuration files of services that keep nothing but text, without the passwords in it."""

from __future__ import annotations

import os
import re

from ansible_collections.steady.airflow.plugins.module_utils._audit import services

HIDDEN = "(hidden)"
# What follows these words is a password, or holds one.
SECRET = re.compile(
    r"(?i)\b(auth_pass|password|insecure-password|stats\s+auth|authorization|agent-send|requirepass|masterauth|sentinel\s+auth-pass\s+\S+"
    r"|sentinel\s+sentinel-pass|tls-(?:client-)?key-file-pass|user\s+\S+(?=.*[>#<!]))(\s+)(\S.*)$", re.MULTILINE)
IN_A_LINE = re.compile(r"(?i)\b(password\s*=\s*)('[^']*'|\S+)")  # of a database in pgbouncer.ini
USUAL = {
    "haproxy": "/etc/haproxy/haproxy.cfg", "keepalived": "/etc/keepalived/keepalived.conf", "redis": "/etc/redis/redis.conf",
    "redis_sentinel": "/etc/redis/sentinel.conf", "pgbouncer": "/etc/pgbouncer/pgbouncer.ini"}
OPTION = {"haproxy": ("-f",), "keepalived": ("-f", "--use-file")}
INCLUDE = re.compile(r"(?m)^[ \t]*include[ \t]+(/\S+)[ \t]*$")  # of Redis and Sentinel
ENDING = {"redis": ".conf", "redis_sentinel": ".conf", "pgbouncer": ".ini"}  # of a word that is the file


def look(files, found):
    """{kind: {path, text, problem, inside}} of each of these services that runs here; inside: whether its path is a container's."""
    return {service["kind"]: {**_told(files.inside(service), path(files, service)), "inside": bool(service["container"])}
            for service in found if service["kind"] in USUAL}


def path(files, service):
    """Which file it was started with; of several the first one."""
    kind, line = service["kind"], services.command_line(files, service)
    if kind in ENDING:  # a process may write over its command line
        return next((word for word in line + service["arguments"] if word.endswith(ENDING[kind])), USUAL[kind])
    for option in OPTION[kind]:
        for position, word in enumerate(line):
            if word == option and position + 1 < len(line):
                return line[position + 1]
            if word.startswith(option + "="):
                return word.partition("=")[2]
    return USUAL[kind]


def _told(files, path):
    try:
        if os.path.isdir(files.path(path)):
            texts = [_read(files, os.path.join(path, name)) for name in files.names(path) if name.endswith(".cfg")]
            return {"path": path, "text": "\n".join(texts), "problem": ""}
        return {"path": path, "text": _read(files, path), "problem": ""}
    except OSError as error:
        return {"path": path, "text": "", "problem": "%s cannot be read: %s" % (path, error.strerror)}


def _read(files, path):
    with open(files.path(path), encoding="utf-8", errors="replace") as file:
        return without_secrets(INCLUDE.sub(lambda line: _included(files, line), file.read()))


def _included(files, line):
    """The file in its line's place; the line stays where that may not be read."""
    return files.text(line[1]) if files.exists(line[1]) and not files.is_hidden(line[1]) else line[0]


def without_secrets(text):
    return SECRET.sub(r"\1\2" + HIDDEN, IN_A_LINE.sub(r"\1" + HIDDEN, text))
