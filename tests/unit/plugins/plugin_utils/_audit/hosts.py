# SPDX-License-Identifier: GPL-3.0-or-later
"""What is seen of the hosts of a cluster that is fine, and what may become of it. Recorded on the demo."""

from __future__ import annotations

import copy
import json
import re

from ansible_collections.steady.airflow.plugins.module_utils._audit import airflow_config, etcd, rabbitmq, services
from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.tests.unit.plugins.plugin_utils._audit.configurations import changed, golden, text
from ansible_collections.steady.airflow.tests.unit.recordings import FIXTURES

UNITS = services.units((FIXTURES / "audit/systemctl.txt").read_text(encoding="utf-8"))
TEXTS = {"haproxy": (FIXTURES / "audit/haproxy.cfg").read_text(encoding="utf-8"),
         "keepalived": (FIXTURES / "audit/keepalived.conf").read_text(encoding="utf-8")}
OTHERS = {kind: (FIXTURES / "audit" / name).read_text(encoding="utf-8")
          for kind, name in (("redis", "redis.conf"), ("redis_sentinel", "sentinel.conf"), ("pgbouncer", "pgbouncer.ini"))}
FILES = Files(str(FIXTURES / "audit/host"))
RECORDED = json.loads((FIXTURES / "audit/postgresql.json").read_text(encoding="utf-8"))
RECORDED["answer"]["settings"]["archive_mode"] = "on"
PROOF = {"proven": True, "problem": None, "began": 0.0}
COMPONENTS = ["api_server", "dag_processor", "scheduler", "triggerer", "worker"]
SENTINELS = {"celery.broker_url": "sentinel://:not-a-real-one@192.0.2.11:26379;sentinel://:not-a-real-one@192.0.2.12:26379;"
                                  "sentinel://:not-a-real-one@192.0.2.13:26379",
             "celery.extra_celery_config": golden()["celery.extra_celery_config"].replace('"confirm_publish": true', '"master_name": "airflow"')}
PACKAGES = {"apache_airflow_core": "3.3.2", "celery": "5.6.3"}


def queues(kind):
    return [{"vhost": "airflow", "name": "default", "type": kind}, {"vhost": "airflow", "name": "celery@node1.celery.pidbox", "type": "classic"}]


def host(leads=False, **changes):
    """What is seen of a host of the demo."""
    options = airflow_config.options(text(changed(golden(), changes)), {}, "salt")
    return {"hostname": "x", "privileged": True, "time": 1000.0, "controller_time": 1000.0, "clock_synchronised": True,
            "postgresql": dict(copy.deepcopy(RECORDED["answer"]), problem="", recovery=not leads, standbys=RECORDED["answer"]["standbys"] if leads else [],
                               patroni={name: value for name, value in RECORDED["dynamic"].items() if name != "postgresql"}),
            "etcd": etcd.look(FILES, [dict(unit, pid=0) for unit in UNITS]), "rabbitmq": dict(rabbitmq.look(FILES, UNITS), queues=queues("quorum")),
            "texts": {kind: {"path": "", "text": content, "problem": ""} for kind, content in TEXTS.items()},
            "backups": {"time": 990.0, "problems": [], "proof": dict(PROOF)},
            "certificates": [], "containers": [], "services": [copy.deepcopy(services.told(FILES, unit)) for unit in UNITS],
            "airflow": [{"components": COMPONENTS, "version": "3.3.2", "packages": dict(PACKAGES), "path": "/etc/airflow/airflow.cfg",
                         "mode": "0640", "options": options, "problem": "", "broken": False,
                         "dags": {"folder": "/dags", "files": 3, "digest": "a"}}]}


def cluster():
    return {"node1": host(), "node2": host(leads=True), "node3": host()}


def other(**changes):
    """The same with Redis and its Sentinels as the broker, and PgBouncer before the database."""
    hosts = cluster()
    for one in hosts.values():
        one.update(host(leads=not one["postgresql"]["recovery"], **{**SENTINELS, **changes}), rabbitmq=None)
        one["services"] = [each for each in one["services"] if each["kind"] != "rabbitmq"]
        [etcd_unit] = [each for each in one["services"] if each["kind"] == "etcd"]
        one["services"] += [dict(copy.deepcopy(etcd_unit), kind=kind, unit=kind + ".service") for kind in OTHERS]
        one["texts"].update({kind: {"path": "", "text": content, "problem": ""} for kind, content in OTHERS.items()})
    return hosts


def without(hosts, kind, keep=1):
    """Only some hosts run it."""
    for one in list(hosts.values())[keep:]:
        one["services"] = [each for each in one["services"] if each["kind"] != kind]


def twice(hosts, kind):
    """One host runs two of it, and no other any."""
    without(hosts, kind)
    found = hosts["node1"]["services"]
    found.extend([copy.deepcopy(each) for each in found if each["kind"] == kind])


def setting(kind, **settings):
    def change(hosts):
        [service] = [each for each in hosts["node2"]["services"] if each["kind"] == kind]
        service["settings"].update(settings)

    return change


def served(queues, *names):
    """By the workers of these hosts."""
    def change(hosts):
        for name in names or ("node2",):
            [worker] = [each for each in hosts[name]["services"] if each["kind"] == "worker"]
            worker["queues"] = queues.split(",")

    return change


def kept(**changes):
    return lambda hosts: hosts["node3"]["backups"].update(changes)


def option(name, value):
    return lambda hosts: hosts.update(node2=host(leads=True, **{name: value}))


def installed(**changes):
    return lambda hosts: hosts["node2"]["airflow"][0].update(changes)


def everywhere(**changes):
    def change(hosts):
        for one in hosts.values():
            one["airflow"][0].update(changes)

    return change


def database(**settings):
    return lambda hosts: hosts["node2"]["postgresql"]["settings"].update(settings)


def seen(**changes):
    return lambda hosts: hosts["node2"]["postgresql"].update(changes)


def agreed(**changes):
    """None takes it away."""
    def change(hosts):
        for one in hosts.values():
            patroni = dict(one["postgresql"]["patroni"], **changes)
            one["postgresql"]["patroni"] = {name: value for name, value in patroni.items() if value is not None}

    return change


def told(kind, **settings):
    """Of one host; dots are written __. None takes a setting away."""
    def change(hosts):
        found = hosts["node2"][kind]["settings"]
        for name, value in settings.items():
            found.pop(name.replace("__", "."), None)
            if value is not None:
                found[name.replace("__", ".")] = value

    return change


def line(kind, old, new=""):
    """A line that begins so is another one, or gone."""
    def change(hosts):
        found = hosts["node2"]["texts"][kind]
        assert re.search(r"(?m)^ *%s.*$" % old, found["text"])
        found["text"] = re.sub(r"(?m)^ *%s.*$" % old, new, found["text"])

    return change


def only(kind):
    """One host has it."""
    def change(hosts):
        for name in ("node1", "node3"):
            del hosts[name]["texts"][kind]

    return change


def service(**changes):
    return lambda hosts: hosts["node2"]["services"][0].update(changes)
