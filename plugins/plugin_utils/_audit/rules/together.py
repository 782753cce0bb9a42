# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what all hosts must have in common."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

BOOK = Book("cluster")
# Each host's own affair.
OWN = {"api.host", "webserver.web_server_host", "scheduler.scheduler_health_check_server_host", "celery.worker_concurrency",
       "logging.worker_log_server_port", "logging.trigger_log_server_port", "core.hostname_callable"}
READERS = {"scheduler": ("scheduler",), "triggerer": ("triggerer",)}  # of a section that is one component's affair
SAME_SECRETS = {
    "core.fernet_key": "passwords that one host has stored cannot be read by another",
    "api.secret_key": "people are logged out by the load balancer's next choice, and logs of some workers are refused",
    "webserver.secret_key": "people are logged out by the load balancer's next choice, and logs of some workers are refused",
    "api_auth.jwt_secret": "tokens that one host has signed are refused by another, so tasks fail at once",
}
SKEW_ERROR, SKEW_WARNING = 10, 1  # s; a token has a leeway of 10 s


def by_value(configurations, read):
    """{value: members}; what cannot be read is left out, unless nothing can."""
    found, reasons = {}, []
    for configuration in configurations:
        try:
            found.setdefault(read(configuration), []).append(configuration.member)
        except Unknown as reason:
            reasons.append(reason)
    if reasons and not found:
        raise reasons[0]
    return found


def parted(groups):
    return " | ".join(", ".join(members) for members in groups.values())


@BOOK.rule(
    "cluster-secret-differs", "error", "A secret that is not the same everywhere",
    why="Fernet key, JWT secret and secret keys are shared: what one host encrypts or signs, each other one must be able to read.",
    remedy="set it to the same value on all hosts, and restart all components")
def secret_differs(cluster):
    for name, consequence in SAME_SECRETS.items():
        groups = by_value([each for each in cluster.configurations if not each.problem and each.options.has(name) and each.is_given(name)],
                          lambda each, name=name: (each.secret(name) or {}).get("digest"))
        if len(groups) > 1:
            yield "%s differs (%s): %s" % (name, parted(groups), consequence)


@BOOK.rule(
    "cluster-version-differs", "error", "Several versions of Airflow",
    why="A component checks the schema of the database at its start, and a worker must not be newer than the API that it calls.",
    remedy="install the same version everywhere; during an upgrade API servers come first")
def version_differs(cluster):
    groups = by_value([each for each in cluster.configurations if each.release], lambda each: each.release)
    if len(groups) > 1:
        yield "; ".join("%s on %s" % (version, ", ".join(members)) for version, members in sorted(groups.items()))


@BOOK.rule(
    "cluster-dags-differ", "warning", "Other DAG files on another host",
    why="A task runs the code of the worker's host. With other files it does something else there, or fails.",
    remedy="bring the same files to all hosts in one step, and keep them so: by a bundle from git, or by steady.airflow.dag_sync")
def dags_differ(cluster):
    seen = [each for each in cluster.configurations if each.dags and not uses_other_bundles(each)]
    groups = by_value(seen, lambda each: each.dags["digest"])
    if len(groups) > 1:
        numbers = {each.dags["digest"]: each.dags["files"] for each in seen}
        yield " | ".join("%d files on %s" % (numbers[digest], ", ".join(members)) for digest, members in groups.items())


def uses_other_bundles(configuration):
    """Whether DAG files come from elsewhere than a folder."""
    bundles = configuration.text("dag_processor.dag_bundle_config_list") if configuration.version >= (3, 0) else None
    return bool(bundles) and "LocalDagBundle" not in bundles


@BOOK.rule(
    "cluster-packages-differ", "warning", "The same Airflow with other libraries",
    why="A task runs on any worker, and a DAG that one host can import may fail on another.", remedy="install all hosts from one lock file")
def packages_differ(cluster):
    seen = {}
    for configuration in cluster.configurations:
        try:
            for name, version in configuration.seen("packages").items():
                seen.setdefault(name, {}).setdefault(version, []).append(configuration.member)
        except Unknown:
            continue
    for name, versions in sorted(seen.items()):
        if len(versions) > 1 and name not in ("apache_airflow", "apache_airflow_core"):
            yield "%s: %s" % (name, "; ".join("%s on %s" % (version, ", ".join(members)) for version, members in sorted(versions.items())))


def effective(configuration, name):
    """What an option is there, told or by default, wherever it was told."""
    told = configuration.given.get(name) or {"value": configuration.options.default(name)}
    return repr(sorted((key, value) for key, value in told.items() if key != "from"))


@BOOK.rule(
    "cluster-option-differs", "warning", "An option that is not the same everywhere",
    why="Schedulers, API servers and workers decide by the same rules only if these are the same on each host.",
    remedy="make the option the same on all hosts")
def option_differs(cluster):
    readable = [each for each in cluster.configurations if not each.problem]
    for name in sorted({name for each in readable for name in each.given} - OWN - set(SAME_SECRETS)):
        readers = READERS.get(name.partition(".")[0])
        groups = by_value([each for each in readable if not readers or each.is_for(readers)], lambda each, name=name: effective(each, name))
        if len(groups) > 1:
            yield "%s differs: %s" % (name, parted(groups))


def skew(host):
    """Seconds by which the host's clock is ahead of the controller's, as far as the look's own length allows."""
    if host.seen["controller_time"] is None:
        raise Unknown("the controller's time was not told to %s" % host.member)
    return host.seen["time"] - host.seen["controller_time"]


@BOOK.rule(
    "cluster-clocks", "error", "Clocks that disagree",
    why="A task's token is signed by one host's clock and read by another's, with a leeway of 10 s. With more every task fails; a scheduler that is "
        "behind counts as dead.",
    remedy="run chrony or systemd-timesyncd on all hosts")
def clocks(cluster):
    seen = {host.member: skew(host) for host in cluster.hosts}
    if seen and max(seen.values()) - min(seen.values()) > SKEW_ERROR:
        yield "%s is %.1f s ahead of %s" % (max(seen, key=seen.get), max(seen.values()) - min(seen.values()), min(seen, key=seen.get))


@BOOK.rule(
    "host-clock", "warning", "A clock that nobody sets", why="It drifts until tokens are refused and heartbeats count as late.",
    remedy="run chrony or systemd-timesyncd on the host")
def clock(host):
    if host.seen["clock_synchronised"] is False:
        yield "nothing keeps the clock in step"


@BOOK.rule(
    "airflow-config-readable", "error", "Everybody on the host can read Airflow's secrets",
    why="The file holds the passwords of database and broker and the keys that sign tokens.", remedy="let only Airflow's user and group read it: mode 0640")
def config_readable(installation):
    if int(installation.seen("mode"), 8) & 0o004:
        yield "%s has mode %s" % (installation.seen("path"), installation.seen("mode"))
