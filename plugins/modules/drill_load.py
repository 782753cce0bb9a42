#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drill_load
short_description: Want runs of DAGs, ask and write without a pause, and write down what became of each
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Runs on the controller for as long as a drill lasts, as an asynchronous task, until O(stop_file) is there.
  - Triggers runs through the VIP, each with an id of its own. A request without an answer is repeated with the same id.
  - Asks for Airflow's health, and commits numbers to a table of its own in Airflow's database, through the same door as Airflow.
  - Every entry of O(record) is written at once, so it is whole even if the controller dies.
requirements: [psycopg2]
extends_documentation_fragment: steady.airflow.airflow_api
attributes:
  check_mode:
    description: Can run in check mode and return without doing anything.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing), when in diff mode.
    support: none
options:
  database:
    description: Where to write, as options of libpq without the password, such as C(host), C(dbname) and C(sslrootcert).
    type: dict
    required: true
  database_password:
    description: Password there.
    type: str
    required: true
  dags:
    description: DAGs to trigger.
    type: list
    elements: dict
    required: true
    suboptions:
      dag:
        description: Id of the DAG.
        type: str
        required: true
      every:
        description: Seconds between two runs.
        type: float
        required: true
  prefix:
    description: What all ids of runs begin with.
    type: str
    required: true
  requests_per_second:
    description: How often to ask for Airflow's health. Each request is three to the database.
    type: float
    default: 5
  writes_per_second:
    description: How often to write, at most.
    type: float
    default: 10
  record:
    description: File to append to.
    type: path
    required: true
  stop_file:
    description: File that ends the load as soon as it is there.
    type: path
    required: true
  limit:
    description: Seconds after which the load ends by itself.
    type: int
    default: 86400
"""

EXAMPLES = r"""
- name: Begin the load
  steady.airflow.drill_load:
    url: https://192.0.2.10:8080
    username: admin
    password: "{{ airflow_admin_password }}"
    database: {host: 192.0.2.10, dbname: airflow, user: airflow, sslmode: verify-full, sslrootcert: /tmp/drill/ca.crt}
    database_password: "{{ airflow_database_password }}"
    ca_path: /tmp/drill/ca.crt
    dags: [{dag: steady_drill_pulse, every: 1}]
    prefix: drill-7
    record: /tmp/drill/record
    stop_file: /tmp/drill/stop
  delegate_to: localhost
  run_once: true
  async: 86400
  poll: 0
"""

RETURN = r"""
acknowledged:
  description: How many writes the database acknowledged.
  type: int
  returned: always
lost:
  description: Numbers that were acknowledged and are not in the database.
  type: list
  elements: int
  returned: always
problems:
  description: Sentences about what the load could not do, so that its silence proves nothing.
  type: list
  elements: str
  returned: always
stopped:
  description: Moment at which it stopped, in seconds since the epoch.
  type: float
  returned: always
"""

import contextlib
import os
import time

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import HttpClient, direct_opener, tls_context
from ansible_collections.steady.airflow.plugins.module_utils._drill import driver
from ansible_collections.steady.airflow.plugins.module_utils._drill.session import ARGUMENTS, Session
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError

try:
    import psycopg2
except ImportError:
    psycopg2 = None

TRIGGER_SECONDS = 10
QUESTION_SECONDS = 1
LAST_SECONDS = 60  # for the question which writes are there
# This client gives up sooner than Airflow's do: it is to notice the end of an outage, not to ride it out.
PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 2}
LOOK = 0.2  # seconds between two looks for the file that ends all


def threads(wish, record):
    """The writer, and everybody else."""
    def connect():
        return psycopg2.connect(password=wish["database_password"], application_name="steady drill", **dict(PATIENCE, **wish["database"]))

    def client(seconds):
        return HttpClient(direct_opener(tls_context(wish["ca_path"])), seconds)

    session = Session(client(TRIGGER_SECONDS), wish["url"], wish["username"], wish["password"])
    session.login()
    others = [driver.Trigger(session, record, one["dag"], one["every"], wish["prefix"]) for one in wish["dags"]]
    others.append(driver.Asker(client(QUESTION_SECONDS), record, wish["url"], wish["requests_per_second"], QUESTION_SECONDS))
    return driver.Writer(connect, (psycopg2.Error,), record, wish["writes_per_second"]), others


def drive(wish, record):
    """Runs until it is to stop; returns what the module does."""
    writer, others = threads(wish, record)
    writer.begin()
    for one in (writer, *others):
        one.start()
    end = time.monotonic() + wish["limit"]
    while not os.path.exists(wish["stop_file"]) and time.monotonic() < end:
        time.sleep(LOOK)  # the interval of the poll: the playbook that ends the load has no other way to this process
    stopped = time.time()
    for one in (writer, *others):
        one.stop()
    for one in (writer, *others):
        one.join()
    lost = writer.lost(LAST_SECONDS)
    return {"acknowledged": len(writer.acknowledged), "lost": lost, "stopped": stopped,
            "problems": [one.problem for one in (writer, *others) if one.problem]}


def main():
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS,
            "database": {"type": "dict", "required": True},
            "database_password": {"type": "str", "required": True, "no_log": True},
            "dags": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "dag": {"type": "str", "required": True},
                    "every": {"type": "float", "required": True},
                },
            },
            "prefix": {"type": "str", "required": True},
            "requests_per_second": {"type": "float", "default": 5},
            "writes_per_second": {"type": "float", "default": 10},
            "record": {"type": "path", "required": True},
            "stop_file": {"type": "path", "required": True},
            "limit": {"type": "int", "default": 86400},
        },
        supports_check_mode=True,
    )
    wish = module.params
    if psycopg2 is None:
        module.fail_json(msg=missing_required_lib("psycopg2"))
    if module.check_mode:
        module.exit_json(changed=True, acknowledged=0, lost=[], stopped=time.time(), problems=[])
    try:
        with contextlib.closing(driver.Record(wish["record"])) as record:
            answer = drive(wish, record)
    except (SteadyError, OSError, psycopg2.Error) as error:
        module.fail_json(msg="The load could not be driven: %s" % error)
    module.exit_json(changed=True, **answer)


if __name__ == "__main__":
    main()
