#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_services_info
short_description: What the database and the broker are that others run for Airflow
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Connects to each as Airflow does, by the same URL and with the same drivers, and tells what it is and what Airflow may do there.
  - P(steady.airflow.service_findings#filter) judges the answer.
  - It leaves nothing behind. In PostgreSQL a table is made and taken back within one transaction, in MySQL made and dropped; at RabbitMQ a
    queue is declared that ends with the connection.
requirements: [SQLAlchemy and its driver, kombu, "both in Airflow's own environment, whose Python runs this module"]
attributes:
  check_mode:
    support: full
    description: Does the same in check mode.
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  database_url:
    description: URL of the database as SQLAlchemy wants it, C(database.sql_alchemy_conn) of Airflow. Empty for none.
    type: str
    default: ""
  broker_url:
    description: URL of the broker as Celery wants it, C(celery.broker_url) of Airflow. Empty for none.
    type: str
    default: ""
  broker_ssl:
    description: How it is secured, C(broker_use_ssl) of Celery; without it, not.
    type: dict
  timeout:
    description: Seconds to wait for the broker.
    type: int
    default: 5
"""

EXAMPLES = r"""
- name: What is the database that others run?
  steady.airflow.airflow_services_info:
    database_url: "{{ my_database_url }}"
  vars:
    ansible_python_interpreter: /opt/airflow/current/bin/python
  register: services
"""

RETURN = r"""
database:
  description:
    - What the database is; empty without O(database_url). RV(database.problem) alone where it does not answer.
  type: dict
  returned: always
  contains:
    product:
      description: V(PostgreSQL), V(MySQL), or another one that speaks the same protocol, such as V(MariaDB) or V(CockroachDB).
      type: str
    version:
      description: Its version.
      type: str
      sample: "17.6"
    encrypted:
      description: Whether the session is.
      type: bool
    writable:
      description: Whether it takes writes; a standby does not.
      type: bool
    isolation:
      description: Isolation of transactions, as C(read committed).
      type: str
    encoding:
      description: Encoding of the database's texts.
      type: str
    skip_locked:
      description: Why rows that others hold cannot be passed over, which schedulers need; empty where they can.
      type: str
    create:
      description: Why no table can be made; empty where one can.
      type: str
    timestamps:
      description: Whether MySQL's C(explicit_defaults_for_timestamp) is on; always true of PostgreSQL.
      type: bool
    problem:
      description: Why it cannot be asked.
      type: str
broker:
  description:
    - What the broker is; empty without O(broker_url). RV(broker.problem) alone where it does not answer.
  type: dict
  returned: always
  contains:
    product:
      description: What it calls itself, such as V(RabbitMQ) or V(Redis).
      type: str
    version:
      description: Its version.
      type: str
    encrypted:
      description: Whether the session is.
      type: bool
    declare:
      description: Why no queue can be declared at RabbitMQ; empty where one can, and for Redis.
      type: str
    role:
      description: Redis' role, V(master) or V(slave).
      type: str
    clustered:
      description: Whether it is a Redis that has its keys on several hosts.
      type: bool
    eviction:
      description: Redis' C(maxmemory_policy).
      type: str
    problem:
      description: Why it cannot be asked.
      type: str
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.steady.airflow.plugins.module_utils import _services

try:
    import kombu
    import sqlalchemy
except ImportError:
    kombu = sqlalchemy = None


def main():
    module = AnsibleModule(
        argument_spec={
            "database_url": {"type": "str", "default": "", "no_log": True},
            "broker_url": {"type": "str", "default": "", "no_log": True},
            "broker_ssl": {"type": "dict"},
            "timeout": {"type": "int", "default": 5},
        },
        supports_check_mode=True,
    )
    wish = module.params
    if sqlalchemy is None:
        module.fail_json(msg=missing_required_lib("SQLAlchemy and kombu"))
    database = _services.database(sqlalchemy, wish["database_url"]) if wish["database_url"] else {}
    broker = _services.broker(kombu, wish["broker_url"], wish["broker_ssl"], wish["timeout"]) if wish["broker_url"] else {}
    module.exit_json(changed=False, database=database, broker=broker)


if __name__ == "__main__":
    main()
