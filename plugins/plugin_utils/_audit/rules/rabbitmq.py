# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: RabbitMQ, by what its files say."""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.loopback import are_local
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("rabbitmq")
LEAST_DISK = 500_000_000
LEAST_CONSUMER_TIMEOUT = 6 * 3600 * 1000  # ms
UNITS = {"": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "kib": 2 ** 10, "mib": 2 ** 20, "gib": 2 ** 30}


@BOOK.rule(
    "rabbitmq-members", "error", "Queues do not survive a host",
    why="A quorum queue needs more than half of its copies. With one or two members any loss stops it.", remedy="run three members on three hosts")
def members(cluster):
    hosts = cluster.running("rabbitmq")
    if 0 < len(hosts) < 3:
        cluster.complete()
        yield "it has %d members" % len(hosts)


@BOOK.rule(
    "rabbitmq-partitions", "error", "After a split there are two brokers",
    why="Without a strategy both sides of a partition go on by themselves, and do not come together again until somebody restarts one of them.",
    remedy="set cluster_partition_handling = pause_minority, or enable the feature flag khepri_db")
def partitions(rabbitmq):
    if rabbitmq.setting("cluster_partition_handling", "ignore") == "ignore" and not rabbitmq.is_raft:
        yield "cluster_partition_handling is ignore"


@BOOK.rule(
    "rabbitmq-consumer-timeout", "error", "A long task is given to a second worker",
    why="RabbitMQ closes the channel of a consumer that has not acknowledged a message for 30 minutes, and Airflow acknowledges when the task is over. "
        "The message goes to another worker, and this one loses its connection.",
    remedy="set consumer_timeout in milliseconds to more than your longest task takes, for example 90000000",
    see=("https://github.com/apache/airflow/issues/15799",))
def consumer_timeout(rabbitmq):
    told = rabbitmq.setting("consumer_timeout")
    if told is None or (told.isdigit() and int(told) < LEAST_CONSUMER_TIMEOUT):
        yield "consumer_timeout is %s" % (told + " ms" if told else "not set: 30 minutes")


@BOOK.rule(
    "rabbitmq-disk-limit", "warning", "The disk is full before RabbitMQ notices",
    why="RabbitMQ stops taking messages when less is free than its limit. With the default of 50 MB it may fail while it writes.",
    remedy="set disk_free_limit.absolute = 1GB")
def disk_limit(rabbitmq):
    absolute, relative = rabbitmq.setting("disk_free_limit.absolute"), rabbitmq.setting("disk_free_limit.relative")
    if relative is None and size(absolute or "50MB") < LEAST_DISK:
        yield "disk_free_limit is %s" % (absolute or "not set: 50 MB")


def size(text):
    match = re.match(r"(\d+)\s*([A-Za-z]*)$", text)
    return int(match[1]) * UNITS.get(match[2].lower(), 1) if match else 0


@BOOK.rule(
    "rabbitmq-plain", "warning", "Messages travel in the clear",
    why="A message tells the broker's password, and holds a token with which its task calls the API.",
    remedy="set listeners.tcp = none and listeners.ssl.default = 5671")
def plain(rabbitmq):
    told = {name: value for name, value in rabbitmq.seen("settings").items() if name.startswith("listeners.tcp")}
    if not told:
        yield "it listens at port 5672 without TLS"
    elif told.get("listeners.tcp") != "none" and not are_local(told.values()):
        yield "it listens without TLS at %s" % ", ".join(sorted(told.values()))


@BOOK.rule(
    "rabbitmq-guest", "error", "Everybody may come as guest",
    why="The user guest and its password are known to all. RabbitMQ lets it in from its own host only, unless it is told otherwise.",
    remedy="remove loopback_users from rabbitmq.conf, and delete guest")
def guest(rabbitmq):
    if rabbitmq.setting("loopback_users") == "none" or rabbitmq.setting("loopback_users.guest") == "false":
        yield "loopback_users lets guest in from everywhere"


@BOOK.rule(
    "rabbitmq-queue-type", "note", "Queues that die with a host, unless a client asks for better ones",
    why="Without default_queue_type a queue is classic, lives on one member, and is out of reach with it.", remedy="set default_queue_type = quorum")
def queue_type(rabbitmq):
    if rabbitmq.setting("default_queue_type", "classic") != "quorum":
        yield "default_queue_type is %s" % rabbitmq.setting("default_queue_type", "not set")


@BOOK.rule(
    "rabbitmq-management-plain", "warning", "RabbitMQ is administered in the clear",
    why="The management page takes the administrator's password. At http:// who sees the traffic has it.",
    remedy="set management.tcp.ip = 127.0.0.1, or management.ssl.port and its certificate")
def management(rabbitmq):
    if "rabbitmq_management" in rabbitmq.seen("plugins"):
        told = rabbitmq.seen("settings")
        if not any(name.startswith("management.ssl") for name in told) and told.get("management.tcp.ip", "0.0.0.0") not in ("127.0.0.1", "::1"):
            yield "it listens at http:// on %s" % told.get("management.tcp.ip", "all addresses")
