# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: host_findings
short_description: What makes a host unfit for its tiers, all at once
version_added: 0.1.0
author:
  - The steady.airflow authors (@steady-airflow)
description:
  - Judges what M(steady.airflow.host_info) saw of a host against what the host is to do.
  - Every finding has C(id), C(severity) (V(error) or V(warning)), C(subject), C(problem) and C(remedy).
positional: _input, expectations
options:
  _input:
    description: The answer of M(steady.airflow.host_info), its return value RV(steady.airflow.host_info#module:host).
    type: dict
    required: true
  expectations:
    description: What is expected of the host.
    type: dict
    default: {}
    suboptions:
      name:
        description: The host's name in the inventory, which must be its own. Without it the name is not judged.
        type: str
      tiers:
        description: The tiers of which the host is a member.
        type: list
        elements: str
      supported:
        description: Supported systems and their versions. By default those the collection is tested on.
        type: dict
      airflow_version:
        description: The wanted version of Airflow.
        type: str
      locks:
        description: The lock files that exist, as pairs of Airflow's and Python's version. Without it Python is not judged.
        type: list
        elements: list
      memory_mb:
        description: Memory that a tier needs at least, in place of the collection's own numbers.
        type: dict
      disk_mb:
        description: Free space needed at each path. Needs of paths on one file system add up.
        type: dict
      ports:
        description: The ports at which the services of each tier are to listen. Without it ports are not judged.
        type: dict
      external_door:
        description: Name that leads to all load balancers, which must resolve.
        type: str
      interface:
        description: The interface that is to have the virtual address, where that is not to be found out.
        type: str
      services:
        description: A C(database) and a C(broker) that others run and the host needs, as P(steady.airflow.external_service#filter) tells of each.
        type: dict
      names:
        description: The address that each name has to resolve to. A name that does not resolve at all is no finding.
        type: dict
      certificates_due:
        description: What P(steady.airflow.certificates_due#filter) tells of the host.
        type: list
        elements: dict
      can_issue:
        description: Whether the authority's key is at hand. Without it, O(expectations.certificates_due) are findings.
        type: bool
        default: false
      served_certificate:
        description: >-
          File of a certificate that the host shows, and what P(steady.airflow.certificate_unfit#filter) says of it; empty without one.
        type: list
        elements: str
      former_broker:
        description: The broker that an earlier run deployed there and that no host is to run any more, V(rabbitmq) or V(redis); empty without one.
        type: str
      checked_at:
        description: The controller's time after the host was asked. By default now.
        type: float
      max_clock_offset:
        description: Seconds by which the host's clock may differ from the controller's.
        type: float
        default: 1.0
      ignore:
        description: Ids of findings to leave out.
        type: list
        elements: str
"""

EXAMPLES = r"""
- name: Judge the host
  ansible.builtin.assert:
    that: host_problems | selectattr('severity', 'eq', 'error') | length == 0
    fail_msg: "{{ host_problems | steady.airflow.findings_text }}"
    quiet: true
  vars:
    host_expectations:
      name: "{{ inventory_hostname }}"
      tiers: "{{ topology_local_tiers }}"
      airflow_version: "{{ airflow_version }}"
      locks: [["3.3.2", "3.11"], ["3.3.2", "3.13"]]
      disk_mb: {/opt: 2048, /var/lib: 2048}
      names: "{{ topology_tiers.values() | flatten | items2dict(key_name='name', value_name='address') }}"
    host_problems: "{{ ansible_facts['steady_host'] | steady.airflow.host_findings(host_expectations) }}"
"""

RETURN = r"""
_value:
  description: The findings, errors first; an empty list when the host is fit.
  type: list
  elements: dict
  sample:
    - id: host-port-taken
      severity: error
      subject: node1
      problem: port 8080 (0.0.0.0) is in use by nginx (process 812, nginx.service)
      remedy: stop it, let it use another port, or move the tier to another host
"""

import time

from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late

RULES = Late("module_utils._rules.host")
OPTIONS = {
    "name", "tiers", "supported", "airflow_version", "locks", "memory_mb", "disk_mb", "ports", "external_door", "interface", "names",
    "certificates_due", "can_issue", "served_certificate", "former_broker", "checked_at", "max_clock_offset", "services", "ignore",
}


def findings(host, expectations=None):
    expected = dict(expectations or {})
    unknown = sorted(set(expected) - OPTIONS)
    if unknown:
        raise AnsibleFilterError("host_findings has no option %s" % ", ".join(unknown))
    expected.setdefault("checked_at", time.time())
    return RULES.host_findings(host, expected)


class FilterModule:
    """Judgement of a host."""

    def filters(self):
        return {"host_findings": findings}
