# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: has Airflow know DAGs, pause them, and forget them. session: a session.Session."""

from __future__ import annotations

import http.client
import time

from ansible_collections.steady.airflow.plugins.module_utils._clients.rest import brief
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer

POLL = 2  # seconds
GONE = (http.client.NO_CONTENT, http.client.NOT_FOUND, http.client.OK)


def path(dag):
    return "/api/v2/dags/" + dag


def pause(session, dag, paused):
    """The DAG as Airflow knows it now; null when it knows none of this name."""
    status, answer = session.ask(path(dag) + "?update_mask=is_paused", {"is_paused": paused}, "PATCH")
    if status == http.client.NOT_FOUND:
        return None
    if status != http.client.OK:
        raise BadAnswer("Airflow did not %s the DAG %s: status %d: %s" % ("pause" if paused else "start", dag, status, brief(answer)))
    return answer


def activate(session, dags, patience, pause_for=time.sleep, clock=time.monotonic):
    """Waits until a dag-processor has read all of them, and none is paused."""
    end = clock() + patience
    waiting = list(dags)
    while True:
        waiting = [dag for dag in waiting if not _is_active(session, dag)]
        if not waiting:
            return
        if clock() > end:
            raise BadAnswer(
                "Airflow does not know the DAG %s after %d s. Its file is there, so see that airflow_config does not replace "
                "[dag_processor] dag_bundle_config_list, and read the journal of airflow-dag-processor." % (", ".join(waiting), patience))
        pause_for(POLL)


def _is_active(session, dag):
    known = pause(session, dag, False)
    return bool(known) and not known.get("is_stale")


def forget(session, dags, patience, pause_for=time.sleep, clock=time.monotonic):
    """Deletes what Airflow keeps of them, their runs included; returns those that it knew. Tasks that still run are waited for."""
    end = clock() + patience
    return [dag for dag in dags if _delete(session, dag, lambda: clock() < end, pause_for)]


def _delete(session, dag, may_wait, pause_for):
    """Whether Airflow knew it."""
    if pause(session, dag, True) is None:
        return False
    status, text = session.text(path(dag), method="DELETE")
    while status == http.client.CONFLICT and may_wait():
        pause_for(POLL)
        status, text = session.text(path(dag), method="DELETE")
    if status not in GONE:
        raise BadAnswer("Airflow did not delete %s: status %d: %s" % (dag, status, brief(text)))
    return True
