#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drill_look
short_description: Watch a host and tiers of its cluster, and tell from when to when each was not whole
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Looks at O(tiers) and at O(units) of this host about once a second, until O(least) seconds are over and a look that began after
    that found all of them whole.
  - That something is not whole is an answer, not a failure.
attributes:
  check_mode:
    description: Can run in check mode and return what it would return otherwise, since it changes nothing.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing), when in diff mode.
    support: N/A
    details: Nothing is ever changed.
options:
  tiers:
    description:
      - What to look at beside this host, of C(etcd), C(postgresql), C(rabbitmq), C(redis) and C(airflow), each with its options.
      - These are C(members), C(port), C(use_tls), C(ca_path), C(client_cert), C(client_key), C(username) and C(password), as
        the modules whose names end with C(_info) have them. C(redis) has C(sentinel_port) and C(master_name) as well.
      - C(rabbitmq) and C(redis) need the number of C(workers), and C(redis) the name of their account, C(worker_user). Both are judged as
        C(broker), too, which is well as long as it serves, whoever is missing, and as C(workers), which are well when all are there.
      - RabbitMQ is asked on this host.
    type: dict
    default: {}
  broker_password:
    description: Password of C(rabbitmq) or C(redis).
    type: str
  units:
    description: Units of systemd that are to be active on this host.
    type: list
    elements: str
    default: []
  scheduler:
    description: Whether a scheduler on this host is to be well, too.
    type: bool
    default: false
  vip:
    description: The virtual address, to tell whether this host holds it.
    type: str
    default: ""
  least:
    description: Seconds to watch at least.
    type: int
    default: 0
  seconds:
    description: Seconds to watch at most. Looks once at least.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Watch this host for a minute, and on until it is well
  steady.airflow.drill_look:
    units: [haproxy.service, keepalived.service]
    vip: 192.0.2.10
    least: 60
    seconds: 300
"""

RETURN = r"""
whole:
  description: Seconds since the epoch on this host's clock, when all had become whole; null if they were not whole at the end.
  type: float
  returned: always
watched:
  description: What was not whole, from when to when, and what is wrong now. C(host) is this host itself.
  type: dict
  returned: always
  sample: {postgresql: {away: [[1795392001.2, 1795392024.9]], problems: []}}
leaders:
  description: Names of those that lead C(etcd), C(postgresql), C(redis) and a C(queue) that is used, and of C(synchronous) standbys.
  type: dict
  returned: always
  sample: {postgresql: node1, synchronous: [node2]}
vip:
  description: Whether this host holds O(vip).
  type: bool
  returned: always
dag_processor:
  description: Whether the dag-processor of this host is the one that works.
  type: bool
  returned: always
task:
  description: Whether a task runs on this host.
  type: bool
  returned: always
clock:
  description: The id of this boot, and at which moment its clock began, in seconds since the epoch.
  type: dict
  returned: always
fenced:
  description:
    - When this host had stood still, and its tasks were ended, in seconds since the epoch. C(woke) is when it went on, C(ended) when all of
      them had been.
  type: list
  returned: always
  sample: [{woke: 1795392151.212, ended: 1795392151.214}]
machine:
  description:
    - Whether the host had the processors it wanted meanwhile. C(waiting) is the percent of the time in which some process waited for one, null
      where the kernel does not count that, C(stolen) the percent of their time that went to others on the same hardware.
  type: dict
  returned: always
  sample: {waiting: 83, stolen: 2}
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils._drill import here, machine, watch
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._host import network
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files


def shown(module, prop):
    """{unit: property} of systemd; one call, whatever the number of units."""
    def show(units):
        code, out, err = module.run_command(["systemctl", "show", "--property=" + prop, "--value", *units])
        if code:
            raise SteadyError("systemctl does not tell about %s: %s" % (", ".join(units), err.strip()))
        return dict(zip(units, (value.strip() for value in out.split("\n\n"))))

    return show


def main():
    module = AnsibleModule(
        argument_spec={
            "tiers": {"type": "dict", "default": {}},
            "broker_password": {"type": "str", "no_log": True},
            "units": {"type": "list", "elements": "str", "default": []},
            "scheduler": {"type": "bool", "default": False},
            "vip": {"type": "str", "default": ""},
            "least": {"type": "int", "default": 0},
            "seconds": {"type": "int", "default": 0},
        },
        supports_check_mode=True,
    )
    wish = module.params
    password = {"password": wish["broker_password"]}
    try:
        looks = watch.looks({tier: dict(options, **(password if tier in watch.BROKERS else {})) for tier, options in wish["tiers"].items()})
        if wish["units"]:
            looks["host"] = here.look_at_units(shown(module, "ActiveState"), wish["units"], wish["scheduler"])
        before = machine.read()
        found = watch.watch(looks, wish["least"], wish["seconds"])
        control_groups = shown(module, "ControlGroup")
        dags, task = (here.has(process, lambda unit: control_groups([unit])[unit]) for process in (here.DAG_PROCESSOR, here.TASK))
    except SteadyError as error:
        module.fail_json(msg="%s" % error)
    module.exit_json(
        changed=False,
        whole=found["whole"],
        watched=found["watched"],
        leaders=here.leaders(found["reports"]),
        vip=wish["vip"] in network.addresses(Files()),
        dag_processor=dags,
        task=task,
        clock=here.clock(),
        fenced=here.fenced(),
        machine=machine.between(before, machine.read()),
    )


if __name__ == "__main__":
    main()
