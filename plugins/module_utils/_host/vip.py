# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: who answers for the virtual address?

Comparing the hardware addresses of the members tells whether the one who answers is one of ours, so no
other host needs to be asked and a run limited to one host sees the same.
"""

from __future__ import annotations

import ipaddress

from ansible_collections.steady.airflow.plugins.module_utils._host import neighbours


def observe(vip, members, own, link, timeout, ask=neighbours.ask):
    """What is known about the address; C(answers) is None where it cannot be asked from here."""
    seen = {"address": vip, "held": vip in own, "answers": None, "hardware": "", "member": ""}
    if seen["held"] or not link:
        return seen
    family = version(vip)
    others = sorted({member for member in members if version(member) == family and member not in own and member != vip})
    try:
        answers = ask(link, [vip], timeout)
        known = ask(link, others, timeout) if vip in answers and others else {}
    except OSError:
        return seen
    seen["answers"] = vip in answers
    seen["hardware"] = answers.get(vip, "")
    seen["member"] = next((member for member in others if known.get(member) == answers.get(vip, "none")), "")
    return seen


def version(text):
    """4 or 6, or None of what is no address."""
    try:
        return ipaddress.ip_address(text).version
    except ValueError:
        return None
