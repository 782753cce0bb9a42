# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: findings_text
short_description: A list of findings as readable lines
version_added: 0.1.0
author:
  - The steady.airflow authors (@steady-airflow)
description:
  - Renders findings as a line that counts them, and one line each that says what is wrong and what to do.
positional: _input
options:
  _input:
    description:
      - What P(steady.airflow.inventory_findings#filter) and P(steady.airflow.host_findings#filter) return.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show all findings
  ansible.builtin.debug:
    msg: "{{ host_problems | steady.airflow.findings_text }}"

# 1 error and 1 warning
# [host-memory-low] node1: has 1980 MB of memory, its tiers need 3392 MB -> give it more memory, or move some ...
# [warning host-name-loopback] node1: node1 resolves to 127.0.1.1, not to 192.0.2.11 -> correct /etc/hosts or ...
"""

RETURN = r"""
_value:
  description: The text, of as many lines as there are findings and one more.
  type: str
"""

from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import text


class FilterModule:
    """Findings for people."""

    def filters(self):
        return {"findings_text": text}
