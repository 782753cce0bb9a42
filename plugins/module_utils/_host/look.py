# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: everything about one host, in one look."""

from __future__ import annotations

import os
import time

from ansible_collections.steady.airflow.plugins.module_utils._host import certificates, clock, kept, neighbours, network, services, sockets, system, vip


def observe(files, params, max_error, show, ask=neighbours.ask, look_up=network.lookup):
    """Everything about one host; the root of its files, its units and its network are handed in."""
    kernel = os.uname()
    container = system.is_container(files)
    own = network.addresses(files)
    listening, hidden = sockets.listening(files)
    public, keys = certificates.look(files, params["tls_directory"])
    door = None
    if params["vip"]:
        link = network.link_to(files, params["vip"]) if vip.version(params["vip"]) else ""
        door = vip.observe(params["vip"], params["vip_members"], own, link, min(params["timeout"], 1.0), ask)
        door["interface"] = link
    return {
        "time": time.time(),
        "controller_time": params["controller_time"],
        "distribution": system.distribution(files),
        "python": system.python_version(files),
        "architecture": kernel.machine,
        "hostname": kernel.nodename,
        "cpus": system.cpus(files),
        "memory_mb": system.memory_mb(files),
        "container": container,
        "systemd": system.has_systemd(files),
        "privileged": os.geteuid() == 0,
        "clock_synchronised": clock.synchronised(container, max_error),
        "addresses": own,
        "names": network.resolve(params["names"], params["timeout"], look_up),
        "services": services.reach(params["services"], params["timeout"]),
        "filesystems": {path: system.filesystem(files, path) for path in params["paths"]},
        "packages": system.packages(files, params["packages"]),
        "listening": listening,
        "hidden": hidden,
        "certificates": public,
        "keys": keys,
        "served": certificates.served(files, params["served_certificates"]),
        "kept": kept.look(files, show),
        "vip": door,
    }
