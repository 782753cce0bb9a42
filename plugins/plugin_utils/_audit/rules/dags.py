# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: DAG files and the processes that read them."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("dag_processor")
TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/run")


def is_temporary(path):
    return any(path == place or path.startswith(place + "/") for place in TEMPORARY)


def bundles(configuration):
    return configuration.structure("dag_processor.dag_bundle_config_list") or []


def git_bundles(configuration):
    return [bundle for bundle in bundles(configuration) if "git" in str(bundle.get("classpath", "")).lower()]


def section(configuration):
    """Where the dag-processor's options are."""
    return "dag_processor." if configuration.version >= (3, 0) else "scheduler."


@BOOK.rule(
    "airflow-bundle-storage", "warning", "Checked-out DAGs lie where they are cleared away",
    why="Bundles are checked out below the temporary directory by default. What tidies that up takes DAGs from under running tasks.",
    remedy="set dag_processor.dag_bundle_storage_path to a directory that stays, on each host by itself", since="3.0")
def bundle_storage(configuration):
    path = configuration.text("dag_processor.dag_bundle_storage_path")
    if git_bundles(configuration) and (not path or is_temporary(path)):
        yield "dag_processor.dag_bundle_storage_path is %s" % (path or "not set")


@BOOK.rule(
    "airflow-dags-temporary", "error", "DAG files lie where they are cleared away",
    why="What tidies temporary directories up takes DAGs away, and Airflow then forgets them.", remedy="set core.dags_folder to a directory that stays")
def dags_temporary(configuration):
    path = configuration.text("core.dags_folder")
    if path and is_temporary(path):
        yield "core.dags_folder is %s" % path


@BOOK.rule(
    "airflow-dags-stale", "error", "DAGs come and go",
    why="A DAG whose file was not read for stale_dag_threshold is taken away. If files are read less often than that, DAGs vanish and return.",
    remedy="set stale_dag_threshold to more than min_file_process_interval and dag_file_processor_timeout together", since="2.6")
def dags_stale(configuration):
    where = section(configuration)
    threshold, interval = (configuration.number(where + name) for name in ("stale_dag_threshold", "min_file_process_interval"))
    if threshold is not None and interval is not None and threshold <= interval:
        yield "%sstale_dag_threshold is %g s, and %smin_file_process_interval %g s" % (where, threshold, where, interval)


@BOOK.rule(
    "airflow-import-timeout", "warning", "A slow file is killed before it may say why",
    why="A file that takes longer than dagbag_import_timeout is an import error that people see. If the process is killed before, they see nothing.",
    remedy="set core.dagbag_import_timeout to less than dag_file_processor_timeout")
def import_timeout(configuration):
    name = ("dag_processor." if configuration.version >= (3, 0) else "core.") + "dag_file_processor_timeout"
    patience, limit = configuration.number("core.dagbag_import_timeout"), configuration.number(name)
    if patience is not None and limit is not None and patience >= limit:
        yield "core.dagbag_import_timeout is %g s, and %s %g s" % (patience, name, limit)


@BOOK.rule(
    "airflow-dag-refresh", "note", "A new DAG is seen after minutes",
    why="The dag-processor looks for new files this often.",
    remedy="set dag_processor.refresh_interval (before 3.0 scheduler.dag_dir_list_interval) to 60 s or less")
def dag_refresh(configuration):
    name = "dag_processor.refresh_interval" if configuration.version >= (3, 0) else "scheduler.dag_dir_list_interval"
    interval = configuration.number(name)
    if interval is not None and interval > 600:
        yield "%s is %g s" % (name, interval)


@BOOK.rule(
    "airflow-bundle-branch", "note", "A bundle without versions",
    why="With bundle versions off each try of a task runs what the branch holds at that moment. Two tries of one run may differ.",
    remedy="leave dag_processor.disable_bundle_versioning off", since="3.0")
def bundle_branch(configuration):
    if git_bundles(configuration) and configuration.flag("dag_processor.disable_bundle_versioning"):
        yield "dag_processor.disable_bundle_versioning is on"


@BOOK.rule(
    "airflow-dags-safe-mode", "note", "Every file is read",
    why="Without safe mode the dag-processor imports each Python file, also those without DAGs.", remedy="leave core.dag_discovery_safe_mode on, unless "
        "your files hide that they hold DAGs")
def safe_mode(configuration):
    if configuration.flag("core.dag_discovery_safe_mode") is False:
        yield "core.dag_discovery_safe_mode is off"
