# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: where Celery's broker and results are."""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.database import HOST_HERE
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.executor import uses_celery
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rules.names import is_number
from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown

BOOK = Book("worker")
BROKER = "celery.broker_url"
EXTRA = "celery.extra_celery_config"
OPTIONS = "celery_broker_transport_options."
AMQP = ("amqp", "amqps", "pyamqp", "py-amqp")
REDIS = ("redis", "rediss", "sentinel")
# Names under which somebody else runs a Redis that fails over by itself, or may: of Amazon's a single node has none of these.
MANAGED = re.compile(r"^(master|clustercfg)\..*\.cache\.amazonaws\.com$|\.ng\.\d+\.\w+\.cache\.amazonaws\.com$|\.redis\.cache\.windows\.net$"
                     r"|\.redis\.azure\.net$|\.redis(-cloud|labs)\.com$|\.upstash\.io$|\.aivencloud\.com$|\.db\.ondigitalocean\.com$")


def brokers(configuration):
    """URLs of the broker; none without Celery, or where none is set."""
    return configuration.urls(BROKER) if uses_celery(configuration) else []


def speaks(configuration, *schemes):
    return any(url["scheme"].split("+")[0] in schemes for url in brokers(configuration))


def extra(configuration):
    return configuration.structure(EXTRA) or {} if configuration.options.has(EXTRA) else {}


def transport(configuration):
    """Options of the transport: those in their section, then those in the structure, which count."""
    prefix = [name for name in configuration.given if name.startswith(OPTIONS)]
    section = {name[len(OPTIONS):]: configuration.given[name].get("value") for name in prefix}
    return dict(section, **(extra(configuration).get("broker_transport_options") or {}))


@BOOK.rule(
    "airflow-broker-default", "error", "No broker is named",
    why="Without celery.broker_url Celery looks for a Redis on a host called redis, in Airflow 1 for MySQL on its own host.", remedy="set celery.broker_url")
def broker_default(configuration):
    if uses_celery(configuration) and not configuration.urls(BROKER):
        yield "%s is not set" % BROKER


@BOOK.rule(
    "airflow-broker-kind", "error", "A broker that loses messages or serves one host",
    why="Celery's other transports are for tests: they keep messages in memory, in files or in a table, and know nothing of each other.",
    remedy="use RabbitMQ with quorum queues, or Redis with Sentinel")
def broker_kind(configuration):
    for url in brokers(configuration):
        if url["scheme"].split("+")[0] not in AMQP + REDIS + ("sqs", "confluentkafka", "gcpubsub"):
            yield "%s is %s" % (BROKER, url["scheme"])


@BOOK.rule(
    "airflow-broker-commas", "error", "A list of brokers that Celery does not read",
    why="Celery takes several brokers as whole URLs with a semicolon between them. What follows a comma is taken for a part of the first one.",
    remedy="write amqps://user:password@host1/vhost;amqps://user:password@host2/vhost", see=("https://github.com/celery/celery/issues/8375",))
def broker_commas(configuration):
    for url in brokers(configuration):
        if "," in url["hosts"]:
            yield "%s has %s" % (BROKER, url["hosts"])


@BOOK.rule(
    "airflow-broker-redis-alone", "error", "One Redis",
    why="A redis:// URL leads to one host. Nobody takes over when it dies, and what was queued is lost with it.",
    remedy="use Sentinel (sentinel://host1:26379;sentinel://host2:26379 and master_name), or RabbitMQ with quorum queues")
def redis_alone(configuration):
    for url in brokers(configuration):
        if url["scheme"] in ("redis", "rediss") and not MANAGED.search(url["host"] or ""):
            yield "%s is %s://%s" % (BROKER, url["scheme"], url["hosts"])


@BOOK.rule(
    "airflow-broker-master-name", "error", "Sentinel is not told whom to look for",
    why="A client of Sentinel asks for a master by its name.", remedy="set celery_broker_transport_options.master_name")
def master_name(configuration):
    if speaks(configuration, "sentinel") and not transport(configuration).get("master_name"):
        yield "%s is sentinel:// without master_name" % BROKER


@BOOK.rule(
    "airflow-broker-visibility", "error", "Redis gives a running task to a second worker",
    why="Redis hands a message out again when nobody has acknowledged it within the visibility timeout, and Airflow acknowledges when the task is "
        "over. A task that takes longer is started again.",
    remedy="set celery_broker_transport_options.visibility_timeout to more than your longest task takes; 86400 is the newest provider's default")
