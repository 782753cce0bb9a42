# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import dags
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer

KNOWN = {"dag_id": "d", "is_paused": False, "is_stale": False}
STALE = {**KNOWN, "is_stale": True}


class Session:
    """Answers by DAG, the first of a list until one is left, and notes what it was asked."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def ask(self, path, body=None, method=None):
        self.asked.append((method, path, body))
        answers = self.answers[path.split("/")[-1].split("?")[0]]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    text = ask


class Clock:
    def __init__(self):
        self.moment, self.pauses = 0, []

    def now(self):
        return self.moment

    def pause(self, seconds):
        self.pauses.append(seconds)
        self.moment += seconds


def activate(session, *names, patience=180):
    clock = Clock()
    dags.activate(session, list(names), patience, clock.pause, clock.now)
    return clock.pauses


def test_a_dag_that_is_known_is_started_at_once():
    session = Session(d=[(200, KNOWN)])
    assert activate(session, "d") == []
    assert session.asked == [("PATCH", "/api/v2/dags/d?update_mask=is_paused", {"is_paused": False})]


@pytest.mark.parametrize("first", [(404, {"detail": "not found"}), (200, STALE)])
def test_a_dag_that_was_not_read_yet_is_waited_for(first):
    session = Session(d=[first, first, (200, KNOWN)], e=[(200, KNOWN)])
    assert activate(session, "d", "e") == [dags.POLL, dags.POLL]
    assert [path.split("?")[0][-1] for _method, path, _body in session.asked] == ["d", "e", "d", "d"]  # who is active is asked no more


def test_a_dag_that_nobody_reads_is_named_when_patience_is_over():
    session = Session(d=[(404, {})], e=[(200, KNOWN)], f=[(404, {})])
    with pytest.raises(BadAnswer, match="does not know the DAG d, f after 5 s.*dag_bundle_config_list"):
        activate(session, "d", "e", "f", patience=5)
    assert len(session.asked) == 3 + 3 * 2  # at once, and after 2, 4 and 6 seconds


@pytest.mark.parametrize("paused, verb", [(True, "pause"), (False, "start")])
def test_an_answer_that_is_none_is_told(paused, verb):
    with pytest.raises(BadAnswer, match="Airflow did not %s the DAG d: status 500: broken" % verb):
        dags.pause(Session(d=[(500, {"detail": "broken"})]), "d", paused)


def test_who_pauses_a_dag_gets_it_as_it_is_now():
    session = Session(d=[(200, KNOWN)], e=[(404, {})])
    assert dags.pause(session, "d", True) == KNOWN
    assert dags.pause(session, "e", True) is None
    assert session.asked[0][2] == {"is_paused": True}


BUSY = (409, "its tasks still run")


def forget(session, *names, patience=180):
    clock = Clock()
    return dags.forget(session, list(names), patience, clock.pause, clock.now), clock.pauses


def test_what_is_forgotten_is_told():
    session = Session(d=[(200, KNOWN), (204, "")], e=[(404, {"detail": "not found"})], f=[(200, KNOWN), (404, "")])
    assert forget(session, "d", "e", "f") == (["d", "f"], [])
    assert session.asked[:2] == [("PATCH", "/api/v2/dags/d?update_mask=is_paused", {"is_paused": True}), ("DELETE", "/api/v2/dags/d", None)]


def test_last_tasks_of_a_dag_are_waited_for():
    assert forget(Session(d=[(200, KNOWN), BUSY, BUSY, (204, "")]), "d") == (["d"], [dags.POLL] * 2)


def test_a_dag_that_cannot_be_deleted_is_told_why():
    with pytest.raises(BadAnswer, match="Airflow did not delete d: status 409: its tasks still run"):
        forget(Session(d=[(200, KNOWN), BUSY]), "d", patience=10)
