# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: patroni_difference
short_description: The part of the wanted settings that a Patroni cluster lacks or has otherwise
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Tells whether M(steady.airflow.patroni_config) would change anything, from what
    M(steady.airflow.patroni_cluster_info) returned.
  - Numbers and their texts are equal, as they are for Patroni.
options:
  _input:
    description: Settings that are wanted.
    type: dict
    required: true
  now:
    description: Settings as they are.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Tell what would be changed
  ansible.builtin.debug:
    msg: "{{ {'ttl': 20, 'loop_wait': 2} | steady.airflow.patroni_difference({'ttl': 30, 'loop_wait': '2'}) }}"
"""

RETURN = r"""
_value:
  description: The part that differs; empty when nothing does.
  type: dict
  sample: {ttl: 20}
"""

from ansible_collections.steady.airflow.plugins.plugin_utils._late import Late


class FilterModule:
    def filters(self):
        return {"patroni_difference": Late("module_utils._patroni_write").difference}
