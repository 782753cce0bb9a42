# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: service_findings
short_description: What is wrong with a database and a broker that others run
version_added: 0.1.0
author:
  - The steady.airflow authors (@steady-airflow)
description:
  - Judges what M(steady.airflow.airflow_services_info) saw. It changes nothing and asks nobody.
  - Every finding has C(id), C(severity) (V(error) or V(warning)), C(subject), C(problem) and C(remedy).
positional: _input, ignore
options:
  _input:
    description: What M(steady.airflow.airflow_services_info) returned.
    type: dict
    required: true
  ignore:
    description: Ids of findings to leave out.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Can Airflow work with them?
  ansible.builtin.assert:
    that: service_problems | selectattr('severity', 'eq', 'error') | length == 0
    fail_msg: "{{ service_problems | steady.airflow.findings_text }}"
  vars:
    service_problems: "{{ services | steady.airflow.service_findings }}"
"""

RETURN = r"""
_value:
  description: The findings, errors first; an empty list when nothing is wrong.
  type: list
  elements: dict
  sample:
    - id: service-read-only
      severity: error
      subject: airflow_database_url
      problem: takes no writes
      remedy: name the primary, not a replica
"""

from ansible_collections.steady.airflow.plugins.module_utils._rules.services_seen import service_findings


def findings(seen, ignore=None):
    return service_findings(seen, {"ignore": ignore})


class FilterModule:
    """Judgement of services that others run."""

    def filters(self):
        return {"service_findings": findings}
