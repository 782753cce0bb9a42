# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: Redis as a broker, and the Sentinels that choose a new master."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.loopback import are_local
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.broker import speaks, transport

BOOK = Book("redis")
SLOWEST = 10  # s until a dead master is noticed
SENTINEL = "https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/"
PERSISTENCE = "https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"


@BOOK.rule(
    "redis-eviction", "error", "Queued tasks are thrown away when memory is full",
    why="With a limit of memory and a policy of eviction Redis deletes keys, and a queue is a key. With noeviction it refuses, which Celery notices.",
    remedy="set maxmemory-policy noeviction")
def eviction(redis):
    policy = redis.text("maxmemory-policy", "noeviction")
    if redis.bytes("maxmemory", "0") and policy != "noeviction" and not policy.startswith("volatile-"):
        yield "maxmemory-policy is %s" % policy


@BOOK.rule(
    "redis-memory", "note", "Redis may take all memory",
    why="Without a limit the kernel ends Redis, or another process of the host, when memory is used up.",
    remedy="set maxmemory, with maxmemory-policy noeviction")
def memory(redis):
    if not redis.bytes("maxmemory", "0"):
        yield "maxmemory is not set"


@BOOK.rule(
    "redis-volatile", "error", "A restart empties all queues",
    why="Nothing is written to the disk. A master that restarts is empty, and replicas copy that.", remedy="set appendonly yes", see=(PERSISTENCE, SENTINEL))
def volatile(redis):
    if not redis.is_on("appendonly", "no") and not redis.saves:
        yield "appendonly is no, and save is empty"


@BOOK.rule(
    "redis-append-only", "warning", "A crash loses minutes of what was queued",
    why="Without the append-only file Redis writes all its data now and then. A master that restarts has what it had then, and replicas copy that.",
    remedy="set appendonly yes", see=(PERSISTENCE,))
def append_only(redis):
    if not redis.is_on("appendonly", "no") and redis.saves:
        yield "appendonly is no"


@BOOK.rule(
    "redis-fsync", "warning", "What Redis confirmed may be in memory only",
    why="With appendfsync no the system writes when it likes: a power cut loses what was queued in the last half minute.", remedy="set appendfsync everysec")
def fsync(redis):
    if redis.is_on("appendonly", "no") and redis.text("appendfsync", "everysec") == "no":
        yield "appendfsync is no"


@BOOK.rule(
    "redis-cut-off", "warning", "A master that is cut off goes on",
    why="It takes tasks that are gone when it finds that there is another master, and copies that one.",
    remedy="set min-replicas-to-write 1 and min-replicas-max-lag 10 on all of them", see=(SENTINEL,))
def cut_off(cluster):
    if len(cluster.running("redis")) > 1:
        for redis in cluster.all_of("redis"):
            least = redis.number("min-replicas-to-write", 0) or redis.number("min-slaves-to-write", 0)
            if not least:
                yield redis.member, "min-replicas-to-write is 0"


@BOOK.rule(
    "redis-open", "error", "A Redis for everybody",
    why="It asks nobody who they are. Who reaches it reads and writes tasks, which workers run.",
    remedy="set requirepass or users in aclfile, and put the password into celery.broker_url")
def is_open(redis):
    if not redis.asks and not redis.is_local and not redis.is_on("protected-mode", "yes"):
        yield "protected-mode is off, and no password is set"


@BOOK.rule(
    "redis-plain", "warning", "Redis without TLS", why="Passwords and tasks travel in the clear.",
    remedy="set tls-port, tls-cert-file, tls-key-file and tls-ca-cert-file, and port 0")
def plain(redis):
    if not redis.is_local and redis.number("port", 6379) and not redis.number("tls-port", 0):
        yield "tls-port is not set"


@BOOK.rule(
    "redis-dead-clients", "warning", "Connections of dead hosts stay",
    why="Redis asks a silent client now and then whether it is there. Without that it keeps those of hosts that lost power.",
    remedy="set tcp-keepalive 60")
def dead_clients(redis):
    if redis.number("tcp-keepalive", 300) == 0:
        yield "tcp-keepalive is 0"


@BOOK.rule(
    "sentinel-few", "error", "Too few Sentinels to choose a master",
    why="More than half of all Sentinels must agree. One or two do not survive the loss of a host.", remedy="run three Sentinels on three hosts",
    see=(SENTINEL,))
def few(cluster):
    hosts = cluster.running("redis_sentinel")
    if 0 < len(hosts) < 3:
        cluster.complete()
        yield "%d of the hosts run one" % len(hosts)


@BOOK.rule(
    "sentinel-quorum", "error", "Sentinels that never agree, or agree with nobody",
    why="The quorum is how many Sentinels must miss the master before any acts. More than there are never do; with one any that is cut off "
        "starts a failover.",
    remedy="set the quorum to more than half of the Sentinels: 2 of 3", see=(SENTINEL,))
def quorum(cluster):
    number = len(cluster.running("redis_sentinel"))
    for sentinel in cluster.all_of("redis_sentinel"):
        cluster.complete()
        for name, (_host, told) in sentinel.masters.items():
            if told > number or (told == 1 < number):
                yield sentinel.member, "the quorum of %s is %d, of %d Sentinels" % (name, told, number)


@BOOK.rule(
    "sentinel-loopback", "error", "Sentinels tell clients of a master on their own host",
    why="Clients ask a Sentinel where the master is, and get the address that the Sentinel was told.",
    remedy="name the master by an address that all hosts reach: sentinel monitor NAME ADDRESS 6379 2", see=(SENTINEL,))
def loopback(redis_sentinel):
    for name, (host, _quorum) in redis_sentinel.masters.items():
        if are_local([host]):
            yield "%s is at %s" % (name, host)


@BOOK.rule(
    "sentinel-slow", "warning", "A dead master is noticed late",
    why="For so long no task is queued, and Airflow fails tasks that it cannot queue.", remedy="set sentinel down-after-milliseconds NAME 5000",
    see=(SENTINEL,))
def slow(redis_sentinel):
    for name in redis_sentinel.masters:
        if redis_sentinel.patience(name) > SLOWEST:
            yield "down-after-milliseconds of %s is %g s" % (name, redis_sentinel.patience(name))


@BOOK.rule(
    "sentinel-unknown-master", "error", "Airflow asks for a master that no Sentinel watches",
    why="Sentinel answers that there is none, and nothing is queued.", remedy="set celery_broker_transport_options.master_name to the name in sentinel monitor")
def unknown_master(cluster):
    watched = {name for sentinel in cluster.all_of("redis_sentinel") for name in sentinel.masters}
    for configuration in cluster.configurations:
        if watched and speaks(configuration, "sentinel"):
            name = transport(configuration).get("master_name")
            if name and name not in watched:
                yield configuration.member, "master_name is %s, and Sentinels watch %s" % (name, ", ".join(sorted(watched)))
