# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: a container, as its service in a file of Docker Compose describes it."""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.module_utils._audit import services

COMPONENT = re.compile(
    r"(?:^|[\s;&])(?:airflow\s+)?(api-server|webserver|scheduler|dag-processor|triggerer|celery\s+worker|celery\s+flower|worker|flower|standalone)(?=$|[\s;&])")
KINDS = {"api-server": "api_server", "dag-processor": "dag_processor"}
IMAGES = (  # the first that the name of an image has
    ("sentinel", "redis_sentinel"), ("redis", "redis"), ("valkey", "redis"), ("rabbitmq", "rabbitmq"), ("pgbouncer", "pgbouncer"), ("spilo", "patroni"),
    ("patroni", "patroni"), ("postgres", "postgresql"), ("mariadb", "mariadb"), ("mysql", "mysql"), ("haproxy", "haproxy"), ("etcd", "etcd"),
    ("minio", "minio"))
FILES = (".conf", ".cfg", ".sh", ".sql", ".yml", ".yaml", ".ini", ".json")  # that are mounted, and are no data
BITNAMI = re.compile(r"bitnami(?:legacy)?/airflow(?:-(scheduler|worker))?(?::|@|$)")
SECRET = re.compile(r"AIRFLOW__\w+__(FERNET_KEY|SECRET_KEY|JWT_SECRET)$")
SPAN = re.compile(r"([\d.]+)(us|ms|s|m|h)")
SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}


class Container:
    """What is known of one."""

    def __init__(self, seen):
        self.member = seen["name"]
        self.kind = seen["kind"]
        for name in ("image", "restart", "stop", "published", "keeps", "one_signal", "written", "installs"):
            setattr(self, name, seen[name])


def is_airflow(service, environment):
    return "airflow" in str(service.get("image")).lower() or any(name.startswith("AIRFLOW__") for name in environment)


def seen(name, service, environment, own):
    """{name, kind, replicas, queues, settings, and what Container has}.

    kind: a component of Airflow by its command, another service by its image; empty for what ends by itself, such as a migration.
    restart: (policy, most tries or 0); stop: seconds that it has to end; published: ports that other hosts reach; keeps: whether its data is in
    a volume; one_signal: whether only the main process is told to end; installs: what it fetches at each start; written: secrets that stand in the file itself.
    """
    line = _words(service.get("entrypoint")) + _words(service.get("command"))
    kind = _kind(service, environment, " ".join(line))
    return {
        "name": name, "kind": kind, "replicas": _replicas(service), "queues": services.queues(line),
        "settings": services.wishes(kind, line),
        "image": str(service.get("image") or ""), "restart": _restart(service), "stop": _span(service.get("stop_grace_period") or "10s"),
        "published": [port for port in map(_published, service.get("ports") or []) if port], "keeps": _keeps(service),
        "installs": environment.get("_PIP_ADDITIONAL_REQUIREMENTS", "").strip(), "one_signal": environment.get("DUMB_INIT_SETSID") == "0",
        "written": sorted(key for key, value in own.items() if SECRET.match(key) and value and "$" not in value),
    }


def _kind(service, environment, line):
    if is_airflow(service, environment):
        own = BITNAMI.search(str(service.get("image")))
        if own and not line:
            return own[1] or "webserver"
        match = COMPONENT.search(line)
        return KINDS.get(match[1], match[1].split()[-1]) if match else ""
    if "sentinel" in line:
        return "redis_sentinel"
    return next((kind for part, kind in IMAGES if part in str(service.get("image") or "").lower()), "")


def _words(command):
    return [str(word) for word in command] if isinstance(command, list) else services.words(str(command or ""))


def _replicas(service):
    told = (service.get("deploy") or {}).get("replicas", service.get("scale", 1))
    return int(told) if str(told).isdecimal() else 1


def _restart(service):
    """Compose writes restart: on-failure:3, and a swarm deploy.restart_policy."""
    policy = (service.get("deploy") or {}).get("restart_policy")
    if policy:
        return {"any": "always", "none": "no"}.get(policy.get("condition", "any"), policy.get("condition")), int(policy.get("max_attempts") or 0)
    name, _colon, tries = str(service.get("restart") or "no").partition(":")
    return name, int(tries) if tries.isdecimal() else 0


def _span(text):
    """Seconds of 1m30s; None where it is a variable."""
    found = SPAN.findall(str(text))
    return sum(float(number) * SECONDS[unit] for number, unit in found) if found else float(text) if str(text).isdecimal() else None


def _published(port):
    """The port of the host that others reach, or an empty text: a loopback address, or one that only containers see."""
    if isinstance(port, dict):
        return "" if str(port.get("host_ip", "")).startswith(("127.", "::1")) else str(port.get("published") or "")
    address, _colon, rest = str(port).rpartition("/")[0].rpartition(":") if "/" in str(port) else str(port).rpartition(":")
    if not _colon or address.startswith(("127.", "[::1]", "localhost")):
        return ""
    return address.rpartition(":")[2]


def mounts(service):
    """(volume or path of the host, path in the container) of each that has a name."""
    for each in service.get("volumes") or []:
        source, target = (each.get("source"), each.get("target")) if isinstance(each, dict) else (str(each).split(":") + [""])[:2]
        if source and target:
            yield str(source), str(target)


def is_of_swarm(service):
    """Whether it says what only a swarm reads."""
    deploy = service.get("deploy") or {}
    return deploy.get("mode") == "global" or any(name in deploy for name in ("placement", "update_config", "endpoint_mode"))


def _keeps(service):
    """Whether anything of it is in a volume with a name or in a directory."""
    return any(not source.endswith(FILES) for source, _target in mounts(service))
