#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_runs_info
short_description: Tell what Airflow has run since a moment, or what it has at work
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Asks Airflow's database on the host that leads, and needs no Airflow that runs.
extends_documentation_fragment:
  - steady.airflow.socket
  - steady.airflow.without_diff
options:
  since:
    description:
      - A moment with its offset from UTC. DAG runs and task instances are told that began or ended after it.
      - Without it those that have begun, or are about to, and have not ended.
    type: str
    default: ""
  limit:
    description: How many of each are told at most, the latest ones.
    type: int
    default: 1000
  database:
    description: Airflow's database.
    type: str
    default: airflow
"""

EXAMPLES = r"""
- name: What would be forgotten if we went back to noon?
  steady.airflow.airflow_runs_info:
    since: 2026-03-01 12:00:00+00:00
  register: forgotten
"""

RETURN = r"""
dag_runs:
  description: DAG runs, the latest first. Moments are texts with their offset, or null.
  type: list
  elements: dict
  returned: always
  sample: [{dag_id: etl, run_id: manual__1, state: success, start: "2026-03-01 12:01:00.526441+00", end: "2026-03-01 12:02:00.1+00"}]
task_instances:
  description: Task instances, the latest first.
  type: list
  elements: dict
  returned: always
  sample: [{dag_id: etl, run_id: manual__1, task_id: load, map_index: -1, try_number: 1, state: running, host: node2,
            start: "2026-03-01 12:01:01.61866+00", end: null}]
total:
  description: How many there are of each, told or not.
  type: dict
  returned: always
  sample: {dag_runs: 1, task_instances: 1}
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.steady.airflow.plugins.module_utils import _postgresql

try:
    import psycopg2
    import psycopg2.extras
except ImportError:
    psycopg2 = None

# in the session's own time zone, which is UTC
COLUMNS = {
    "dag_runs": "dag_id, run_id, state, start_date::text AS start, end_date::text AS end FROM dag_run",
    "task_instances": "dag_id, run_id, task_id, map_index, try_number, state, hostname AS host, start_date::text AS start, end_date::text AS end "
                      "FROM task_instance",
}
SINCE = " WHERE start_date > %(since)s::timestamptz OR end_date > %(since)s::timestamptz"
AT_WORK = " WHERE state IN ('queued', 'running', 'restarting', 'deferred')"


def look(connection, since, limit):
    """What the module returns."""
    where, found, total = SINCE if since else AT_WORK, {}, {}
    with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
        for what, columns in COLUMNS.items():
            values = {"since": since, "limit": limit}
            cursor.execute("SELECT count(*) OVER () AS total, " + columns + where + " ORDER BY start_date DESC NULLS LAST LIMIT %(limit)s", values)
            rows = cursor.fetchall()
            total[what] = rows[0]["total"] if rows else 0
            found[what] = [{key: value for key, value in row.items() if key != "total"} for row in rows]
    return {**found, "total": total}


def main():
    module = AnsibleModule(
        argument_spec={
            "since": {"type": "str", "default": ""},
            "limit": {"type": "int", "default": 1000},
            "database": {"type": "str", "default": "airflow"},
            **_postgresql.SOCKET,
        },
        supports_check_mode=True,
    )
    wish = module.params
    if psycopg2 is None:
        module.fail_json(msg=missing_required_lib("psycopg2"))
    try:
        with _postgresql.connect(psycopg2, wish, wish["database"], "-c timezone=UTC -c default_transaction_read_only=on") as connection:
            found = look(connection, wish["since"], wish["limit"])
    except psycopg2.Error as error:
        module.fail_json(msg="Airflow's database %s cannot be asked at %s: %s" % (wish["database"], wish["socket"], str(error).strip()))
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
