# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two things that are written through Patroni's API: settings of the cluster, and who leads.

PRIVATE to the collection.
"""

from __future__ import annotations

import json

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, SteadyError, Unreachable

TEXT_ANSWER = 4096


def difference(wanted, now):
    """Return the part of ``wanted`` that ``now`` lacks or has otherwise. Numbers and their texts are equal."""
    changed = {}
    for key, value in wanted.items():
        if isinstance(value, dict):
            deeper = difference(value, _table(now.get(key)))
            if deeper:
                changed[key] = deeper
        elif _scalar(value) != _scalar(now.get(key)):
            changed[key] = value
    return changed


def restrict(now, shape):
    """Return the part of ``now`` that has the keys of ``shape``, for a readable difference."""
    return {
        key: restrict(_table(now.get(key)), value) if isinstance(value, dict) else now.get(key) for key, value in shape.items()
    }


def as_text(config):
    """Return the settings as Ansible shows them in a difference."""
    return json.dumps(config, indent=2, sort_keys=True) + "\n"


def _table(value):
    return value if isinstance(value, dict) else {}


def _scalar(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def first_answer(ask, urls, path):
    """Return ``(url, answer)`` of the first member that answers well; raise the last error when none does."""
    last = Unreachable("no member was named")
    for url in urls:
        try:
            return url, ask(url + path)
        except SteadyError as error:
            last = error
    raise last


def statuses(ask, urls):
    """Return the own words of the members that answer, as ``GET /patroni`` gives them."""
    found = []
    for url in urls:
        try:
            found.append(ask(url + "/patroni"))
        except SteadyError:
            continue
    return found


# A standby refuses to run with less than the leader last ran with, whatever its own settings say.
NO_LESS_THAN_LEADER = (
    "max_connections",
    "max_locks_per_transaction",
    "max_prepared_transactions",
    "max_wal_senders",
    "max_worker_processes",
)


def leader_goes_first(status):
    """Return whether a member waits for a restart with a smaller limit, which the leader has to take over first."""
    reasons = status.get("pending_restart_reason") or {}
    return any(
        int(reasons[name]["new_value"]) < int(reasons[name]["old_value"]) for name in NO_LESS_THAN_LEADER if name in reasons
    )


def switchover(http, url, member):
    """Ask Patroni to hand the leadership of ``member`` to its best synchronous standby."""
    # the answer is a sentence, not JSON
    status, text = http.text(url + "/switchover", {"leader": member})
    if status != 200:
        raise BadAnswer("%s answered status %d: %s" % (url, status, text[:TEXT_ANSWER].strip()))
