# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at RabbitMQ as the broker, at answers of real members."""

from __future__ import annotations

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import watch
from ansible_collections.steady.airflow.plugins.module_utils._observer import Observer
from ansible_collections.steady.airflow.tests.unit.recordings import Replay, load, members

CONSUMERS = {"default": 3, "heavy": 3}
API = "GET http://127.0.0.1:15672/api/"
QUEUES = API + "queues?disable_stats=true&enable_queue_totals=true&columns=name,vhost,type,leader,members,online"
CONSUMED = API + "queues?columns=name,vhost,consumers"


def look(answers):
    """The three reports, and how often RabbitMQ was asked for them."""
    replay = Replay(answers)
    return list(watch.look_at_rabbitmq(Observer(dict(watch.DEFAULTS, members=members(), port=15672, workers=3), replay))), len(replay.requests)


def broker(case, **changes):
    """changes: of the queue default."""
    answers = load(case)
    for queue in answers.get(QUEUES, {}).get("body", []):
        queue.update(changes if queue["name"] == "default" else {})
    return look(answers)[0][1]


@pytest.mark.parametrize("case, changes, problem", [
    ("rabbitmq/healthy", {}, None),
    ("rabbitmq/node_down", {}, None),
    ("rabbitmq/healthy", {"leader": None}, "queue default is not served"),
    ("rabbitmq/healthy", {"online": ["rabbit@node1"]}, "queue default is not served"),
    ("rabbitmq/no_queues", {}, "there is no queue"),
])
def test_it_serves_as_long_as_each_queue_has_a_leader_and_most_of_its_members(case, changes, problem):
    assert broker(case, **changes) == {"healthy": problem is None, "problems": [problem] if problem else []}


def test_one_question_is_judged_three_ways():
    [whole, serves, workers], asked = look(load("rabbitmq/node_down"))
    assert (whole["healthy"], serves["healthy"], workers["healthy"]) == (False, True, False)
    assert asked == watch.rabbitmq_client.REQUESTS


def workers(case="rabbitmq/healthy", more=(), **consumers):
    answers = load(case)
    for queue in answers.get(CONSUMED, {}).get("body", []):
        queue["consumers"] = consumers.get(queue["name"], 0)
    if more:
        answers[QUEUES]["body"].extend(more)
        answers[CONSUMED]["body"].extend(more)
    return look(answers)[0][2]


@pytest.mark.parametrize("consumers, problems", [
    ({"default": 3, "heavy": 3}, []),
    ({"default": 3}, []),  # nobody is to consume from the other queue
    ({"default": 3, "heavy": 2}, ["queue heavy has 2 of 3 workers"]),
    ({}, ["no queue has a worker"]),
])
def test_each_worker_consumes_from_each_queue_that_is_used(consumers, problems):
    assert workers(**consumers) == {"healthy": not problems, "problems": problems}


def test_a_queue_that_a_worker_has_for_itself_lacks_no_other():
    own = {"name": "celery@node1.celery.pidbox", "vhost": "airflow", "type": "classic", "consumers": 1}
    assert workers(more=[own], **CONSUMERS)["healthy"]
    assert workers(more=[own])["problems"] == ["no queue has a worker"]


@pytest.mark.parametrize("case, problem", [("rabbitmq/wrong_password", "status 401"), ("rabbitmq/minority", "timed out")])
def test_nothing_is_known_if_the_broker_does_not_tell(case, problem):
    for report in (broker(case), workers(case)):
        assert not report["healthy"]
        assert problem in report["problems"][0]


def test_a_node_that_is_down_does_not_count_as_a_lacking_worker():
    assert workers("rabbitmq/node_down", **CONSUMERS)["healthy"]
