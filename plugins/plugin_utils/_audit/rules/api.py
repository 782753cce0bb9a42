# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: tasks, which talk to the API of Airflow 3, and how long they live without it."""

from __future__ import annotations

from urllib.parse import urlsplit

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.database import HOST_HERE
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.executor import uses_celery

BOOK = Book("api_server")
LEAST_RECOVERY = 20  # s; Patroni accepts no shorter lease, and no managed database fails over faster
FENCING_MARGIN = 15  # s between the end of a cut-off task and its next try
WORKER = "workers."


def numbers(configuration, *names):
    return [configuration.number(WORKER + name) for name in names]


def waits(configuration, hanging):
    """Seconds between the tries of one call: the least there may be, or the most. They grow by powers of two, and each is drawn."""
    retries, least, most = numbers(configuration, "execution_api_retries", "execution_api_retry_wait_min", "execution_api_retry_wait_max")
    steps = range(int(retries) - 1)
    return sum(max(least, min(most, 2 ** step)) if hanging else least for step in steps)


def refused_call(configuration):
    """Seconds that a call lives when the API refuses at once."""
    return waits(configuration, hanging=False)


def cut_off_task(configuration):
    """Seconds that a task may live when nothing answers: each failed heartbeat is a call whose tries all hang."""
    retries, timeout, failures, beat = numbers(
        configuration, "execution_api_retries", "execution_api_timeout", "max_failed_heartbeats", "min_heartbeat_interval")
    return failures * (waits(configuration, hanging=True) + retries * (timeout or 5) + beat)


@BOOK.rule(
    "airflow-api-patience", "error", "Tasks die in every failover of the database",
    why="A call of a task to the API is tried a few times. While the database fails over, the API answers with errors; a task that begins or ends "
        "in that time, or whose heartbeats fail, is failed. With the defaults a call lives for 4 to 15 s.",
    remedy="set workers.execution_api_retries to 10, workers.execution_api_retry_wait_min and execution_api_retry_wait_max to 5 and "
           "(from 3.1 on) workers.execution_api_timeout to 2, and look at airflow-api-fencing",
    see=("https://github.com/apache/airflow/issues/63243",), since="3.0")
def patience(configuration):
    lives = refused_call(configuration)
    if lives < LEAST_RECOVERY:
        yield "a call may give up after %g s, and no database fails over in less than %d s" % (lives, LEAST_RECOVERY)


@BOOK.rule(
    "airflow-api-fencing", "error", "A cut-off task may run twice",
    why="A task that reaches nobody lives until its heartbeats have failed often enough. If that is longer than the scheduler waits, its next try "
        "begins while it still runs.",
    remedy="lower workers.max_failed_heartbeats, execution_api_retries or execution_api_retry_wait_max, or raise "
           "scheduler.task_instance_heartbeat_timeout", since="3.0")
def fencing(configuration):
    lives, limit = cut_off_task(configuration), configuration.number("scheduler.task_instance_heartbeat_timeout")
    if lives + FENCING_MARGIN > limit:
        yield "it may live for %g s, and its next try may begin after %g s" % (lives, limit)


@BOOK.rule(
    "airflow-api-token", "error", "A running task's token ends in an outage",
    why="A task's token is renewed when a fifth of its life is left. An outage longer than that fifth leaves the task with an old token: all its "
        "calls are refused, and it is killed.",
    remedy="set execution_api.jwt_expiration_time to 3600", since="3.0")
def token(configuration):
    life = configuration.number("execution_api.jwt_expiration_time")
    if life is not None and life / 5 < 180:
        yield "execution_api.jwt_expiration_time is %g s, so an outage of %g s may end a token" % (life, life / 5)


@BOOK.rule(
    "airflow-api-url", "error", "Workers look for the API on their own host",
    why="Tasks call core.execution_api_server_url, by default api.base_url, by default localhost. A worker on a host without a living API server "
        "fails each of its tasks, and one with it fails them when that server dies.",
    remedy="set core.execution_api_server_url to the load balancer's address with the path /execution/", since="3.0")
def api_url(configuration):
    if not uses_celery(configuration):
        return
    name = "core.execution_api_server_url" if configuration.text("core.execution_api_server_url") else "api.base_url"
    url = configuration.text(name)
    if not url:
        yield "neither core.execution_api_server_url nor api.base_url is set"
    elif urlsplit(url).hostname in HOST_HERE:
        yield "%s is %s" % (name, url)


@BOOK.rule(
    "airflow-api-path", "error", "The execution API is not there",
    why="The tasks' API lies below /execution/. Without that path every task fails at its first call.",
    remedy="end core.execution_api_server_url with /execution/", since="3.0")
def api_path(configuration):
    url = configuration.text("core.execution_api_server_url")
    if url and not urlsplit(url).path.rstrip("/").endswith("/execution"):
        yield "core.execution_api_server_url is %s" % url


@BOOK.rule(
    "airflow-base-url", "note", "Links lead to localhost",
    why="Links in messages and log pages begin with the base URL.", remedy="set api.base_url (before 3.0 webserver.base_url) to the load balancer's address")
def base_url(configuration):
    url = configuration.text("api.base_url" if configuration.version >= (3, 0) else "webserver.base_url")
    if not url or urlsplit(url).hostname in HOST_HERE:
        yield "it is %s" % (url or "not set")


@BOOK.rule(
    "airflow-api-plain", "warning", "Passwords and tokens travel in the clear",
    why="People's passwords and the tasks' tokens go to the API. Who sees the traffic may use them.",
    remedy="let the load balancer speak TLS, and write https:// in api.base_url and core.execution_api_server_url", since="3.0")
def api_plain(configuration):
    for name in ("api.base_url", "core.execution_api_server_url"):
        url = configuration.text(name)
        if url and urlsplit(url).scheme == "http" and urlsplit(url).hostname not in HOST_HERE:
            yield "%s is %s" % (name, url)


@BOOK.rule(
    "airflow-clock-leeway", "warning", "No tolerance for clocks",
    why="A task's token is signed by a scheduler and read by an API server. A difference of their clocks beyond the leeway refuses every task.",
    remedy="set api_auth.jwt_leeway to 10 or more", since="3.0")
def leeway(configuration):
    seconds = configuration.number("api_auth.jwt_leeway")
    if seconds is not None and seconds < 5:
        yield "api_auth.jwt_leeway is %g s" % seconds
