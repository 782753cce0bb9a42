# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: who runs tasks, and what becomes of them when that host dies."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("airflow")
GONE_IN_3 = ("SequentialExecutor", "CeleryKubernetesExecutor", "LocalKubernetesExecutor", "DaskExecutor", "DebugExecutor")
CELERY = "set core.executor to CeleryExecutor, with a broker of several members and workers on several hosts"


def executors(configuration):
    """Class names without their modules, aliases and teams: ["CeleryExecutor"]."""
    names = (configuration.text("core.executor") or "").split(",")
    return [name.strip().split(":")[-1].split(".")[-1] for name in names if name.strip()]


def uses_celery(configuration):
    return any("Celery" in name for name in executors(configuration))


def uses_pods(configuration):
    return any("Kubernetes" in name for name in executors(configuration))


def evidence(configuration, *bad):
    found = [name for name in executors(configuration) if name in bad]
    if found:
        yield "core.executor is %s%s" % (", ".join(found), "" if configuration.is_given("core.executor") else ", its default")


@BOOK.rule(
    "airflow-executor-sequential", "error", "One task at a time",
    why="SequentialExecutor runs tasks one by one inside the scheduler. A second scheduler would run another one beside it, and the host's "
        "death ends what runs.",
    remedy=CELERY, until="3.0")
def sequential(configuration):
    yield from evidence(configuration, "SequentialExecutor")


@BOOK.rule(
    "airflow-executor-debug", "error", "An executor for debugging",
    why="DebugExecutor runs tasks in the scheduler's own process, one by one.",
    remedy=CELERY, until="3.0")
def debug(configuration):
    yield from evidence(configuration, "DebugExecutor")


@BOOK.rule(
    "airflow-executor-local", "note", "Tasks that die with the scheduler's host",
    why="LocalExecutor runs tasks as children of the scheduler. Whatever ends the scheduler or its host ends them. Schedulers on "
        "other hosts go on with what is left, so this is a choice that many make.",
    remedy="set core.default_task_retries, so that another scheduler tries them again; or " + CELERY)
def local(configuration):
    yield from evidence(configuration, "LocalExecutor")


@BOOK.rule(
    "airflow-executor-gone", "error", "An executor that Airflow 3 does not have",
    why="Airflow 3 has no SequentialExecutor, DebugExecutor or DaskExecutor, and no executor that mixes two others. Its scheduler does not start.",
    remedy="set core.executor to CeleryExecutor, or to several of those that are left, such as CeleryExecutor,KubernetesExecutor", since="3.0")
def gone(configuration):
    yield from evidence(configuration, *GONE_IN_3)


@BOOK.rule(
    "airflow-executor-several", "error", "Several executors before 2.10",
    why="Airflow takes a list of executors from 2.10 on. An earlier one looks for one executor by the name of the whole list, and does not start.",
    remedy="name one executor, or upgrade", until="2.10")
def several(configuration):
    if len(executors(configuration)) > 1:
        yield "core.executor is %s" % configuration.text("core.executor")


@BOOK.rule(
    "airflow-pod-image", "note", "Pods of another version at any time",
    why="With latest each node runs whatever was newest when it last fetched the image, and a task may meet another Airflow than its scheduler.",
    remedy="set kubernetes_executor.worker_container_tag to the version that the scheduler has")
def pod_image(configuration):
    if configuration.text("kubernetes_executor.worker_container_tag") == "latest":
        yield "kubernetes_executor.worker_container_tag is latest"


@BOOK.rule(
    "airflow-unit-test-mode", "error", "Test mode",
    why="core.unit_test_mode is for Airflow's own tests: it replaces settings by those of the tests.",
    remedy="remove core.unit_test_mode")
def unit_test_mode(configuration):
    if configuration.flag("core.unit_test_mode"):
        yield "core.unit_test_mode is on"


@BOOK.rule(
    "airflow-load-examples", "warning", "Example DAGs",
    why="Airflow's example DAGs take time of every dag-processor, and anybody who may trigger DAGs can run them.",
    remedy="set core.load_examples to False")
def load_examples(configuration):
    if configuration.flag("core.load_examples"):
        yield "core.load_examples is on%s" % ("" if configuration.is_given("core.load_examples") else ", by default")


@BOOK.rule(
    "airflow-task-retries", "error", "A lost worker fails its tasks for good",
    why="When a worker's host dies, Airflow ends the try of each task that ran there. Without retries that is the end of the task.",
    remedy="set core.default_task_retries to 2 or more; a DAG may still say otherwise")
def task_retries(configuration):
    retries = configuration.number("core.default_task_retries")
    if retries is not None and retries < 1:
        yield "core.default_task_retries is %g" % retries


@BOOK.rule(
    "airflow-task-retry-delay", "note", "A long wait before the next try",
    why="After a host's death its tasks wait for this long, besides the time until the death is noticed.",
    remedy="set core.default_task_retry_delay to 60 s or less, unless your tasks need the wait", since="2.4")
def task_retry_delay(configuration):
    delay = configuration.number("core.default_task_retry_delay")
    if delay is not None and delay > 120:
        yield "core.default_task_retry_delay is %g s" % delay
