# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: how Celery sends tasks, and who takes them."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.options import minor
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.broker import AMQP, EXTRA, extra, speaks, transport
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.executor import uses_celery
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

BOOK = Book("worker")
CELERY_PUBLISH_TRIES = {"max_retries": 3, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}  # Celery's own


def is_on(value):
    return str(value).strip().lower() in ("true", "1", "t")


@BOOK.rule(
    "airflow-acks-early", "error", "A dead worker's tasks are forgotten",
    why="A message that is acknowledged before its task is over is gone with the worker. The task stays queued or running until a timeout.",
    remedy="set celery.task_acks_late to True", since="2.7")
def acks_early(configuration):
    if uses_celery(configuration) and configuration.flag("celery.task_acks_late") is False:
        yield "celery.task_acks_late is off"


@BOOK.rule(
    "airflow-prefetch", "warning", "Tasks wait on a busy worker while others are idle",
    why="A worker takes concurrency times this many messages. Those that it does not run yet wait for it, and wait anew when it dies.",
    remedy="set celery.worker_prefetch_multiplier to 1", since="2.0")
def prefetch(configuration):
    factor = configuration.number("celery.worker_prefetch_multiplier")
    if uses_celery(configuration) and factor is not None and factor > 1:
        yield "celery.worker_prefetch_multiplier is %g" % factor


@BOOK.rule(
    "airflow-worker-autoscale", "note", "Two numbers of processes",
    why="With celery.worker_autoscale nobody asks for celery.worker_concurrency.", remedy="remove one of them")
def worker_autoscale(configuration):
    if uses_celery(configuration) and configuration.text("celery.worker_autoscale") and configuration.is_given("celery.worker_concurrency"):
        yield "celery.worker_autoscale is %s, and celery.worker_concurrency is set as well" % configuration.text("celery.worker_autoscale")


@BOOK.rule(
    "airflow-publish-budget", "error", "A second without the broker fails tasks",
    why="When Celery gives a message up before operation_timeout is over, the executor fails the task at once. Only the timeout makes it try again. "
        "With Celery's defaults that is after 0.6 to 0.7 s.",
    remedy="set task_publish_retry_policy in celery.extra_celery_config so that its waits last longer than celery.operation_timeout, for example "
           "max_retries 30, interval_start 1, interval_step 0, interval_max 1", since="2.9", readers=("scheduler",))
def publish_budget(configuration):
    if not uses_celery(configuration):
        return
    tries = dict(CELERY_PUBLISH_TRIES, **(extra(configuration).get("task_publish_retry_policy") or {}))
    patience, timeout = publish_patience(tries), configuration.number("celery.operation_timeout")
    if patience <= timeout:
        yield "Celery's patience (%g s) is not longer than celery.operation_timeout (%g s)" % (round(patience, 1), timeout)


def publish_patience(tries):
    """Seconds that Kombu waits between its tries of one message."""
    return sum(min(tries["interval_start"] + tries["interval_step"] * number, tries["interval_max"])
               for number in range(int(tries["max_retries"])))


@BOOK.rule(
    "airflow-publish-tries", "warning", "Few tries of a publication",
    why="An outage of the broker that outlasts them fails each task that was to be queued in it.",
    remedy="set celery.task_publish_max_retries so that tries times celery.operation_timeout outlast the broker's recovery, for example 600",
    since="2.0", readers=("scheduler",))
def publish_tries(configuration):
    tries, timeout = configuration.number("celery.task_publish_max_retries"), configuration.number("celery.operation_timeout")
    if uses_celery(configuration) and tries is not None and tries * timeout < 60:
        yield "%g tries of %g s" % (tries, timeout)


@BOOK.rule(
    "airflow-quorum-half", "error", "Some queues are replicated, others are not",
    why="task_default_queue_type is about the default queue alone. Each other queue is made when it is first used, as "
        "task_create_missing_queue_type says, and a classic queue is lost with its host.",
    remedy="set both to quorum in celery.extra_celery_config, on schedulers and workers", since="2.9")
