# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: does the inventory describe a shape that can work?

Input are C(topology_tiers) and a dict of settings; no host is asked. Each rule is a generator of findings.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._rules import access, authority, inputs, members, ports, services, settings, timing
from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import enumerate_names, finding, judge
from ansible_collections.steady.airflow.plugins.module_utils._what_if import what_if

# Why these: a quorum needs three, a takeover needs two.
MINIMUM = {
    "etcd": 3,
    "postgresql": 2,
    "load_balancers": 2,
    "api_server": 2,
    "scheduler": 2,
    "dag_processor": 2,
    "triggerer": 2,
    "worker": 2,
}
BROKERS = {"rabbitmq": 3, "redis": 3}
# Airflow goes on without it.
SPARE = ("backup",)
# Without high availability there is nothing to balance, since the one host is the door, and a scheduler may run the tasks itself.
HA_ONLY = ("load_balancers", "worker")
GROUPS = {
    "api_server": "airflow_api_servers",
    "scheduler": "airflow_schedulers",
    "dag_processor": "airflow_dag_processors",
    "triggerer": "airflow_triggerers",
    "worker": "airflow_workers",
}


def is_ha(settings):
    return settings.get("ha", True)


def missing_tiers(tiers, settings):
    spared = (() if is_ha(settings) else HA_ONLY) + (services.TIERS["database"] if services.used(settings, "database") else ())
    for tier in MINIMUM:
        if not tiers.get(tier) and tier not in spared:
            yield finding(
                "inventory-tier-missing", tier, "no host has this job",
                "put hosts into the inventory group '%s'" % GROUPS.get(tier, tier)
                + (", or name a database that others run in airflow_database_url" if tier in services.TIERS["database"] else ""))


def broker(tiers, settings):
    used = [name for name in BROKERS if tiers.get(name)]
    external = bool(services.used(settings, "broker"))
    if not is_ha(settings) and not tiers.get("worker"):
        yield from by_itself(tiers, used + ["airflow_broker_url"] * external)
    elif not used and not external:
        yield finding(
            "inventory-broker-missing", "broker", "no host runs a message broker",
            "put hosts into the inventory group 'rabbitmq', or into 'redis', or name one that others run in airflow_broker_url")
    elif len(used) > 1:
        yield finding(
            "inventory-broker-both", "broker", "both %s have hosts" % " and ".join(used),
            "empty one of the two inventory groups; rabbitmq is the default")


def by_itself(tiers, brokers):
    """A scheduler that runs the tasks."""
    if brokers:
        yield finding("inventory-worker-missing", "worker", "no host takes what %s is to hand out" % enumerate_names(brokers),
                      "put a host into the inventory group 'airflow_workers', or have no broker: then the scheduler runs the tasks itself")
    blind = {host["name"] for host in tiers.get("scheduler") or []} - {host["name"] for host in tiers.get("dag_processor") or []}
    if blind:
        yield finding("inventory-tasks-without-files", "scheduler", "%s would run tasks, and has no DAG files" % enumerate_names(sorted(blind)),
                      "put the same host into the inventory group 'airflow_dag_processors', or one into 'airflow_workers' and one into 'rabbitmq'")


def too_few(tiers, settings):
    if not is_ha(settings):
        return
    for tier, minimum in list(MINIMUM.items()) + list(BROKERS.items()):
        count = len(tiers.get(tier) or [])
        if 0 < count < minimum:
            yield finding(
                "inventory-too-few", tier, "%d of at least %d members: it would not survive a host" % (count, minimum),
                "add hosts to the inventory group '%s', or set topology_ha to false and give every group one host"
                % GROUPS.get(tier, tier))


def one_keeper(tiers, settings):
    names = [host["name"] for host in tiers.get("backup") or []]
    if len(names) > 1:
        yield finding("inventory-backup-several", "backup", "%s are to keep the backups, and one host does" % enumerate_names(names),
                      "leave one host in the inventory group 'backup'; a copy of its repository elsewhere is another matter")


def even_etcd(tiers, settings):
    count = len(tiers.get("etcd") or [])
    if is_ha(settings) and count >= MINIMUM["etcd"] and count % 2 == 0:
        yield finding(
            "inventory-etcd-even", "etcd", "%d members: the even one adds risk, and no host more may fail" % count,
            "use %d or %d members" % (count - 1, count + 1))


def mixed_shape(tiers, settings):
    if is_ha(settings):
        return
    several = sorted(tier for tier, hosts in tiers.items() if len(hosts or []) > 1)
    if several:
        yield finding(
            "inventory-shape-mixed", "topology_ha", "is false, but these have several members: %s"
            % enumerate_names(several),
            "set topology_ha to true, or give every group one host")


def zone_loss(tiers, settings):
    """Zones are optional; once given, losing one should leave something of every tier, and a majority where one is needed."""
    if not is_ha(settings):
        return
    losses = [loss for loss in what_if({tier: hosts for tier, hosts in tiers.items() if tier not in SPARE}) if loss["kind"] == "zone"]
    if len(losses) < 2:
        return
    for loss in losses:
        if loss["effects"]:
            yield finding(
                "inventory-zone-loss", "zone %s" % loss["name"], "losing it would mean: %s" % "; ".join(loss["effects"]),
                "spread the members of these tiers over zones, so that no zone has half of them or all", "warning")


RULES = (
    (missing_tiers, broker, too_few, one_keeper, even_etcd, mixed_shape, zone_loss)
    + services.RULES + members.RULES + inputs.RULES + authority.RULES + timing.RULES + access.RULES + ports.RULES + settings.RULES)


def inventory_findings(tiers, settings):
    return judge(RULES, tiers, settings)
