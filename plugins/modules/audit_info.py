#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: audit_info
short_description: What an audit needs to know of a host, whoever built it
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Finds the services of an Airflow and of what it stands on by what they run, and tells how systemd treats them and what Airflow is told.
  - Reads only, and needs nothing but Python. As root it sees most. It starts nothing but C(systemctl show) and, as C(postgres), one query with C(psql).
  - To Airflow's database, broker and API a connection is opened and closed, at most for a second each. An API server of the host is asked for
    everybody's health.
  - A secret is told by its length and a salted digest, so that hosts can be compared.
attributes:
  check_mode:
    description: Reads only, so it does the same in check mode.
    support: full
  diff_mode:
    description: Changes nothing.
    support: N/A
options:
  salt:
    description: A random text of 16 characters or more, the same for all hosts of an audit, and new each time.
    type: str
    required: true
  units:
    description:
      - Units that do not say by themselves what they run, such as a script that starts a scheduler, and what that is.
      - "Such as C({our-scheduler.service: scheduler}); see the C(kind) that is returned."
    type: dict
    default: {}
  controller_time:
    description: The controller's time in seconds since the epoch. It is handed back, to be compared with C(time).
    type: float
"""

EXAMPLES = r"""
- name: Look at the host
  become: true
  steady.airflow.audit_info:
    salt: "{{ audit_salt }}"
    controller_time: "{{ now().timestamp() }}"
"""

RETURN = r"""
audit:
  description: What was seen.
  returned: always
  type: dict
  contains:
    hostname:
      description: The host's own name.
      type: str
    privileged:
      description: Whether the module ran as root.
      type: bool
    time:
      description: The host's time in seconds since the epoch.
      type: float
    controller_time:
      description: What O(controller_time) said, or null.
      type: float
    clock_synchronised:
      description: Whether something keeps the clock in step; null for a container, which has no clock of its own.
      type: bool
    services:
      description:
        - C(kind), such as V(scheduler), V(postgresql) or V(haproxy); C(unit) of systemd, empty for a process that none has started; C(container), its name,
          empty where it is in none; C(settings) of the unit, times of them in seconds, null for infinite, and what its command asks for as
          C(Daemon), C(Runs) and C(Processes); and C(queues) that a worker was told to serve, none for the default one.
      type: list
      elements: dict
      sample:
        - {"kind": "worker", "unit": "airflow-worker.service", "container": "", "settings": {"KillMode": "mixed", "TimeoutStop": 660.0}, "queues": []}
    containers:
      description: What Docker has written down of the container of such a service, as C(name), C(kind), C(image), C(restart), C(stop) and others.
      type: list
      elements: dict
    postgresql:
      description:
        - What PostgreSQL on this host says of itself, with C(settings), C(recovery), C(standbys), C(slots), C(roles) with their settings, C(superusers),
          C(sessions), for how many seconds one has been C(idle) in its transaction and one C(blocked) by a lock, and the C(bytes) of each database;
          C(patroni), what Patroni's members have agreed on, without what is structured; C(inside), whether it is in a container; and C(problem),
          why it could not be asked. Null where none runs.
      type: dict
    etcd:
      description:
        - C(settings), what etcd on this host was started with, as it names its variables, without secrets; and C(problem), why that could not be read.
          Null where none runs.
      type: dict
    rabbitmq:
      description:
        - C(settings) of RabbitMQ's configuration files on this host, without secrets, its C(plugins), C(feature_flags) and C(version); C(queues) that
          it keeps here, each with its C(vhost), C(name) and C(type), null where nobody may look; and C(problem), why files could not be read. Null where
          none runs.
      type: dict
    backups:
      description:
        - Of the collection's own backups, where they are kept, C(problems) and the C(time) of the last look, and C(proof), what the last restore drill
          left or null. Null elsewhere.
      type: dict
    texts:
      description:
        - By V(haproxy), V(keepalived), V(pgbouncer), V(redis) and V(redis_sentinel), where these run, the C(path) and the C(text) of the
          configuration without its passwords, C(problem), why it could not be read, and C(inside), whether the path is a container's.
      type: dict
    airflow:
      description:
        - One for each different configuration, with the C(components) that have it, C(version) and C(packages) of their environment, the C(path) and
          C(mode) of the file; and C(options), C(problem) and C(broken) as M(steady.airflow.airflow_config_info) returns them; C(dags), the folder of
          DAG files with how many there are and a digest of them, null where there is none; and C(reach), in how many seconds a connection to the
          database, broker and API was opened, or why not; and C(health), the C(statuses) that an API server here tells, or C(problem).
      type: list
      elements: dict
    certificates:
      description: By C(path) each C(certificate) in PEM form that a service here shows to others, and C(problem), why it could not be read. Never a key.
      type: list
      elements: dict
"""

import os
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow, backups, certificates, docker, etcd, postgresql, rabbitmq, services, texts
from ansible_collections.steady.airflow.plugins.module_utils._host import clock, system
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files


def found_services(module, files):
    """Without systemd there are processes only."""
    command = ["systemctl", "show", "*.service", *services.at_boot(files), "--property=" + ",".join(services.PROPERTIES)]
    text = module.run_command(command, check_rc=True)[1] if system.has_systemd(files) else ""
    known = services.units(text, module.params["units"])
    return known + services.processes(files, known)


def main():
    module = AnsibleModule(
        argument_spec={"salt": {"type": "str", "required": True, "no_log": True}, "units": {"type": "dict", "default": {}},
                       "controller_time": {"type": "float"}},
        supports_check_mode=True,
    )
    wrong = sorted(set(module.params["units"].values()) - services.KINDS)
    if wrong:
        module.fail_json(msg="units: %s is none of %s" % (", ".join(wrong), ", ".join(sorted(services.KINDS))))
    files = Files()
    found = found_services(module, files)
    audit = {
        "hostname": os.uname().nodename,
        "privileged": os.geteuid() == 0,
        "time": time.time(),
        "controller_time": module.params["controller_time"],
        "clock_synchronised": clock.synchronised(system.is_container(files), clock.kernel_max_error()),
        "services": [services.told(files, each) for each in found],
        "containers": docker.look(files, found),
        "postgresql": postgresql.look(files, found, module.run_command),
        "etcd": etcd.look(files, found),
        "rabbitmq": rabbitmq.look(files, found),
        "backups": backups.look(files),
        "texts": texts.look(files, found),
        "airflow": airflow.look(files, found, module.params["salt"]),
    }
    module.exit_json(changed=False, audit={**audit, "certificates": certificates.look(files, found, audit)})


if __name__ == "__main__":
    main()
