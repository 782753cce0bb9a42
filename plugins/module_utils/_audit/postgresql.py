# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what PostgreSQL on a host says of itself, asked once as its own user, and what Patroni has agreed on.

In a container its own psql is asked, in that container's view of the files and as the user that runs the database there.
"""

from __future__ import annotations

import json
import os
import re

from ansible_collections.steady.airflow.plugins.module_utils._audit import services

SETTINGS = (
    "archive_mode", "autovacuum", "client_connection_check_interval", "data_checksums", "default_transaction_isolation", "fsync", "full_page_writes",
    "hot_standby", "idle_in_transaction_session_timeout", "max_connections", "max_slot_wal_keep_size", "password_encryption", "port",
    "reserved_connections", "server_version_num", "ssl", "ssl_cert_file", "superuser_reserved_connections", "synchronous_commit", "synchronous_standby_names",
    "tcp_keepalives_idle", "tcp_user_timeout", "wal_level", "wal_log_hints", "wal_receiver_timeout", "wal_retrieve_retry_interval",
    "wal_sender_timeout",
)
QUESTION = """
SELECT json_build_object(
  'settings', (SELECT json_object_agg(name, reset_val) FROM pg_settings WHERE name IN (%s)),
  'data_directory', current_setting('data_directory'),
  'recovery', pg_is_in_recovery(),
  'standbys', (SELECT coalesce(json_agg(json_build_object('name', application_name, 'state', state, 'sync', sync_state)), '[]') FROM pg_stat_replication),
  'slots', (SELECT coalesce(json_agg(json_build_object('name', slot_name, 'active', active)), '[]') FROM pg_replication_slots),
  'roles', (SELECT coalesce(json_object_agg(rolname, ARRAY(SELECT told FROM unnest(rolconfig) told WHERE split_part(told, '=', 1) IN (%s))), '{}')
            FROM pg_roles WHERE rolcanlogin),
  'superusers', (SELECT coalesce(json_agg(rolname), '[]') FROM pg_roles WHERE rolsuper AND rolcanlogin),
  'sessions', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
  'idle', (SELECT coalesce(max(extract(epoch FROM now() - state_change)), 0) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'),
  'blocked', (SELECT coalesce(max(extract(epoch FROM now() - query_start)), 0) FROM pg_stat_activity WHERE wait_event_type = 'Lock'),
  'archive', (SELECT json_build_object('refused', CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN last_failed_wal END,
              'waiting', (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%%.ready')) FROM pg_stat_archiver),
  'bytes', (SELECT coalesce(json_object_agg(datname, pg_database_size(datname)), '{}') FROM pg_database WHERE datallowconn)
)""" % ((", ".join("'%s'" % name for name in SETTINGS),) * 2)
PSQL = ["psql", "--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--dbname", "postgres", "--command", QUESTION]
USERS = re.compile(r"^([UG]id):\s+(\d+)", re.MULTILINE)
SUPERUSER = "postgres"
DYNAMIC = "patroni.dynamic.json"  # Patroni keeps what it last heard of its cluster beside the data
SECONDS = 5


def look(files, found, run):
    """What was seen, {"problem": why nobody could}, or None where no PostgreSQL runs. run: a command to (status, output, error)."""
    service = min((each for each in found if each["kind"] in ("postgresql", "patroni")), key=lambda each: bool(each["container"]), default=None)
    if service is None:
        return None
    if os.geteuid() != 0:
        return {"problem": "only root may ask PostgreSQL as its own user"}
    enter, variables = _inside(files, service) if service["container"] else (["runuser", "--user", SUPERUSER, "--"], {})
    patience = {"PGCONNECT_TIMEOUT": str(SECONDS), "PGOPTIONS": "-c statement_timeout=%ds" % SECONDS}
    status, out, err = run([*enter, *PSQL], environ_update={**variables, **patience}, cwd="/")
    if status != 0:
        return {"problem": "PostgreSQL does not answer: %s" % " ".join(err.split())[:200]}
    seen = json.loads(out)
    return dict(seen, problem="", inside=bool(service["container"]), patroni=_dynamic(files.inside(service), seen["data_directory"]))


def _inside(files, service):
    """(command, its variables) to run another one where this service does, with its rights and its programs."""
    users = dict(USERS.findall(files.text("/proc/%d/status" % service["pid"])))
    own, _hidden = services.environment_of(files, service)
    command = ["nsenter", "--target", str(service["pid"]), "--mount", "--setuid", users.get("Uid", "0"), "--setgid", users.get("Gid", "0"), "--"]
    return command, {"PGUSER": own.get("POSTGRES_USER", SUPERUSER), **({"PATH": own["PATH"]} if "PATH" in own else {})}


def _dynamic(files, directory):
    """What Patroni's members agree on, without what may be secret; None without Patroni."""
    try:
        told = json.loads(files.text(os.path.join(directory, DYNAMIC)) or "null")
    except ValueError:
        return None
    return {name: value for name, value in told.items() if not isinstance(value, (dict, list))} if isinstance(told, dict) else None
