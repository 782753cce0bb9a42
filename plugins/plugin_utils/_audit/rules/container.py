# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: does a container come back by itself, with its data, and does it go without breaking what it does?"""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.service import SHORTEST_STOP

BOOK = Book("containers")
DATABASES = ("postgresql", "patroni", "mysql", "mariadb", "etcd")
BROKERS = ("rabbitmq", "redis")
POLICIES = "https://docs.docker.com/engine/containers/start-containers-automatically/"
TAGGED = re.compile(r"(:(?!latest$)[\w.-]+|@sha256:\w+)$")


@BOOK.rule(
    "container-no-restart", "error", "A container that nobody starts again",
    why="After a crash, or when its host or Docker was restarted, it stays down.", remedy="set restart: unless-stopped or always", see=(POLICIES,))
def no_restart(container):
    if container.restart[0] == "no":
        yield "it has no restart policy"


@BOOK.rule(
    "container-on-failure", "error", "A container that a reboot leaves down",
    why="With on-failure Docker starts it again after an error, and not when the host or Docker itself was restarted. A number of tries ends that as well: "
        "a component of Airflow fails at each start while the database is away.",
    remedy="set restart: unless-stopped or always", see=(POLICIES,))
def on_failure(container):
    policy, tries = container.restart
    if policy == "on-failure":
        yield "its restart policy is on-failure" + (", and it is given up after %d tries" % tries if tries else "")


@BOOK.rule(
    "container-worker-stop", "warning", "A worker's stop does not wait for its tasks",
    why="Docker kills what still runs after the grace period, 10 s unless it is told, and each such task loses a try: at each deployment.",
    remedy="set stop_grace_period of the worker to what your longest task takes",
    see=("https://docs.docker.com/reference/compose-file/services/#stop_grace_period",))
def worker_stop(container):
    if container.kind == "worker" and container.stop is not None and container.stop < SHORTEST_STOP:
        yield "it has %g s to end" % container.stop


@BOOK.rule(
    "container-worker-signal", "warning", "A worker's stop kills its tasks",
    why="The init process of Airflow's image hands a signal on to all processes. Tasks get it, too, and lose a try, where Celery's main process alone "
        "would take no new task and let those that run finish.",
    remedy='set the variable DUMB_INIT_SETSID of the worker to "0"',
    see=("https://airflow.apache.org/docs/docker-stack/entrypoint.html#signal-propagation",))
def worker_signal(container):
    if container.kind == "worker" and "apache/airflow" in container.image and not container.one_signal:
        yield "DUMB_INIT_SETSID is not 0"


@BOOK.rule(
    "container-installs", "error", "A container that needs PyPI to start",
    why="It installs packages at each start. While PyPI or the way to it is down nothing comes back, and each start may bring other versions.",
    remedy="build an image that has the packages, and leave _PIP_ADDITIONAL_REQUIREMENTS empty",
    see=("https://airflow.apache.org/docs/docker-stack/build.html",))
def installs(container):
    if container.installs and not container.installs.startswith("${"):
        yield "it installs %s" % container.installs


@BOOK.rule(
    "container-database-volume", "error", "Data that goes with the container",
    why="What is in no volume of its own is gone when the container is made anew, as an upgrade does.",
    remedy="put the data directory on a volume with a name")
def database_volume(container):
    if container.kind in DATABASES and not container.keeps:
        yield "it has no volume for its data"


@BOOK.rule(
    "container-broker-volume", "warning", "Queues that go with the container",
    why="What is queued is gone when the container is made anew. Airflow notices after scheduler.task_queued_timeout.",
    remedy="put the data directory on a volume with a name")
def broker_volume(container):
    if container.kind in BROKERS and not container.keeps:
        yield "it has no volume for its data"


@BOOK.rule(
    "container-image-floating", "note", "Another version at the next start",
    why="An image without a version, or with latest, is whatever was newest when this host last fetched it, and another one elsewhere.",
    remedy="name the version, or the digest")
def image_floating(container):
    if container.image and "$" not in container.image and not TAGGED.search(container.image):
        yield "its image is %s" % container.image


@BOOK.rule(
    "container-published", "note", "A port that all networks reach",
    why="Docker opens published ports before the host's firewall sees them. Airflow reaches a container of the same network without that.",
    remedy="remove the port, or publish it at 127.0.0.1 or at the address of a network that is yours")
def published(container):
    if container.kind in DATABASES + BROKERS and container.published:
        yield "it publishes %s" % ", ".join(container.published)


@BOOK.rule(
    "container-secret-written", "warning", "A secret in the file itself",
    why="Who may read the repository has it, and so has everybody who has an old copy.",
    remedy="let the file name a variable, and put its value where only the host reads it; then make a new one")
def secret_written(container):
    for name in container.written:
        yield "%s stands there" % name
