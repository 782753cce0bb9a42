#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
short_description: What a host is and has, in one quick call
version_added: 0.1.0
description:
  - Reads what the collection needs to know of a host, from files below C(/proc), C(/etc) and C(/var/lib/dpkg).
  - Replaces fact gathering for the collection's playbooks. It starts no command but C(systemctl show) and changes nothing.
  - Needs root to name the owners of sockets and to ask who answers for the virtual address.
author:
  - The steady.airflow authors (@steady-airflow)
attributes:
  check_mode:
    support: full
    description: Reads only, so it does the same in check mode.
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  paths:
    description: Paths to tell the free space of. What does not exist yet is told of its nearest existing parent.
    type: list
    elements: path
    default: []
  packages:
    description: Debian packages to tell the installed version of.
    type: list
    elements: str
    default: []
  names:
    description: Names to resolve, as programs on the host would.
    type: list
    elements: str
    default: []
  services:
    description: Services elsewhere, as C(HOST:PORT), to open a connection to and close it again.
    type: list
    elements: str
    default: []
  vip:
    description: Virtual address to look for, on this host and, by ARP or Neighbour Discovery, on the network it lies on.
    type: str
  vip_members:
    description: Addresses of the hosts that may rightly hold O(vip).
    type: list
    elements: str
    default: []
  tls_directory:
    description: Directory whose certificates (C(NAME.crt)) and keys (C(NAME.key)) to tell of.
    type: path
  served_certificates:
    description: Certificates to load as a server would, each with its key in the same file, or in C(NAME.key) beside C(NAME.crt).
    type: list
    elements: path
    default: []
  controller_time:
    description: The controller's time in seconds since the epoch. It is handed back, to be compared with RV(host.time).
    type: float
  timeout:
    description: Seconds to wait for name servers, for each of O(services), and for answers to an ARP request.
    type: float
    default: 2.0
"""

EXAMPLES = r"""
- name: Look at the host
  become: true
  steady.airflow.host_info:
    paths: [/opt, /var/lib]
    packages: [etcd-server, patroni, rabbitmq-server, haproxy, keepalived]
    names: "{{ topology_tiers.values() | flatten | map(attribute='name') | unique }}"
    vip: "{{ topology_vip }}"
    vip_members: "{{ topology_tiers['load_balancers'] | map(attribute='address') }}"
    tls_directory: /etc/steady-airflow/tls
    controller_time: "{{ now().timestamp() }}"

- name: Judge the host
  ansible.builtin.assert:
    that: host_problems | selectattr('severity', 'eq', 'error') | length == 0
    fail_msg: "{{ host_problems | steady.airflow.findings_text }}"
    quiet: true
  vars:
    host_problems: "{{ ansible_facts['steady_host'] | steady.airflow.host_findings(host_expectations) }}"
"""

RETURN = r"""
ansible_facts:
  description: The same as RV(host), as the fact C(steady_host).
  returned: always
  type: dict
  contains:
    steady_host:
      description: See RV(host).
      returned: always
      type: dict
host:
  description: What was seen.
  returned: always
  type: dict
  contains:
    distribution:
      description: C(id), C(version) and C(codename) as in C(/etc/os-release).
      type: dict
    python:
      description: Version of C(/usr/bin/python3), empty where its link does not name it.
      type: str
    architecture:
      description: Machine type as the kernel calls it.
      type: str
    hostname:
      description: The host's own name.
      type: str
    cpus:
      description: Number of processors.
      type: int
    memory_mb:
      description: Memory of the machine in MiB.
      type: int
    container:
      description: Whether the host is a container.
      type: bool
    systemd:
      description: Whether systemd is process 1.
      type: bool
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
    addresses:
      description: The host's IP addresses without loopback and link-local ones.
      type: list
      elements: str
    names:
      description: Addresses for each of O(names); an empty list where a name does not resolve.
      type: dict
    services:
      description: Why each of O(services) cannot be reached; an empty text where it can.
      type: dict
    filesystems:
      description: For each of O(paths) the C(existing) parent, C(free_mb) in MiB and the C(device) it lies on.
      type: dict
    packages:
      description: Installed version of each of O(packages) that is installed.
      type: dict
    listening:
      description: Listening TCP sockets with C(address), C(port), and C(pid), C(process), C(unit) of the owner where it can be read.
      type: list
      elements: dict
      sample: [{"address": "0.0.0.0", "port": 22, "pid": 431, "process": "sshd", "unit": "ssh.service"}]
    hidden:
      description:
        - C(process) and C(unit) of services that do not show which sockets they own, as in a container without
          C(CAP_SYS_PTRACE). One of them owns a socket whose owner is unknown.
      type: list
      elements: dict
    certificates:
      description: Certificates in O(tls_directory) by their names, as PEM texts.
      type: dict
    keys:
      description: Keys there, never their content. C(owner), C(mode), and a digest of the C(public) key (empty if it is not ECDSA P-256).
      type: dict
    served:
      description: For each of O(served_certificates) its C(certificate) as PEM text, without the key, and the C(problem) of loading both.
      type: dict
    kept:
      description:
        - What M(steady.airflow.service_config) keeps on the host, and links in directories that it keeps, so that it need not ask again. C(files) with C(type),
          C(owner), C(group), C(mode), C(changed) in seconds since the epoch, and the C(target) of a link and whether it
          C(resolves), or the C(digest) of a file's content, which is salted with C(salt) and new each time; C(units) with what C(systemctl show) says.
      type: dict
    vip:
      description:
        - C(address); C(held) whether this host has it; C(answers) whether another machine answers for it, null
          where it cannot be asked from here; C(interface) on whose network it lies; C(hardware) address of who answers; C(member) the one of
          O(vip_members) it belongs to, empty for a stranger. Null without O(vip).
      type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _service
from ansible_collections.steady.airflow.plugins.module_utils._host import clock
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.plugins.module_utils._host.look import observe


def main():
    module = AnsibleModule(
        argument_spec={
            "paths": {"type": "list", "elements": "path", "default": []},
            "packages": {"type": "list", "elements": "str", "default": []},
            "names": {"type": "list", "elements": "str", "default": []},
            "services": {"type": "list", "elements": "str", "default": []},
            "vip": {"type": "str"},
            "vip_members": {"type": "list", "elements": "str", "default": []},
            "tls_directory": {"type": "path"},
            "served_certificates": {"type": "list", "elements": "path", "default": []},
            "controller_time": {"type": "float"},
            "timeout": {"type": "float", "default": 2.0},
        },
        supports_check_mode=True,
    )
    host = observe(Files(), module.params, clock.kernel_max_error(), lambda units: _service.show(module, units))
    module.exit_json(changed=False, host=host, ansible_facts={"steady_host": host})


if __name__ == "__main__":
    main()
