#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drill_fault
short_description: Harm a host for a while, to see what its cluster does about it
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - A fault that lasts is a transient unit of systemd on the host, which heals when its time is over, when it is stopped, and when it
    could not harm as it should. Nobody has to come back to heal it. It does not survive a restart of the host.
  - Faults of the kinds V(kill) and V(reload) are over when the module returns.
  - Loopback is never cut, unless O(loopback) says so.
attributes:
  check_mode:
    description: Can run in check mode and return what it would do, without doing it.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing), when in diff mode.
    support: none
options:
  name:
    description: What to call this fault on the host, in letters, digits and hyphens. No two that last may have the same.
    type: str
    required: true
  state:
    description: Whether to harm, or to heal what lasts at once. With V(healed) and the O(name) V(all), every fault of this module is healed.
    type: str
    choices: [injected, healed]
    default: injected
  kind:
    description:
      - V(kill) ends processes of O(units) by SIGKILL, V(freeze) stops all of them by SIGSTOP.
      - V(stop) stops O(units), V(reload) reloads them, O(times) in a row.
      - V(limit) lets O(units) have less processor, memory or disk. It needs control groups of version 2, as Debian has them.
      - V(cut) drops or refuses what nftables finds by O(peers), O(ports) and O(protocol). Without any of these the host is isolated
        at its interfaces, so that no neighbour hears of an address that it takes.
      - V(delay) delays and loses what leaves by O(interface).
      - V(fill) takes the room of the file system of O(path).
    type: str
    choices: [kill, freeze, stop, reload, limit, cut, delay, fill]
  duration:
    description: Seconds until the host heals itself.
    type: int
    default: 60
  units:
    description: Units of systemd.
    type: list
    elements: str
    default: []
  pattern:
    description: Regular expression that finds the processes to kill by their command lines, instead of the main process.
    type: str
  patience:
    description: Seconds to wait at most until there is a process that O(pattern) finds.
    type: int
    default: 60
  times:
    description: How often to kill or to reload.
    type: int
    default: 1
  every:
    description: Seconds between two of the O(times).
    type: float
    default: 1
  peers:
    description: Addresses or networks on the other side. Without any, all are meant.
    type: list
    elements: str
    default: []
  ports:
    description: Ports of O(protocol) V(tcp), at either end of a connection. Without any, everything is cut.
    type: list
    elements: int
    default: []
  protocol:
    description: Name or number of the protocol above IP; V(112) is VRRP.
    type: str
    default: tcp
  direction:
    description: Whether to cut what comes in, what goes out, or both.
    type: str
    choices: [both, in, out]
    default: both
  percent:
    description: How many of a hundred packets to cut or to lose.
    type: int
    default: 100
  reject:
    description: Refuse instead of dropping, so that the other side knows.
    type: bool
    default: false
  spared_ports:
    description: TCP ports of this host that are never cut, for the controller's way in.
    type: list
    elements: int
    default: [22]
  loopback:
    description: Cut O(ports) between processes of this host, too.
    type: bool
    default: false
  hard:
    description: End all processes of O(units) by SIGKILL before these are stopped, so that they cannot take leave.
    type: bool
    default: false
  delay_ms:
    description: Milliseconds by which to delay.
    type: int
    default: 0
  interface:
    description: Network interface of V(delay).
    type: str
  path:
    description: Directory whose file system to fill.
    type: path
  leave_mb:
    description: MiB to leave free there.
    type: int
    default: 0
  cpu_percent:
    description: How much of one processor O(units) may use each; V(0) for no limit.
    type: int
    default: 0
  memory_mb:
    description: How many MiB of memory O(units) may use each; V(0) for no limit.
    type: int
    default: 0
  io_per_second:
    description: How many writes a second O(units) may make each to O(device); V(0) for no limit.
    type: int
    default: 0
  device:
    description: Block device, or a path on it, of O(io_per_second).
    type: path
"""

EXAMPLES = r"""
- name: Cut this host off from etcd for a minute
  become: true
  steady.airflow.drill_fault:
    name: etcd-away
    kind: cut
    ports: [2379]
    duration: 60

- name: Heal whatever was done to this host
  become: true
  steady.airflow.drill_fault:
    name: all
    state: healed
"""

RETURN = r"""
begun:
  description: Seconds since the epoch on the host's clock, right before the harm was done.
  type: float
  returned: always
done:
  description: Seconds since the epoch on the host's clock, when it was done.
  type: float
  returned: always
victims:
  description: Command lines of the processes that were killed.
  type: list
  elements: str
  returned: always
  sample: ["airflow worker -- 01a2194d-b117-7344-9c90-90a46d8cec4e"]
commands:
  description: What was done, or would be done in check mode.
  type: list
  elements: list
  returned: always
  sample: [["kill", "-KILL", "1234"]]
"""

import os
import re
import signal
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils._drill.inject import NEEDS, Harm
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError


def runner(module):
    def run(command):
        code, out, err = module.run_command(command)
        if code:
            raise SteadyError("%s failed: %s" % (" ".join(command), (err or out).strip()))
        return out

    return run


def main():
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["injected", "healed"], "default": "injected"},
            "kind": {"type": "str", "choices": list(NEEDS)},
            "duration": {"type": "int", "default": 60},
            "units": {"type": "list", "elements": "str", "default": []},
            "pattern": {"type": "str"},
            "patience": {"type": "int", "default": 60},
            "times": {"type": "int", "default": 1},
            "every": {"type": "float", "default": 1},
            "peers": {"type": "list", "elements": "str", "default": []},
            "ports": {"type": "list", "elements": "int", "default": []},
            "protocol": {"type": "str", "default": "tcp"},
            "direction": {"type": "str", "choices": ["both", "in", "out"], "default": "both"},
            "percent": {"type": "int", "default": 100},
            "reject": {"type": "bool", "default": False},
            "spared_ports": {"type": "list", "elements": "int", "default": [22]},
            "loopback": {"type": "bool", "default": False},
            "hard": {"type": "bool", "default": False},
            "delay_ms": {"type": "int", "default": 0},
            "interface": {"type": "str"},
            "path": {"type": "path"},
            "leave_mb": {"type": "int", "default": 0},
            "cpu_percent": {"type": "int", "default": 0},
            "memory_mb": {"type": "int", "default": 0},
            "io_per_second": {"type": "int", "default": 0},
            "device": {"type": "path"},
        },
        required_if=[("state", "injected", ["kind"])],
        supports_check_mode=True,
    )
    wish = module.params
    if not re.fullmatch("[A-Za-z0-9-]+", wish["name"]):
        module.fail_json(msg="name must consist of letters, digits and hyphens, not %s" % wish["name"])
    harm = Harm(runner(module), lambda pid: os.kill(pid, signal.SIGKILL), module.check_mode)
    try:
        if wish["state"] == "injected":
            harm.inject(wish)
        else:
            harm.heal(wish["name"])
    except (SteadyError, OSError) as error:
        module.fail_json(msg="%s on this host: %s" % (wish["name"], error), commands=harm.commands)
    module.exit_json(changed=bool(harm.commands), begun=harm.begun, done=time.time(), commands=harm.commands, victims=harm.victims)


if __name__ == "__main__":
    main()
