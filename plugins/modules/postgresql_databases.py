#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: postgresql_databases
short_description: Databases of PostgreSQL, each with its owner and the one account that may log in
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Runs on the leader. Makes what is missing of databases, owners and accounts, and sets passwords that are not the wanted ones.
  - An account acts as the owner, so another one can take its place. The former one is locked out as soon as nobody uses
    it any more; until then both can log in. So a password is replaced under load, together with the account's name.
  - All other accounts, which are named neither like the owner nor beginning with its name and C(_), are left alone.
  - Passwords are sent to PostgreSQL as SCRAM secrets only, so they are in none of its logs.
extends_documentation_fragment:
  - steady.airflow.socket
  - steady.airflow.without_diff
options:
  databases:
    description: The databases.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the database.
        type: str
        required: true
      owner:
        description: Role that owns it.
        type: str
        required: true
      user:
        description: Account that may log in, the owner itself or a name that begins with the owner's and C(_).
        type: str
        required: true
      password:
        description: Password of the account.
        type: str
        required: true
      settings:
        description: Settings of the account's sessions.
        type: dict
  accounts:
    description: Accounts that exist already, which shall have these passwords.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the account.
        type: str
        required: true
      password:
        description: Its password.
        type: str
        required: true
"""

EXAMPLES = r"""
- name: A database, and the account that replaces airflow
  steady.airflow.postgresql_databases:
    databases:
      - name: airflow
        owner: airflow
        user: airflow_2
        password: "{{ airflow_database_password }}"
        settings: {idle_in_transaction_session_timeout: 60s}
"""

RETURN = r"""
steps:
  description: What was done, or would be in check mode.
  type: list
  elements: str
  returned: always
  sample: [create account airflow_2, let airflow_2 act as airflow, give airflow_2 its password]
former:
  description: Accounts that are still used, though others took their place, each with the addresses of its clients.
  type: dict
  returned: always
  sample: {airflow: [192.0.2.11]}
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.steady.airflow.plugins.module_utils import _postgresql
from ansible_collections.steady.airflow.plugins.module_utils._accounts import belongs

try:
    import psycopg2
    import psycopg2.extensions
    import psycopg2.sql
except ImportError:
    psycopg2 = None

# of this session: it is given back when the session ends, and also when the run or its host dies
ALONE = "SELECT pg_advisory_lock(%d)" % 0x57EAD0002


def needed(wish, seen, encrypt):
    """Return the steps that are missing, and the accounts that cannot be locked out yet."""
    missing, kept = [], {}
    for one in wish["accounts"]:
        missing += _postgresql.let_in(one["name"], one["password"], seen["roles"].get(one["name"]), encrypt)
    for database in wish["databases"]:
        missing += _postgresql.steps(database, seen, encrypt)
        for name, used_from in _postgresql.former(database, seen).items():
            if used_from:
                kept[name] = used_from
            else:
                missing.append(_postgresql.lock_out(name))
    return missing, kept


def bring_about(connection, wish, check_mode):
    """Do what is missing; return the sentences about it, and the accounts that are still used."""

    def encrypt(password, user):
        return psycopg2.extensions.encrypt_password(password, user, connection, "scram-sha-256")

    with connection.cursor() as cursor:
        missing, kept = needed(wish, _postgresql.look(cursor), encrypt)
        if missing and not check_mode:
            cursor.execute(ALONE)
            missing, kept = needed(wish, _postgresql.look(cursor), encrypt)  # another run may have done it meanwhile
            for sentence, statement, identifiers, values in missing:
                cursor.execute(psycopg2.sql.SQL(statement).format(*map(psycopg2.sql.Identifier, identifiers)), values)
    return [sentence for sentence, statement, identifiers, values in missing], kept


def main():
    module = AnsibleModule(
        argument_spec={
            "databases": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "owner": {"type": "str", "required": True},
                    "user": {"type": "str", "required": True},
                    "password": {"type": "str", "required": True, "no_log": True},
                    "settings": {"type": "dict"},
                },
            },
            "accounts": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "no_log": False,
                "options": {
                    "name": {"type": "str", "required": True},
                    "password": {"type": "str", "required": True, "no_log": True},
                },
            },
            **_postgresql.SOCKET,
        },
        supports_check_mode=True,
    )
    wish = module.params
    for database in wish["databases"]:
        if not belongs(database["user"], database["owner"]):
            module.fail_json(msg="The account %(user)s of database %(name)s must be %(owner)s, or begin with %(owner)s_." % database)
    if psycopg2 is None:
        module.fail_json(msg=missing_required_lib("psycopg2"))
    try:
        with _postgresql.connect(psycopg2, wish, "postgres") as connection:
            connection.autocommit = True
            done, kept = bring_about(connection, wish, module.check_mode)
    except psycopg2.Error as error:
        # without the line of the statement, which has the secret in it
        module.fail_json(msg="PostgreSQL at %s refused: %s" % (wish["socket"], error.diag.message_primary or str(error).strip()))
    module.exit_json(changed=bool(done), steps=done, former=kept)


if __name__ == "__main__":
    main()
