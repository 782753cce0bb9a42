# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what Docker on a host has written down of the containers that run a service. Docker itself is not asked."""

from __future__ import annotations

import json
import re

IDENTITY = re.compile(r"\b[0-9a-f]{64}\b")
NESTED = re.compile(r"\b[0-9a-f]{64}(\.scope)?/")  # a cgroup that something in the container has made
ROOT = "/var/lib/docker"
GRACE = 10.0  # s that Docker gives a container to end, unless it is told
LOCAL = ("127.", "::1")


def look(files, found):
    """[{name, kind, image, restart, stop, published, keeps, one_signal, written, installs}], one for each container and kind of service in it.

    See containers.py in plugin_utils/_audit, which has them of a file of Compose. What another program than Docker runs is left out.
    """
    told = {(service["container"], service["kind"]): _told(files, service) for service in found if service["container"]}
    return [each for each in told.values() if each]


def name(files, identity):
    """What people call it; the beginning of its identity where Docker does not say."""
    return _json(files, identity, "config.v2.json").get("Name", "").lstrip("/") or identity[:12]


def environment(files, cgroup):
    """{name: value} that Docker gave to a container; empty for a process that something in the container has started."""
    if NESTED.search(cgroup):
        return {}
    lines = (_json(files, identity(cgroup), "config.v2.json").get("Config") or {}).get("Env") or []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def identity(cgroup):
    """Of the container that a process is in."""
    found = IDENTITY.search(cgroup)
    return found[0] if found else "unknown"


def _told(files, service):
    config, host = (_json(files, service["container"], part) for part in ("config.v2.json", "hostconfig.json"))
    if not config or not host:
        return None
    own, policy = config.get("Config") or {}, host.get("RestartPolicy") or {}
    stop = own.get("StopTimeout")
    return {
        "name": config.get("Name", "").lstrip("/"), "kind": service["kind"], "image": own.get("Image", ""),
        "restart": [policy.get("Name") or "no", policy.get("MaximumRetryCount") or 0], "stop": GRACE if stop is None else float(stop),
        "published": sorted({each["HostPort"] for bound in (host.get("PortBindings") or {}).values() for each in bound or []
                             if each.get("HostPort") and not each.get("HostIp", "").startswith(LOCAL)}),
        "keeps": any(_has_name(mount) for mount in (config.get("MountPoints") or {}).values()),
        "one_signal": "DUMB_INIT_SETSID=0" in (own.get("Env") or []), "written": [],
        "installs": next((line.partition("=")[2].strip() for line in own.get("Env") or [] if line.startswith("_PIP_ADDITIONAL_REQUIREMENTS=")), ""),
    }


def _has_name(mount):
    """Whether it outlives the container: a volume that Docker has named by itself does not."""
    return mount.get("Type") == "bind" or (mount.get("Type") == "volume" and not IDENTITY.fullmatch(mount.get("Name", "")))


def _json(files, identity, part):
    root = _dict(files.text("/etc/docker/daemon.json")).get("data-root", ROOT)
    return _dict(files.text("%s/containers/%s/%s" % (root, identity, part)))


def _dict(text):
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
