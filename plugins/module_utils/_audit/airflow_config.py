# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a service of Airflow is told, by its file and its environment. No secret leaves this module.

Airflow takes the environment first, then the file, then what a command prints, then what a secrets backend says, then its default.
"""

from __future__ import annotations

import configparser
import contextlib
import hashlib
import hmac
import json
import re
import string
from urllib.parse import parse_qsl, urlsplit

# What Airflow 1.10 to 3.3 and its providers for Celery and FAB call sensitive, by all names; a test compares.
SECRET = frozenset((
    "api.secret_key", "api_auth.jwt_secret", "atlas.password", "celery.broker_url", "celery.celery_broker_url", "celery.celery_result_backend",
    "celery.flower_basic_auth", "celery.result_backend", "celery_broker_transport_options.sentinel_kwargs",
    "celery_result_backend_transport_options.sentinel_kwargs", "core.asset_manager_kwargs", "core.dataset_manager_kwargs", "core.fernet_key",
    "core.internal_api_secret_key", "core.sql_alchemy_conn", "core.sql_alchemy_engine_args", "database.sql_alchemy_conn",
    "database.sql_alchemy_conn_async", "database.sql_alchemy_engine_args", "kubernetes.git_password", "ldap.bind_password",
    "logging.remote_task_handler_kwargs", "secrets.backend_kwargs", "sentry.sentry_dsn", "smtp.smtp_password", "webserver.secret_key",
    "workers.secrets_backend_kwargs",
))
URLS = frozenset((
    "celery.broker_url", "celery.celery_broker_url", "celery.celery_result_backend", "celery.result_backend",
    "core.sql_alchemy_conn", "database.sql_alchemy_conn", "database.sql_alchemy_conn_async",
))
# Options of others: providers, plugins, the user's own.
SOUNDS_SECRET = re.compile(r"password|passphrase|secret|token|credential|dsn|(^|_)key$|_kwargs$|_auth$")
NO_SECRET = frozenset(("api.ssl_key", "celery.ssl_key", "celery.celery_ssl_key", "webserver.web_server_ssl_key", "api.client_ssl_key"))
VARIABLE = re.compile(r"AIRFLOW__([A-Z0-9_]+?)__([A-Z0-9_]+)$")
USERINFO = re.compile(r"(?<=://)[^/@\s\"']+@")
BEGINNING = "AIRFLOW__"
BLACKED_OUT = re.compile(r"<?\[?redacted|\*{3,}$", re.IGNORECASE)  # by whoever shows the file to others
TEMPLATE = re.compile(r"\{\{.*?\}\}|<%.*?%>", re.DOTALL)  # of Jinja and Helm, of ERB
FILLED_LATER = ("_template", "_format")  # options whose value is a template for Airflow itself
DEPTH = 10  # of variables that name variables; one that names itself would go on for ever
MARK = "\ufeff"  # what some editors put before a text in UTF-8
# What guides and templates have where a secret of one's own belongs, and what people write who have none.
KNOWN = frozenset((
    "airflow", "admin", "changeme", "change-me", "change_me", "cloud", "default", "example", "guest", "mysecretkey", "pass", "password", "postgres",
    "redis", "root", "secret", "secret_key", "secretkey", "temporary_key", "test", "your_fernet_key", "your_secret_key", "yoursecretkey",
))
PLACEHOLDER = re.compile(r"<.*>$|\{\{|cryptography_not_found|fernet.?key|(.)\1*=*$", re.IGNORECASE)
ELSEWHERE = (("_cmd", "command"), ("_secret", "secrets backend"))
HIDDEN = "(hidden)"


class Unreadable(Exception):
    """The file cannot be understood; says where, never what stands there."""


def options(text, environment, salt, complete=True, strict=True):
    """{"section.option": {"from": file | environment | command | secrets backend, and one of value, secret, urls, unknown}} of what is given.

    ``secret`` and each of ``urls`` have a ``digest`` that is the same for the same value and salt, a ``length``, and are ``known`` where
    everybody may guess it. complete: whether a variable that a value names and that is not in the environment is nowhere.
    strict: as Airflow's parser is; otherwise what can be understood of a file that it refuses.
    """
    scope = dict(environment) if complete else _Incomplete(environment)
    return dict(_entries(_lines(text, strict), "file", salt, scope), **_entries(of_environment(environment), "environment", salt, scope))


def look(path, text, environment, salt, complete=True):
    """{options, problem, broken}. A file that Airflow refuses is broken, and taken as it was meant, as far as that is clear."""
    try:
        return {"options": options(text, environment, salt, complete), "problem": "", "broken": False}
    except Unreadable as error:
        told = {"options": {}, "problem": "%s is broken: %s" % (path, error), "broken": True}
    with contextlib.suppress(Unreadable):
        told["options"] = options(text, environment, salt, complete, strict=False)
    return told


def of_environment(variables):
    """{"section.option": value} of those that name one."""
    matches = ((VARIABLE.match(name), value) for name, value in variables.items())
    return {"%s.%s" % (match[1].lower(), match[2].lower()): value for match, value in matches if match}


def ignored(environment):
    """Variables that are meant for Airflow and name no option."""
    return sorted(name for name in environment if name.startswith(BEGINNING) and not VARIABLE.match(name))


class _Incomplete(dict):
    """Variables of which some are not told here."""


class _Absent(Exception):
    """A value names a variable that is not told."""


class _Variables(string.Template):
    """Variables in values, as Python's expandvars takes them."""

    pattern = r"\$(?:(?P<named>\w+)|\{(?P<braced>[^}]*)\}|(?P<escaped>(?!))|(?P<invalid>(?!)))"