def quorum_half(configuration):
    if speaks(configuration, *AMQP):
        both = [extra(configuration).get(name) for name in ("task_default_queue_type", "task_create_missing_queue_type")]
        if both.count("quorum") == 1:
            yield "%s says quorum for one of task_default_queue_type and task_create_missing_queue_type" % EXTRA


@BOOK.rule(
    "airflow-quorum-none", "error", "Queues that die with a host",
    why="A classic queue lives on one member of RabbitMQ, and its messages are lost or out of reach with it.",
    remedy="set task_default_queue_type and task_create_missing_queue_type to quorum in celery.extra_celery_config, and begin with empty queues",
    since="2.11")
def quorum_none(configuration):
    if speaks(configuration, *AMQP):
        if not any(extra(configuration).get(name) == "quorum" for name in ("task_default_queue_type", "task_create_missing_queue_type")):
            yield "%s does not ask for quorum queues" % EXTRA


@BOOK.rule(
    "cluster-quorum-celery", "error", "A Celery that cannot consume from quorum queues",
    why="Celery before 5.5 asks for one limit of prefetching for a whole channel, which a quorum queue refuses: workers lose their connection again and again.",
    remedy="install Celery 5.5 or later, as Airflow from 2.11 on does, or let RabbitMQ's default_queue_type be classic",
    see=("https://github.com/celery/celery/pull/9121", "https://www.rabbitmq.com/docs/quorum-queues#global-qos"))
def quorum_celery(cluster):
    if any(rabbitmq.setting("default_queue_type") == "quorum" for rabbitmq in cluster.all_of("rabbitmq")):
        for configuration in cluster.configurations:
            if speaks(configuration, *AMQP) and before_quorum(configuration):
                yield configuration.member, "default_queue_type is quorum, and this is Airflow %s" % configuration.release


def before_quorum(configuration):
    """By Celery's own version, or where that was not seen, by the one that this Airflow came with."""
    try:
        version = configuration.seen("packages").get("celery")
    except Unknown:
        version = None
    return minor(version) < (5, 5) if version else configuration.version < (2, 11)


@BOOK.rule(
    "airflow-confirm-publish", "error", "Messages are sent without asking whether they arrived",
    why="Without confirmation a message is sent when it has left the socket. If the broker dies then, nobody knows that it is lost.",
    remedy="set confirm_publish to True in celery_broker_transport_options")
def confirm_publish(configuration):
    if speaks(configuration, *AMQP) and not is_on(transport(configuration).get("confirm_publish")):
        yield "confirm_publish is off"


@BOOK.rule(
    "airflow-broker-heartbeat", "warning", "A dead broker is noticed after minutes",
    why="A worker that waits for messages sends nothing. Only heartbeats tell it that the broker's host is gone; Celery's default is 120 s.",
    remedy="set broker_heartbeat to 10 in celery.extra_celery_config", since="2.9")
def broker_heartbeat(configuration):
    if speaks(configuration, *AMQP):
        beat = extra(configuration).get("broker_heartbeat", 120)
        if not beat or beat > 60:
            yield "broker_heartbeat is %s" % beat


@BOOK.rule(
    "airflow-prefetch-reduction", "warning", "A worker that lost the broker once does one task at a time",
    why="At each lost connection Celery asks for fewer messages for a while. A consumer of a quorum queue keeps what it asked for first, so that "
        "lasts until the worker is started again.",
    remedy="set worker_enable_prefetch_count_reduction to false in celery.extra_celery_config", see=("https://github.com/celery/celery/issues/9512",),
    since="2.9")
def prefetch_reduction(configuration):
    if speaks(configuration, *AMQP) and "quorum" in str(extra(configuration)):
        if extra(configuration).get("worker_enable_prefetch_count_reduction", True):
            yield "worker_enable_prefetch_count_reduction is on"
