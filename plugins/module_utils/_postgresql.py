# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done so that a database has its owner, and one account that may use it.

PRIVATE to the collection. ``look`` asks PostgreSQL; all else are functions over its answer.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import unicodedata

from ansible_collections.steady.airflow.plugins.module_utils._accounts import belongs

# options of who asks on PostgreSQL's own host
SOCKET = {
    "socket": {"type": "path", "default": "/var/run/postgresql"},
    "port": {"type": "int", "default": 5432},
    "login": {"type": "str", "default": "postgres"},
}


def connect(psycopg2, wish, database, options=""):
    """A session, closed when it is left.

    psycopg2: the driver, which is not everywhere. wish: what the module was given, with SOCKET. options: of the session, as PGOPTIONS.
    """
    return contextlib.closing(psycopg2.connect(host=wish["socket"], port=wish["port"], user=wish["login"], dbname=database, options=options))


ROLES = """
SELECT role.rolname, role.rolcanlogin, secret.rolpassword, coalesce(role.rolconfig, '{}'),
       ARRAY(SELECT pg_get_userbyid(roleid)::text FROM pg_auth_members WHERE member = role.oid),
       ARRAY(SELECT DISTINCT coalesce(host(client_addr), 'this host') FROM pg_stat_activity WHERE usesysid = role.oid)
FROM pg_roles AS role JOIN pg_authid AS secret USING (oid)
"""
DATABASES = "SELECT datname, pg_get_userbyid(datdba)::text FROM pg_database"


def look(cursor):
    """Return all roles and databases.

    cursor: of a superuser's connection.
    Return ``{"roles": {name: {login, secret, settings: {name: value}, member_of: [name], used_from: [address]}},
    "databases": {name: owner}}``.
    """
    cursor.execute(ROLES)
    roles = {
        name: {
            "login": login,
            "secret": secret,
            "settings": dict(entry.split("=", 1) for entry in config),
            "member_of": groups,
            "used_from": sorted(used_from),
        }
        for name, login, secret, config, groups, used_from in cursor.fetchall()
    }
    cursor.execute(DATABASES)
    return {"roles": roles, "databases": dict(cursor.fetchall())}


def steps(wish, seen, encrypt):
    """Yield what is missing, each as ``(sentence, statement, identifiers, values)``.

    wish: ``{name, owner, user, password, settings}`` of one database.
    seen: the answer of ``look``.
    encrypt: function of password and account, which returns what PostgreSQL keeps of them.
    """
    owner, user = wish["owner"], wish["user"]
    for name in dict.fromkeys((owner, user)):
        if name not in seen["roles"]:
            yield "create account %s" % name, "CREATE ROLE {} NOLOGIN", [name], []
    if wish["name"] not in seen["databases"]:
        statement = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
        yield "create database %s" % wish["name"], statement, [wish["name"], owner], []
    elif seen["databases"][wish["name"]] != owner:
        yield "give database %s to %s" % (wish["name"], owner), "ALTER DATABASE {} OWNER TO {}", [wish["name"], owner], []
    account = seen["roles"].get(user) or {"login": False, "settings": {}, "member_of": []}
    settings = dict(wish["settings"] or {})
    if user != owner:
        # what it makes belongs to the owner, so that the next account can use it
        settings["role"] = owner
        if owner not in account["member_of"]:
            yield "let %s act as %s" % (user, owner), "GRANT {} TO {}", [owner, user], []
    for name, value in settings.items():
        if account["settings"].get(name) != str(value):
            yield "set %s of %s" % (name, user), "ALTER ROLE {} SET {} = %s", [user, name], [str(value)]
    yield from let_in(user, wish["password"], account, encrypt)


def let_in(user, password, account, encrypt):
    """Yield the step, if one is missing, by which this account can log in with this password."""
    if not account or not account["login"] or not fits(password, account["secret"]):
        yield "give %s its password" % user, "ALTER ROLE {} LOGIN PASSWORD %s", [user], [encrypt(password, user)]


def former(wish, seen):
    """Return the accounts that were used before, as ``{name: addresses from which each still is}``."""
    return {
        name: role["used_from"]
        for name, role in seen["roles"].items()
        if role["login"] and name != wish["user"] and belongs(name, wish["owner"])
    }


def lock_out(name):
    """Return the step that ends an account; what it owns stays."""
    return "lock out %s" % name, "ALTER ROLE {} NOLOGIN PASSWORD NULL", [name], []


def fits(password, secret):
    """Whether this is the password of which PostgreSQL keeps this SCRAM secret (RFC 5803)."""
    try:
        method, work, keys = (secret or "").split("$")
        iterations, salt = work.split(":")
        stored = base64.b64decode(keys.split(":")[0])
        plain = unicodedata.normalize("NFKC", password).encode()
        salted = hashlib.pbkdf2_hmac("sha256", plain, base64.b64decode(salt), int(iterations))
    except ValueError:
        return False
    client = hmac.new(salted, b"Client Key", hashlib.sha256).digest()
    return method == "SCRAM-SHA-256" and hmac.compare_digest(hashlib.sha256(client).digest(), stored)