def visibility(configuration):
    if speaks(configuration, *REDIS):
        value = str(transport(configuration).get("visibility_timeout") or "").strip()
        if value and not is_number(value):
            raise Unknown("visibility_timeout of %s is not a number" % configuration.member)
        if value and float(value) < 21600:
            yield "visibility_timeout is %s s" % value


@BOOK.rule(
    "airflow-broker-here", "warning", "The broker of the same host",
    why="localhost is another broker on each host. Messages of one scheduler are seen by that host's worker alone.",
    remedy="name the VIP or all members")
def broker_here(configuration):
    for url in brokers(configuration):
        if url["host"] in HOST_HERE:
            yield "%s leads to %s" % (BROKER, url["host"])


@BOOK.rule(
    "airflow-broker-guest", "warning", "The broker's guest",
    why="Everybody knows RabbitMQ's guest and its password, and by default it is an administrator.",
    remedy="give Airflow a user of its own, and delete guest")
def guest(configuration):
    if any(url["user"] == "guest" for url in brokers(configuration)):
        yield "%s uses the user guest" % BROKER


@BOOK.rule(
    "airflow-broker-no-host", "error", "A broker's URL without a host",
    why="Without one it is localhost, which is another broker on each host and in each container.", remedy="name the host in each of the URLs")
def broker_no_host(configuration):
    for url in brokers(configuration):
        if not url["host"] and url["scheme"].split("+")[0] in AMQP + REDIS:
            yield "%s has %s:// without a host" % (BROKER, url["scheme"])
            return


@BOOK.rule(
    "airflow-broker-sentinels", "error", "Too few Sentinels",
    why="A majority of them makes another Redis the master. One has none when it dies, and two have none when one does.",
    remedy="run three Sentinels on three hosts, and name all: sentinel://host1:26379;sentinel://host2:26379;sentinel://host3:26379")
def broker_sentinels(configuration):
    named = [url for url in brokers(configuration) if url["scheme"] == "sentinel"]
    if 0 < len(named) < 3:
        yield "%s names %d" % (BROKER, len(named))


@BOOK.rule(
    "airflow-broker-password", "warning", "A broker that asks for no password, or one that everybody knows",
    why="Who reaches the broker may read and send tasks, which is running code on all workers.", remedy="give Airflow a user and a random password there")
def broker_password(configuration):
    for url in brokers(configuration):
        kind = url["scheme"].split("+")[0]
        if kind in ("redis", "rediss") and not url["password"]["length"] and not url["query"].get("password"):
            yield "%s has no password" % BROKER
        elif kind in AMQP + ("redis", "rediss") and url["user"] != "guest" and url["password"]["known"]:
            yield "%s has the password of guides" % BROKER


@BOOK.rule(
    "airflow-broker-plain", "warning", "Messages travel in the clear",
    why="A message tells the broker's password, and holds a token with which its task calls the API.",
    remedy="use amqps:// or rediss://, with celery.ssl_active, or broker_use_ssl for Sentinel")
def broker_plain(configuration):
    encrypted = configuration.flag("celery.ssl_active") or bool(extra(configuration).get("broker_use_ssl"))
    for url in brokers(configuration):
        if url["host"] not in HOST_HERE and url["scheme"] not in ("amqps", "rediss", "sqs", "gcpubsub") and not encrypted:
            yield "%s is %s://%s" % (BROKER, url["scheme"], url["hosts"])


@BOOK.rule(
    "airflow-result-backend", "error", "Results are kept where they are lost",
    why="The executor reads from the result backend what became of a task. One that is the broker itself (rpc, amqp), files or memory loses it.",
    remedy="remove celery.result_backend: Airflow then keeps results in its database; before 2.4 let it name that, with db+ before the scheme")
def result_backend(configuration):
    for url in configuration.urls("celery.result_backend") if uses_celery(configuration) else []:
        if not url["scheme"].startswith("db+") and url["scheme"] not in REDIS:
            yield "celery.result_backend is %s" % url["scheme"]


@BOOK.rule(
    "airflow-result-redis", "warning", "Results in one Redis",
    why="Results are lost with that Redis; the executor then does not hear what became of tasks, and waits for their timeouts.",
    remedy="remove celery.result_backend: Airflow then keeps results in its database; before 2.4 let it name that, with db+ before the scheme")
def result_redis(configuration):
    for url in configuration.urls("celery.result_backend") if uses_celery(configuration) else []:
        if url["scheme"] in ("redis", "rediss"):
            yield "celery.result_backend is %s://%s" % (url["scheme"], url["hosts"])
