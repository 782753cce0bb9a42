# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: schedulers side by side, and how long the death of one stays unnoticed."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.executor import uses_celery

BOOK = Book("scheduler", readers=("scheduler",))
BEATS = 3  # that may be late before somebody is called dead


def late(configuration, threshold, interval):
    """Evidence where a component is called dead before its third heartbeat is late."""
    limit, beat = configuration.number(threshold), configuration.number(interval)
    if limit is not None and beat is not None and limit < BEATS * beat:
        yield "%s is %g s, and %s %g s" % (threshold, limit, interval, beat)


@BOOK.rule(
    "airflow-row-locks", "error", "Schedulers without locks",
    why="Row locks are all that keeps two schedulers from starting the same task. Without them tasks run twice.",
    remedy="set scheduler.use_row_level_locking to True", since="2.0")
def row_locks(configuration):
    if configuration.flag("scheduler.use_row_level_locking") is False:
        yield "scheduler.use_row_level_locking is off"


@BOOK.rule(
    "airflow-scheduler-threshold", "error", "A living scheduler is called dead",
    why="A scheduler whose heartbeat is older than the threshold counts as dead, and the others take its tasks over. If that is less than three "
        "heartbeats, a busy moment is enough.",
    remedy="set scheduler.scheduler_health_check_threshold to three times scheduler.scheduler_heartbeat_sec or more", since="2.0")
def scheduler_threshold(configuration):
    yield from late(configuration, "scheduler.scheduler_health_check_threshold", "scheduler.scheduler_heartbeat_sec")


@BOOK.rule(
    "airflow-triggerer-threshold", "error", "A living triggerer is called dead",
    why="A triggerer whose heartbeat is older than the threshold counts as dead, and the others take its triggers over while it still runs them.",
    remedy="set triggerer.triggerer_health_check_threshold to three times triggerer.job_heartbeat_sec or more", since="2.7")
def triggerer_threshold(configuration):
    yield from late(configuration, "triggerer.triggerer_health_check_threshold", "triggerer.job_heartbeat_sec")


@BOOK.rule(
    "airflow-orphan-check", "warning", "A dead scheduler's tasks wait for minutes",
    why="Nobody looks after the tasks of a dead scheduler until another one adopts them, which it looks for this often.",
    remedy="set scheduler.orphaned_tasks_check_interval to 60 s or less", since="2.0")
def orphan_check(configuration):
    interval = configuration.number("scheduler.orphaned_tasks_check_interval")
    if interval is not None and interval > 120:
        yield "scheduler.orphaned_tasks_check_interval is %g s" % interval


@BOOK.rule(
    "airflow-queued-check", "warning", "A lost message is looked for too seldom",
    why="A task whose message was lost stays queued for task_queued_timeout, and then until the next look.",
    remedy="set scheduler.task_queued_timeout_check_interval to a third of scheduler.task_queued_timeout or less", since="2.6")
def queued_check(configuration):
    limit, look = (configuration.number("scheduler." + name) for name in ("task_queued_timeout", "task_queued_timeout_check_interval"))
    if limit is not None and look is not None and look > limit / 2:
        yield "scheduler.task_queued_timeout_check_interval is %g s, and scheduler.task_queued_timeout %g s" % (look, limit)


@BOOK.rule(
    "airflow-scheduler-health", "warning", "Nobody can ask a scheduler how it is",
    why="The API tells of the best scheduler of all. Only a scheduler's own health server tells that this one hangs.",
    remedy="set scheduler.enable_health_check to True, and ask http://127.0.0.1:8974/health on its host", since="2.4")
def scheduler_health(configuration):
    if configuration.flag("scheduler.enable_health_check") is False:
        yield "scheduler.enable_health_check is off"


@BOOK.rule(
    "airflow-scheduler-runs", "warning", "A scheduler that ends by itself",
    why="The scheduler exits after this many loops. It was a cure for leaks of Airflow 1; today each exit leaves its tasks to be adopted.",
    remedy="remove scheduler.num_runs")