def _expanded(value, scope):
    """Airflow puts variables of its environment into values, again and again until nothing changes; one that is not there stays as it is."""
    for _time in range(DEPTH):
        if isinstance(scope, _Incomplete):
            for match in _Variables.pattern.finditer(value):
                if (match["named"] or match["braced"]) not in scope:
                    raise _Absent("it names the variable %s, which is not told" % (match["named"] or match["braced"]))
        before, value = value, _Variables(value).safe_substitute(scope) if "$" in value else value
        if before == value:
            break
    return value


def _lines(text, strict):
    if not strict:
        text = text.lstrip(MARK)
    elif text.startswith(MARK):
        raise Unreadable("it begins with a byte order mark, so its first line is no [section] for Airflow")
    parser = configparser.ConfigParser(strict=strict)
    parser.optionxform = str  # as Airflow's: names in capital letters are others, which nothing reads
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
    told, single = {}, []
    for section in parser.sections():
        for option in parser[section]:
            name = "%s.%s" % (section, option)
            try:
                told[name] = parser.get(section, option)
            except configparser.InterpolationError:
                told[name] = parser.get(section, option, raw=True).replace("%%", "%")
                single += [name] * ("%" in TEMPLATE.sub("", told[name]))
    if strict and single:
        raise Unreadable("a percent sign is not doubled in %s, and begins an interpolation for Airflow" % ", ".join(sorted(single)))
    return told


def _entries(given, source, salt, scope):
    """Of one source: a plain value counts before a command, and that before a backend."""
    found = {}
    for name, value in given.items():
        if not _elsewhere(name):
            try:
                told = _entry(name, _expanded(value, scope), salt)
            except _Absent as reason:
                told = {"unknown": str(reason)}
            if TEMPLATE.search(value) and not name.endswith(FILLED_LATER):
                told = {"unknown": "it is a template that nobody has filled in", "template": True}
            found[name] = dict(told, **{"from": source})
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
        return {"unknown": "it was blacked out"} if BLACKED_OUT.match(value) else {"secret": secret(value, salt)}
    return {"value": _scrubbed(value)}


def secret(value, salt):
    return {"digest": _digest(value, salt), "length": len(value), "known": is_known(value)}


def is_known(value):
    """Whether everybody may guess it: a word of guides, a placeholder, or one character again and again."""
    return bool(value) and (value.lower() in KNOWN or bool(PLACEHOLDER.match(value)))


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
    password = secret(parts.password or "", salt)
    password["known"] = password["known"] or bool(parts.password) and parts.password == parts.username
    return {"scheme": parts.scheme, "user": parts.username or "", "hosts": hosts, "host": parts.hostname or "", "port": port,
            "path": parts.path.lstrip("/"), "query": query, "password": password, "digest": _digest(text, salt)}


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
