# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: where task logs are, and who can read them when a host is gone."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.dags import is_temporary
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.executor import uses_pods

BOOK = Book("worker")


@BOOK.rule(
    "airflow-logs-local", "note", "Task logs die with their host",
    why="A task's log is a file on its worker. People read it through an API server that asks that host, so it is gone with the host, just when "
        "somebody wants to know what happened.",
    remedy="set logging.remote_logging and logging.remote_base_log_folder, or know that it is so")
def local(configuration):
    if configuration.flag("logging.remote_logging") is False and not uses_pods(configuration):
        yield "logging.remote_logging is off"


@BOOK.rule(
    "airflow-logs-pods", "warning", "Task logs die with their pod",
    why="A pod of KubernetesExecutor is removed when its task ends, and its log with it.",
    remedy="set logging.remote_logging and logging.remote_base_log_folder, or put the logs on a volume that all pods share and mute this")
def pods(configuration):
    if configuration.flag("logging.remote_logging") is False and uses_pods(configuration):
        yield "logging.remote_logging is off, and core.executor is %s" % configuration.text("core.executor")


@BOOK.rule(
    "airflow-logs-nowhere", "error", "Logs are sent nowhere",
    why="Remote logging without a place keeps nothing.", remedy="set logging.remote_base_log_folder")
def nowhere(configuration):
    if configuration.flag("logging.remote_logging") and not (configuration.text("logging.remote_base_log_folder") or "").strip():
        yield "logging.remote_logging is on, and logging.remote_base_log_folder is not set"


@BOOK.rule(
    "airflow-logs-deleted", "error", "Local logs are deleted, and there are no others",
    why="logging.delete_local_logs removes a log when it was sent away.", remedy="set logging.remote_logging, or logging.delete_local_logs to False",
    since="2.6")
def deleted(configuration):
    if configuration.flag("logging.delete_local_logs") and configuration.flag("logging.remote_logging") is False:
        yield "logging.delete_local_logs is on, and logging.remote_logging off"


@BOOK.rule(
    "airflow-logs-temporary", "warning", "Logs lie where they are cleared away",
    why="What tidies temporary directories up takes logs away.", remedy="set logging.base_log_folder to a directory that stays")
def temporary(configuration):
    path = configuration.text("logging.base_log_folder")
    if path and is_temporary(path):
        yield "logging.base_log_folder is %s" % path


@BOOK.rule(
    "airflow-hostname", "note", "Hosts by a name of your own",
    why="An API server asks a worker for logs by the name that core.hostname_callable gives. That must be unique, and each API server must find it.",
    remedy="use airflow.utils.net.getfqdn or socket.gethostname, with names that all hosts resolve")
def hostname(configuration):
    if (configuration.text("core.hostname_callable") or "").replace(":", ".") not in (  # Airflow 1 writes socket:getfqdn
            "airflow.utils.net.getfqdn", "socket.gethostname", "socket.getfqdn", "airflow.utils.net.get_host_ip_address"):
        yield "core.hostname_callable is %s" % configuration.text("core.hostname_callable")