def scheduler_runs(configuration):
    runs = configuration.number("scheduler.num_runs")
    if runs is not None and runs > 0:
        yield "scheduler.num_runs is %g" % runs


@BOOK.rule(
    "airflow-job-schedule", "error", "Nothing is scheduled",
    why="With scheduler.use_job_schedule off no DAG runs by its schedule.", remedy="set scheduler.use_job_schedule to True")
def job_schedule(configuration):
    if configuration.flag("scheduler.use_job_schedule") is False:
        yield "scheduler.use_job_schedule is off"


@BOOK.rule(
    "airflow-query-parallelism", "warning", "More tasks at once than may run at all",
    why="The scheduler asks for max_tis_per_query tasks at once, and locks their rows, although no more than parallelism may run.",
    remedy="set scheduler.max_tis_per_query to core.parallelism or less", since="2.0")
def query_parallelism(configuration):
    query, parallelism = configuration.number("scheduler.max_tis_per_query"), configuration.number("core.parallelism")
    chosen = configuration.is_given("scheduler.max_tis_per_query") or configuration.is_given("core.parallelism")  # not so by default before 2.8
    if chosen and query is not None and parallelism and query > parallelism:
        yield "scheduler.max_tis_per_query is %g, and core.parallelism %g" % (query, parallelism)


@BOOK.rule(
    "airflow-parallelism-none", "error", "No task may run",
    why="core.parallelism bounds the tasks of one scheduler. Airflow 3 does not take 0 for unlimited.",
    remedy="set core.parallelism to the number of tasks that one scheduler may have running", since="3.0")
def parallelism_none(configuration):
    parallelism = configuration.number("core.parallelism")
    if parallelism is not None and parallelism < 1:
        yield "core.parallelism is %g" % parallelism


@BOOK.rule(
    "airflow-task-heartbeat", "error", "A living task is called dead",
    why="A task whose heartbeat is older than the timeout is failed. If that is less than three heartbeats, a busy moment is enough.",
    remedy="set scheduler.task_instance_heartbeat_timeout to three times workers.min_heartbeat_interval or more", since="3.0")
def task_heartbeat(configuration):
    yield from late(configuration, "scheduler.task_instance_heartbeat_timeout", "workers.min_heartbeat_interval")


@BOOK.rule(
    "airflow-zombie-threshold", "error", "A living task is called a zombie",
    why="A task whose heartbeat is older than the threshold is failed. If that is less than three heartbeats, a busy moment is enough.",
    remedy="set scheduler.scheduler_zombie_task_threshold to three times scheduler.job_heartbeat_sec or more", until="3.0")
def zombie_threshold(configuration):
    yield from late(configuration, "scheduler.scheduler_zombie_task_threshold", "scheduler.job_heartbeat_sec")


@BOOK.rule(
    "airflow-publish-block", "error", "Publishing may cost a scheduler its life",
    why="While the broker does not answer, each message takes up to operation_timeout, and a scheduler sends a batch before its next heartbeat. "
        "If that takes longer than the threshold, the others call it dead and take its tasks over.",
    remedy="lower scheduler.max_tis_per_query or celery.operation_timeout, or raise celery.sync_parallelism or the threshold", since="2.0")
def publish_block(configuration):
    if not uses_celery(configuration):
        return
    batch, timeout, threshold, processes = (configuration.number(name) for name in (
        "scheduler.max_tis_per_query", "celery.operation_timeout", "scheduler.scheduler_health_check_threshold", "celery.sync_parallelism"))
    if processes == 0:
        return  # as many as there are processors, which the file does not tell
    rounds = -(-batch // processes)
    if rounds * timeout >= threshold:
        yield "%g rounds of %g s are not less than scheduler.scheduler_health_check_threshold (%g s)" % (rounds, timeout, threshold)
