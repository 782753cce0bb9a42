# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters over the topology; the thinking is in module_utils/_topology.py, _service_url.py, _firewall.py and _what_if.py."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils import _firewall, _service_url, _topology, _what_if


class FilterModule:
    def filters(self):
        return {
            "tiers": _topology.tiers,
            "ports": _topology.ports,
            "endpoints": _topology.endpoints,
            "host_port": _topology.host_port,
            "host_cidr": _topology.host_cidr,
            "erlang_address": _topology.erlang_address,
            "listening": _topology.listening,
            "tiers_of": _topology.tiers_of,
            "firewall_rules": _firewall.rules,
            "local_identities": _topology.local_identities,
            "external_service": _service_url.told,
            "service_url": _service_url.compose,
            "what_if": _what_if.what_if,
            "what_if_lines": _what_if.lines,
        }
