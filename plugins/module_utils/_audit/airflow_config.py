# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a service of Airflow is told, by its file and its environment. No secret leaves this module.

Airflow takes the environment first, then the file, then what a command prints, then what a secrets backend says, then its default.
"""

from __future__ import annotations

import configparser
import hashlib
import hmac
import json
import re
from urllib.parse import parse_qsl, urlsplit

# What Airflow 2.9 to 3.3 and its providers for Celery and FAB call sensitive; a test compares.
SECRET = frozenset((
    "api.secret_key", "api_auth.jwt_secret", "celery.broker_url", "celery.flower_basic_auth", "celery.result_backend",
    "celery_broker_transport_options.sentinel_kwargs", "celery_result_backend_transport_options.sentinel_kwargs",
    "core.asset_manager_kwargs", "core.dataset_manager_kwargs", "core.fernet_key", "core.internal_api_secret_key",
    "database.sql_alchemy_conn", "database.sql_alchemy_conn_async", "database.sql_alchemy_engine_args",
    "logging.remote_task_handler_kwargs", "secrets.backend_kwargs", "sentry.sentry_dsn", "smtp.smtp_password", "webserver.secret_key",
    "workers.secrets_backend_kwargs",
    "core.sql_alchemy_conn",  # its name until 2.3
))
URLS = frozenset((
    "celery.broker_url", "celery.result_backend", "core.sql_alchemy_conn", "database.sql_alchemy_conn", "database.sql_alchemy_conn_async",
))
# Options of others: providers, plugins, the user's own.
SOUNDS_SECRET = re.compile(r"password|passphrase|secret|token|credential|dsn|(^|_)key$|_kwargs$|_auth$")
NO_SECRET = frozenset(("api.ssl_key", "celery.ssl_key", "webserver.web_server_ssl_key", "api.client_ssl_key"))
VARIABLE = re.compile(r"AIRFLOW__([A-Z0-9_]+?)__([A-Z0-9_]+)$")
USERINFO = re.compile(r"(?<=://)[^/@\s\"']+@")
ELSEWHERE = (("_cmd", "command"), ("_secret", "secrets backend"))
HIDDEN = "(hidden)"


class Unreadable(Exception):
    """The file cannot be understood; says where, never what stands there."""


def options(text, environment, salt):
    """{"section.option": {"from": file | environment | command | secrets backend, and one of value, secret, urls, unknown}} of what is given.

    ``secret`` and each of ``urls`` have a ``digest`` that is the same for the same value and salt, and a ``length``.
    """
    told = {}
    for variable, value in environment.items():
        match = VARIABLE.match(variable)
        if match:
            told["%s.%s" % (match[1].lower(), match[2].lower())] = value
    return dict(_entries(_lines(text), "file", salt), **_entries(told, "environment", salt))


def _lines(text):
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError as error:
        raise Unreadable("line %d stands before the first [section]" % error.lineno) from None
    except configparser.DuplicateSectionError as error:
        raise Unreadable("line %s begins the section [%s] again" % (error.lineno, error.section)) from None
    except configparser.DuplicateOptionError as error:
        raise Unreadable("line %s sets %s in [%s] again" % (error.lineno, error.option, error.section)) from None
    except configparser.ParsingError as error:
        raise Unreadable("line %s is neither a [section] nor name = value" % ", ".join(str(line) for line, _what in error.errors)) from None
    return {"%s.%s" % (section, option): value.replace("%%", "%")
            for section in parser.sections() for option, value in parser.items(section)}


def _entries(given, source, salt):
    """Of one source: a plain value counts before a command, and that before a backend."""
    found = {}
    for name, value in given.items():
        if not _elsewhere(name):
            found[name] = dict(_entry(name, value, salt), **{"from": source})
    for ending, where in ELSEWHERE:
        for name in given:
            plain = name[:-len(ending)]
            if _elsewhere(name) == where and plain not in found:
                found[plain] = {"from": where, "unknown": "it comes from a %s" % where}
    return found


def _elsewhere(name):
    """Does the value come from somewhere else? Only secret options can be told so."""
    return next((where for ending, where in ELSEWHERE if name.endswith(ending) and name[:-len(ending)] in SECRET), "")


def _entry(name, value, salt):
    if name in URLS:
        return {"urls": [url(each, salt) for each in value.split(";")] if value else []}
    if name in SECRET or (name not in NO_SECRET and SOUNDS_SECRET.search(name.split(".")[-1])):
        return {"secret": secret(value, salt)}
    return {"value": _scrubbed(value)}


def secret(value, salt):
    return {"digest": _digest(value, salt), "length": len(value)}


def _digest(value, salt):
    return hmac.new(salt.encode(), value.encode(), hashlib.sha256).hexdigest()[:16]


def url(text, salt):
    """Its parts, without the password."""
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = None  # such as host1:5432,host2
    query = {}
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        hidden = SOUNDS_SECRET.search(key) and not key.startswith("ssl")
        query[key] = HIDDEN if hidden else ",".join(filter(None, (query.get(key), value)))  # host=one&host=another
    hosts = parts.netloc.rpartition("@")[2]
    return {"scheme": parts.scheme, "user": parts.username or "", "hosts": hosts, "host": parts.hostname or "", "port": port,
            "path": parts.path.lstrip("/"), "query": query, "password": secret(parts.password or "", salt), "digest": _digest(text, salt)}


def _scrubbed(value):
    """Structures may hold secrets below names of their own."""
    try:
        content = json.loads(value)
    except ValueError:
        return USERINFO.sub(HIDDEN + "@", value)
    return json.dumps(_without_secrets(content), sort_keys=True) if isinstance(content, (dict, list)) else value


def _without_secrets(content):
    if isinstance(content, dict):
        return {key: HIDDEN if SOUNDS_SECRET.search(str(key)) else _without_secrets(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_without_secrets(each) for each in content]
    return USERINFO.sub(HIDDEN + "@", content) if isinstance(content, str) else content
