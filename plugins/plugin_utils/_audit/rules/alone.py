# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what must not be on one host alone, and what must be somewhere."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.together import by_value

BOOK = Book("cluster")
MANY = 5  # schedulers


def has_older(cluster, version):
    """Whether an Airflow of before this version was seen."""
    seen = by_value([each for each in cluster.configurations if each.release], lambda each: each.version)
    return any(each < version for each in seen)


def count(cluster, kind):
    return sum(service.kind == kind and not service.is_stopped for service in cluster.services)


def alone(cluster, kinds, name):
    """Several on one host are told by cluster-one-host."""
    hosts = cluster.running(*kinds)
    if len(hosts) == 1 and all(count(cluster, kind) < 2 for kind in kinds):
        cluster.complete()
        yield hosts[0], "no other host runs %s" % name


@BOOK.rule(
    "cluster-one-host", "error", "Several of a kind, and all on one host",
    why="Two schedulers, workers or database members on one host share its power, its disk and its kernel: all are gone when it is.",
    remedy="put one of them on another host")
def one_host(cluster):
    for kind in sorted({service.kind for service in cluster.services}):
        if count(cluster, kind) > 1 and len(cluster.running(kind)) == 1:
            cluster.complete()
            yield cluster.running(kind)[0], "all %d run here: %s" % (count(cluster, kind), kind.replace("_", "-"))


@BOOK.rule(
    "cluster-no-worker", "error", "Nobody runs tasks",
    why="Celery's executor hands tasks to workers, and waits.", remedy="run `airflow celery worker` as a service on two hosts")
def no_worker(cluster):
    if cluster.running("scheduler") and not cluster.running("worker"):
        cluster.complete()
        if any("Celery" in (configuration.text("core.executor") or "") for configuration in cluster.configurations):
            yield "no host runs a worker"


@BOOK.rule(
    "cluster-one-scheduler", "error", "One scheduler",
    why="When its host dies nothing is scheduled until somebody repairs it.", remedy="run a scheduler on a second host")
def one_scheduler(cluster):
    for host, evidence in alone(cluster, ["scheduler"], "a scheduler"):
        yield host, evidence + (". Before 2.0 two of them do not know of each other: upgrade first" if has_older(cluster, (2, 0)) else "")


@BOOK.rule(
    "cluster-schedulers-old", "error", "Several schedulers of Airflow 1",
    why="Before 2.0 schedulers do not know of each other: both start the same task, and it runs twice.",
    remedy="run one scheduler, on a host that can be replaced quickly, and upgrade")
def schedulers_old(cluster):
    if count(cluster, "scheduler") > 1 and has_older(cluster, (2, 0)):
        yield "%d run, on %s" % (count(cluster, "scheduler"), ", ".join(cluster.running("scheduler")))


@BOOK.rule(
    "cluster-many-schedulers", "note", "Many schedulers for one database",
    why="One scheduler at a time decides what is queued next, and the others wait for its lock. From some number on, each one more makes all of them slower.",
    remedy="run three or four, with more scheduler.max_tis_per_query and dag_processor.parsing_processes (before 3.0 scheduler.parsing_processes) instead")
def many_schedulers(cluster):
    if count(cluster, "scheduler") > MANY:
        yield "%d run" % count(cluster, "scheduler")


@BOOK.rule(
    "cluster-one-api", "error", "One API server",
    why="When its host dies nobody reaches Airflow, and in Airflow 3 all running tasks fail.",
    remedy="run a second one on another host, and a load balancer before both")
def one_api(cluster):
    yield from alone(cluster, ["api_server", "webserver"], "an API server")


@BOOK.rule(
    "cluster-one-worker", "error", "One worker host",
    why="When it dies no task runs until somebody repairs it.", remedy="run a worker on a second host")
def one_worker(cluster):
    yield from alone(cluster, ["worker"], "a worker")


@BOOK.rule(
    "cluster-one-triggerer", "warning", "One triggerer",
    why="When its host dies deferred tasks wait until somebody repairs it.", remedy="run a triggerer on a second host")
def one_triggerer(cluster):
    yield from alone(cluster, ["triggerer"], "a triggerer")


@BOOK.rule(
    "cluster-one-dag-processor", "warning", "One dag-processor",
    why="When its host dies new and changed DAG files are not seen until somebody repairs it. Known DAGs go on.",
    remedy="let a second host stand by: two that work on the same files at once are not supported")
def one_dag_processor(cluster):
    yield from alone(cluster, ["dag_processor"], "a dag-processor")


@BOOK.rule(
    "cluster-no-dag-processor", "error", "Nobody reads DAG files",
    why="Airflow 3 needs a dag-processor of its own; the scheduler no longer reads DAG files.", remedy="run `airflow dag-processor` as a service")
def no_dag_processor(cluster):
    if cluster.running("scheduler") and not cluster.running("dag_processor"):
        cluster.complete()
        if cluster.configurations and all(configuration.version >= (3, 0) for configuration in cluster.configurations):
            yield "no host runs a dag-processor"


@BOOK.rule(
    "cluster-no-triggerer", "warning", "Nobody wakes deferred tasks",
    why="A task that defers itself waits for a triggerer.", remedy="run `airflow triggerer` as a service on two hosts")
def no_triggerer(cluster):
    if cluster.running("scheduler") and not cluster.running("triggerer") and not has_older(cluster, (2, 2)):
        cluster.complete()
        yield "no host runs a triggerer"


DATABASES = ("postgresql", "patroni", "mysql", "mariadb")
BROKERS = ("rabbitmq", "redis", "redis_sentinel")


@BOOK.rule(
    "cluster-one-database", "error", "One database host",
    why="Nothing is scheduled and no task can report while it is away, and what it has confirmed is gone with its disk.",
    remedy="run PostgreSQL under Patroni on three hosts, or use a managed one with a standby")
def one_database(cluster):
    if not cluster.all_of("database"):  # who was asked has told more, and is judged by that
        yield from alone(cluster, DATABASES, "a database")


@BOOK.rule(
    "cluster-one-broker", "error", "One broker host",
    why="While it is away no task is handed to a worker, and what it had queued may be gone.",
    remedy="run RabbitMQ with quorum queues, or Redis with Sentinel, on three hosts")
def one_broker(cluster):
    if not cluster.all_of("rabbitmq"):
        yield from alone(cluster, BROKERS, "a broker")


@BOOK.rule(
    "cluster-one-log-store", "warning", "One store of logs",
    why="Task logs cannot be written or read while it is away, and are gone with its disk.", remedy="run MinIO on four hosts, or use a managed object store")
def one_log_store(cluster):
    if any(configuration.flag("logging.remote_logging") for configuration in cluster.configurations):
        yield from alone(cluster, ["minio"], "MinIO")


@BOOK.rule(
    "cluster-mariadb", "error", "MariaDB under Airflow",
    why="Airflow is not tested with it. Schedulers need FOR UPDATE SKIP LOCKED, and meet deadlocks where the database has another form of it.",
    remedy="use PostgreSQL; MySQL 8 is the least that several schedulers work with")
def mariadb(cluster):
    for host in cluster.running("mariadb"):
        yield host, "it runs MariaDB"
