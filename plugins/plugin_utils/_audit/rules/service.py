# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: does a service come back by itself, and does it go without breaking what it does?"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.executor import executors

BOOK = Book("services")
COMPONENTS = ("api_server", "webserver", "scheduler", "dag_processor", "triggerer", "worker")  # of Airflow
DOORS = ("haproxy", "keepalived", "pgbouncer")
NEVER = ("no", "on-success", "on-watchdog", "on-abort")
SHORTEST_STOP = 120  # s that a worker's tasks should have at least


@BOOK.rule(
    "service-no-unit", "error", "A process that nobody starts again",
    why="What no unit of systemd has started does not come back after a crash or a reboot.",
    remedy="run it as a unit of systemd with Restart=always, and enable that; if another supervisor does so, mute this")
def no_unit(service):
    if not service.unit and not service.container:
        yield "%s runs without a unit" % service.kind


@BOOK.rule(
    "service-failed", "error", "A service that is down",
    why="It has failed, and systemd no longer starts it.", remedy="see `systemctl status` and `journalctl --unit` on the host")
def failed(service):
    if service.unit and service.setting("ActiveState") == "failed":
        yield "%s has failed" % service.unit


@BOOK.rule(
    "service-stopped", "warning", "A service that is stopped, and comes back at the next boot",
    why="It is enabled and does not run. Until somebody starts it the others have to do its work.",
    remedy="`systemctl start` it, or `systemctl disable` what is no longer wanted")
def stopped(service):
    if service.unit and service.setting("ActiveState") == "inactive":
        yield "%s is enabled and stopped" % service.unit


@BOOK.rule(
    "service-not-enabled", "error", "A service that does not come back after a reboot",
    why="systemd starts at boot what is enabled.", remedy="`systemctl enable` it")
def not_enabled(service):
    if service.unit and service.setting("UnitFileState") in ("disabled", "masked"):
        yield "%s is %s" % (service.unit, service.setting("UnitFileState"))


@BOOK.rule(
    "service-no-restart", "error", "A crash that lasts until somebody comes",
    why="Scheduler, triggerer and dag-processor end by themselves when the database is away for a moment, and everything else may crash. Without "
        "Restart= it stays down.",
    remedy="set Restart=always in the unit")
def no_restart(service):
    if service.unit and service.kind in COMPONENTS + DOORS and service.setting("Restart") in NEVER:
        yield "Restart of %s is %s" % (service.unit, service.setting("Restart"))


@BOOK.rule(
    "service-member-no-restart", "warning", "A member that stays away after a crash",
    why="The others go on, and the next loss may be one too many.", remedy="set Restart=on-failure or always in the unit")
def member_no_restart(service):
    if service.unit and service.kind not in COMPONENTS + DOORS and service.setting("Restart") in NEVER:
        yield "Restart of %s is %s" % (service.unit, service.setting("Restart"))


@BOOK.rule(
    "service-start-limit", "error", "systemd gives it up in an outage",
    why="A service that fails StartLimitBurst times within StartLimitIntervalSec is not started any more. A component of Airflow fails at each start "
        "while the database is away, so a failover may leave it dead.",
    remedy="set StartLimitIntervalSec=0 in the unit")
def start_limit(service):
    if service.unit and service.kind in COMPONENTS and service.setting("Restart") not in NEVER:
        interval, burst, pause = service.setting("StartLimitInterval"), int(service.setting("StartLimitBurst")), service.setting("RestartPause")
        if interval and burst * pause < interval:
            yield "%s is given up after %d starts in %g s, and started again after %g s" % (service.unit, burst, interval, pause)


@BOOK.rule(
    "service-restart-slow", "warning", "A long pause before it is started again",
    why="For so long nobody does its work after a crash.", remedy="set RestartSec=1 in the unit, with StartLimitIntervalSec=0")
def restart_slow(service):
    if service.unit and service.setting("RestartPause") > 30:
        yield "RestartSec of %s is %g s" % (service.unit, service.setting("RestartPause"))


@BOOK.rule(
    "service-worker-kill", "error", "A worker's stop kills its tasks",
    why="With KillMode=control-group systemd ends all processes of the unit at once: tasks get the signal, too, and lose a try. With mixed only "
        "Celery's main process gets it, takes no new task, and lets those that run finish.",
    remedy="set KillMode=mixed in the worker's unit, and TimeoutStopSec to your longest task")
def worker_kill(service):
    if service.kind == "worker" and service.unit and service.setting("KillMode") not in ("mixed", "process"):
        yield "KillMode of %s is %s" % (service.unit, service.setting("KillMode"))


@BOOK.rule(
    "service-worker-stop", "warning", "A worker's stop does not wait for its tasks",
    why="After TimeoutStopSec systemd kills what still runs, and each such task loses a try.",
    remedy="set TimeoutStopSec of the worker's unit to what your longest task takes, or infinity")
def worker_stop(service):
    if service.kind == "worker" and service.unit:
        wait = service.setting("TimeoutStop")
        if wait is not None and wait < SHORTEST_STOP:
            yield "TimeoutStopSec of %s is %g s" % (service.unit, wait)


@BOOK.rule(
    "service-daemon", "error", "systemd takes it for ended",
    why="With -D the command ends at once, and another process goes on that systemd does not know unless Type is forking: it is neither started "
        "again nor stopped.",
    remedy="remove -D")
def daemon(service):
    if service.unit and service.kind in COMPONENTS and service.setting("Daemon") and service.setting("Type") != "forking":
        yield "%s starts it with -D, and its Type is %s" % (service.unit, service.setting("Type"))


@BOOK.rule(
    "service-ends", "error", "A scheduler that ends and stays away",
    why="After so many loops it ends without an error, which only Restart=always answers.", remedy="remove -n, or set Restart=always")
def ends(service):
    if service.unit and service.kind == "scheduler" and service.setting("Runs") and service.setting("Restart") not in ("always", "on-success"):
        yield "%s ends after %d loops, and its Restart is %s" % (service.unit, service.setting("Runs"), service.setting("Restart"))


@BOOK.rule(
    "service-scheduler-kill", "warning", "A scheduler's stop kills its tasks",
    why="LocalExecutor runs tasks below the scheduler. With KillMode=control-group systemd ends them with it, and each loses a try.",
    remedy="set KillMode=mixed in the scheduler's unit, and TimeoutStopSec to your longest task")
def scheduler_kill(cluster):
    for service in cluster.services + cluster.units:
        if service.kind == "scheduler" and service.unit and service.setting("KillMode") not in ("mixed", "process"):
            if "LocalExecutor" in executors(cluster.configuration_of(service)):
                yield service.member, "KillMode of %s is %s" % (service.unit, service.setting("KillMode"))


@BOOK.rule(
    "service-unrecognised", "note", "A unit that does not say what it runs",
    why="It starts something else than Airflow and what Airflow stands on, or a script. Nothing of it was judged.",
    remedy="start the command itself, such as ExecStart=/srv/airflow/bin/airflow scheduler; on hosts, audit_units says what a unit runs")
def unrecognised(stranger):
    yield "%s is not known" % stranger.unit


@BOOK.rule(
    "service-standalone", "error", "airflow standalone",
    why="It is for trying Airflow out: all components in one process, which nobody else takes over.",
    remedy="run each component as a service of its own, on several hosts")
def standalone(service):
    if service.kind == "standalone":
        yield "airflow standalone runs"
