# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what one etcd member answers, over its JSON gateway. I/O only."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError

REQUESTS = 4


def ask(http, url):
    """{status, members, health, alarms}; all but status may be {"error": why}. Raises if status is not told."""
    # The status is the member's own word and needs no quorum: who does not tell it is not asked for more.
    status = http.ask_well(url + "/v3/maintenance/status", {})
    # linearizable false: the list as this member knows it, told without a quorum, too.
    answer = {
        "status": status,
        "members": _or_error(http.ask_well, url + "/v3/cluster/member/list", {"linearizable": False}),
        "health": _or_error(_health, http, url),
        "alarms": {"alarms": []},
    }
    if status.get("leader"):
        # Alarms are told by the quorum; without a leader this would only wait for its timeout.
        answer["alarms"] = _or_error(http.ask_well, url + "/v3/maintenance/alarm", {"action": "GET"})
    return answer


def _health(http, url):
    # An unhealthy member answers status 503 with the reason in the body.
    answer = http.ask(url + "/health")[1]
    return answer if isinstance(answer, dict) else {}


def _or_error(function, *arguments):
    try:
        return function(*arguments)
    except SteadyError as err:
        return {"error": str(err)}
