# SPDX-License-Identifier: GPL-3.0-or-later
"""The broker of this deployment, as its inventory says, and what tests of other tiers must know of it."""

from __future__ import annotations

import os
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
INVENTORY = pathlib.Path(os.environ.get("STEADY_INVENTORY", ROOT / "inventories/three_nodes"))
GROUPS = yaml.safe_load((INVENTORY / "hosts.yml").read_text(encoding="utf-8")).keys()
NAME = "redis" if "redis" in GROUPS else "rabbitmq"  # as group, account, certificate

_OF = {
    "rabbitmq": {
        "units": ["rabbitmq-server"], "helpers": ["epmd"], "ports": {5671: "RabbitMQ", 25672: "RabbitMQ's members"}, "plain": {4369: "epmd"}, "doors": (5671,),
        "secret_files": ["/etc/rabbitmq/definitions.json", "/var/lib/rabbitmq/.erlang.cookie"], "package": "rabbitmq-server",
    },
    "redis": {
        "units": ["redis-server", "redis-sentinel"], "helpers": [], "ports": {6379: "Redis", 26379: "Sentinel"}, "plain": {}, "doors": (),
        "secret_files": ["/etc/redis/accounts.conf", "/etc/redis/sentinel.conf", "/etc/redis/access.json"], "package": "redis-",
    },
}[NAME]
UNITS, HELPERS = _OF["units"], _OF["helpers"]
PORTS, PLAIN_PORTS = _OF["ports"], _OF["plain"]  # at which members listen beyond loopback, by TLS and in clear: {port: what}
DOORS = _OF["doors"]  # at the VIP
SECRET_FILES, PACKAGE = _OF["secret_files"], _OF["package"]
EPMD = 4369
WATCHED = "[Node || {process, {rabbit, Node}} <- element(2, process_info(whereis(rabbit_node_monitor), monitors))]"
# a process of ours that has members watched again, and the functions of RabbitMQ's, not documented, that it does it with
WATCHES_AGAIN = ("[is_pid(whereis(steady_peers)), erlang:function_exported(rabbit_node_monitor, notify_node_up, 0), "
                 "erlang:function_exported(rabbit_node_monitor, ping_all, 0)]")


def watched_by(host):
    """(names of the members that RabbitMQ on this host watches, whether it will watch again who comes back); nobody when it does not say."""
    told = host.run("rabbitmqctl eval %s", f"{{{WATCHED}, {WATCHES_AGAIN}}}.").stdout
    return re.findall(r"rabbit@([\w-]+)", told), "[true,true,true]" in told
