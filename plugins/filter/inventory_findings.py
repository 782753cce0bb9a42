# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: inventory_findings
short_description: What is wrong with an inventory, all at once
version_added: 0.1.0
author:
  - The steady.airflow authors (@steady-airflow)
description:
  - Judges where the inventory puts the tiers, and what its variables say, before any host is asked.
  - Every finding has C(id), C(severity) (V(error) or V(warning)), C(subject), C(problem) and C(remedy).
  - Looks up addresses that are names, and whether O(settings.dag_directory) exists, on the controller.
positional: _input, settings
options:
  _input:
    description: The tiers, a dictionary of lists of members with C(name), C(address) and C(zone).
    type: dict
    required: true
  settings:
    description: What the variables say.
    type: dict
    default: {}
    suboptions:
      ha:
        description: Whether the shape has to survive the loss of a host.
        type: bool
        default: true
      vip:
        description: The virtual address of all doors.
        type: str
      external_door:
        description: Address or name that leads to all load balancers, in place of a virtual address.
        type: str
      airflow_version:
        description: The wanted version.
        type: str
      locks:
        description: The lock files that exist, as pairs of Airflow's and Python's version. Without it versions are not judged.
        type: list
        elements: list
      required_secrets:
        description: Names of the variables that must be set, with the least number of characters each.
        type: dict
      secrets:
        description: Names and values as far as they are set. Values are never told.
        type: dict
      fernet_secrets:
        description: Which of O(settings.required_secrets) are Fernet keys. By default those with C(fernet) in their name.
        type: list
        elements: str
      jwt_keys:
        description: The keys that sign tokens, as P(steady.airflow.jwt_key_set#filter) takes them. Without it they are not judged.
        type: str
      secrets_remedy:
        description: What to do about a missing secret.
        type: str
      services:
        description: A C(database) and a C(broker) that others run, as P(steady.airflow.external_service#filter) tells of each.
        type: dict
      object_store:
        description: The object store that has the backups, C(backup_s3). Empty where there is none.
        type: dict
      dag_directory:
        description: Directory on the controller that holds the DAG files.
        type: path
      authority:
        description: PEM texts of the trusted authorities (C(certificates)) and of the signing one's C(key). Without it they are not judged.
        type: dict
      timing:
        description: The numbers that both sides of every failover use, C(topology_timing). Without it they are not judged.
        type: dict
      ports:
        description: The C(usual) port of each service, and C(topology_ports) and C(topology_member_ports) as the user wrote them.
        type: dict
      listening:
        description: What listens, each a dictionary with the keys C(tier), C(port), C(what), and C(door_port) where it has a door.
        type: list
        elements: dict
      airflow_config:
        description: Options of Airflow that the user set, by section, for O(settings.airflow_version).
        type: dict
      airflow_environment:
        description: Variables of the environment of Airflow's components.
        type: dict
      webserver_config:
        description: Text of webserver_config.py.
        type: str
      broker_limits:
        description: Values of C(rabbitmq_disk_free_limit) and C(rabbitmq_memory_share), as far as they are set.
        type: dict
      renamed:
        description: Variables that are set by a former name, with the name that each has now.
        type: dict
        default: {}
      firewall:
        description:
          - Whom the firewall is to let in, as networks of C(people) and of C(operators) by port, and the C(ports) that it guards.
            Empty where it is off.
        type: dict
      ignore:
        description: Ids of findings to leave out.
        type: list
        elements: str
"""

EXAMPLES = r"""
- name: Judge the inventory
  ansible.builtin.assert:
    that: inventory_problems | selectattr('severity', 'eq', 'error') | length == 0
    fail_msg: "{{ inventory_problems | steady.airflow.findings_text }}"
    quiet: true
  vars:
    inventory_settings:
      ha: "{{ topology_ha }}"
      vip: "{{ topology_vip | default(none) }}"
      airflow_version: "{{ airflow_version }}"
      locks: [["3.3.2", "3.11"], ["3.3.2", "3.13"]]
      required_secrets: {airflow_fernet_key: 44, airflow_admin_password: 16}
      secrets:
        airflow_fernet_key: "{{ airflow_fernet_key | default(none) }}"
        airflow_admin_password: "{{ airflow_admin_password | default(none) }}"
      secrets_remedy: "run: ansible-playbook -i {{ inventory_dir }} playbooks/secrets.yml"
      dag_directory: "{{ playbook_dir }}/dags"
      authority: {certificates: "{{ tls_ca_certificate | default('') }}", key: "{{ tls_ca_key | default('') }}"}
      timing: "{{ topology_timing }}"
    inventory_problems: "{{ topology_tiers | steady.airflow.inventory_findings(inventory_settings) }}"
"""

RETURN = r"""
_value:
  description: The findings, errors first; an empty list when nothing is wrong.
  type: list
  elements: dict
  sample:
    - id: inventory-too-few
      severity: error
      subject: etcd
      problem: "2 of at least 3 members: it would not survive a host"
      remedy: add hosts to the inventory group 'etcd', or set topology_ha to false and give every group one host
"""

import os

from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late

RULES = Late("module_utils._rules.inventory")
members = Late("module_utils._rules.members")
network = Late("module_utils._host.network")
_certificates = Late("plugin_utils._certificates")
_tokens = Late("plugin_utils._tokens")
_airflow_settings = Late("plugin_utils._airflow_settings")
OPTIONS = {
    "ha", "vip", "external_door", "airflow_version", "locks", "required_secrets", "secrets", "fernet_secrets", "jwt_keys", "secrets_remedy",
    "dag_directory", "authority", "timing", "ports", "listening", "airflow_config", "airflow_environment", "webserver_config", "broker_limits",
    "firewall", "renamed", "services", "object_store", "ignore",
}
LOOKUP_SECONDS = 3


def findings(tiers, settings=None):
    settings = dict(settings or {})
    unknown = sorted(set(settings) - OPTIONS)
    if unknown:
        raise AnsibleFilterError("inventory_findings has no option %s" % ", ".join(unknown))
    names = sorted({address for _name, address in members.distinct(tiers) if not members.is_address(address)})
    directory = settings.get("dag_directory")
    settings["resolved"] = network.resolve(names, LOOKUP_SECONDS)
    settings["dag_directory_exists"] = bool(directory) and os.path.isdir(os.path.expanduser(directory))
    if "authority" in settings:
        settings["authority"] = _certificates.authority(**settings["authority"])
    settings["jwt_problem"] = _tokens.problem(settings["jwt_keys"]) if settings.get("jwt_keys") else ""
    if "airflow_config" in settings:
        settings["airflow_problems"] = _airflow_settings.problems(
            settings["airflow_config"], settings.get("airflow_environment") or {}, settings.get("airflow_version") or "")
        settings["airflow_problems"] += _airflow_settings.python_problems("airflow_webserver_config", settings.get("webserver_config") or "")
    return RULES.inventory_findings(tiers, settings)


class FilterModule:
    """Judgement of the inventory."""

    def filters(self):
        return {"inventory_findings": findings}
