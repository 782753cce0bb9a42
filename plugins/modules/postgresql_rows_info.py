#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: postgresql_rows_info
short_description: Count the rows of all tables of a PostgreSQL
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Counts them one table after the other, on a leader or on a standby, and so takes as long as reading all of it.
extends_documentation_fragment:
  - steady.airflow.socket
  - steady.airflow.without_diff
"""

EXAMPLES = r"""
- name: What is there now?
  steady.airflow.postgresql_rows_info:
  register: running
"""

RETURN = r"""
rows:
  description: How many rows each table has, by the names of its database, its schema and its own.
  type: dict
  returned: always
  sample: {airflow public.dag_run: 120, airflow public.task_instance: 3600}
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.steady.airflow.plugins.module_utils import _postgresql, _rows

try:
    import psycopg2
except ImportError:
    psycopg2 = None


def main():
    module = AnsibleModule(argument_spec=_postgresql.SOCKET, supports_check_mode=True)
    wish = module.params
    if psycopg2 is None:
        module.fail_json(msg=missing_required_lib("psycopg2"))

    def connect(database):
        return _postgresql.connect(psycopg2, wish, database, "-c default_transaction_read_only=on")

    try:
        rows = _rows.count(connect, _rows.databases(connect))
    except psycopg2.Error as error:
        module.fail_json(msg="PostgreSQL cannot be asked at %s: %s" % (wish["socket"], str(error).strip()))
    module.exit_json(changed=False, rows=rows)


if __name__ == "__main__":
    main()
