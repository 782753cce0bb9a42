# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: who serves which queue."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("cluster")


def served(cluster):
    """{queue: name of a host, once for each worker that serves it}"""
    found = {}
    for worker in cluster.services:
        for queue in (worker.queues or default_queues(cluster)) if worker.kind == "worker" and not worker.is_stopped else ():
            found.setdefault(queue, []).append(worker.host)
    return found


def default_queues(cluster):
    return {configuration.text("operators.default_queue") or "default" for configuration in cluster.configurations} or {"default"}


@BOOK.rule(
    "cluster-queue-alone", "warning", "A queue that one worker serves",
    why="When that worker or its host dies, tasks of this queue wait until somebody repairs it, while other workers are idle.",
    remedy="let a worker on another host serve the queue, too")
def queue_alone(cluster):
    workers = [service for service in cluster.services if service.kind == "worker"]
    for queue, hosts in sorted(served(cluster).items()):
        if len(set(hosts)) == 1 and (len(hosts) == 1 < len(workers) or len(cluster.running("worker")) > 1):
            cluster.complete()
            yield hosts[0], "nobody else serves the queue %s" % queue


@BOOK.rule(
    "cluster-queue-classic", "error", "A queue of tasks that is on one member of RabbitMQ",
    why="A classic queue and its messages are on one member, and out of reach or lost with it, whatever a setting says today: a queue keeps the type that "
        "it was made with.",
    remedy="stop what puts tasks into it, let it run empty, delete it, and let workers make it anew with quorum in celery.extra_celery_config",
    see=("https://www.rabbitmq.com/docs/quorum-queues",))
def queue_classic(cluster):
    if len(cluster.running("rabbitmq")) > 1:
        names = set(served(cluster)) | default_queues(cluster)
        for rabbitmq in cluster.all_of("rabbitmq"):
            for queue in rabbitmq.queues:
                if queue["type"] == "classic" and queue["name"] in names:
                    yield rabbitmq.member, "%s in the virtual host %s is classic" % (queue["name"], queue["vhost"])


@BOOK.rule(
    "cluster-queue-nobody", "error", "A queue that nobody serves",
    why="Tasks that name no queue go to the default one, and wait there.", remedy="let workers on two hosts serve it: `airflow celery worker --queues`")
def queue_nobody(cluster):
    if cluster.running("worker"):
        cluster.complete()
        for queue in sorted(default_queues(cluster) - set(served(cluster))):
            yield "no worker serves the queue %s, which is the default" % queue
