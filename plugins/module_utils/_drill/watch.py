# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: looks at the tiers of a cluster again and again, and remembers from when to when each was not whole.

A tier that is slow to answer does not keep the others from being looked at: each has a thread.
"""

from __future__ import annotations

import threading
import time

from ansible_collections.steady.airflow.plugins.module_utils._clients import etcd as etcd_client
from ansible_collections.steady.airflow.plugins.module_utils._clients import patroni as patroni_client
from ansible_collections.steady.airflow.plugins.module_utils._clients import rabbitmq as rabbitmq_client
from ansible_collections.steady.airflow.plugins.module_utils._clients import redis_sentinel as redis_client
from ansible_collections.steady.airflow.plugins.module_utils._clients.airflow import ApiServer
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError
from ansible_collections.steady.airflow.plugins.module_utils._observe import airflow, etcd, patroni, rabbitmq, redis_sentinel
from ansible_collections.steady.airflow.plugins.module_utils._observer import Observer

MAX_LAG = 1 << 20  # bytes, as the module patroni_cluster_info has it
COMPONENTS = ("scheduler", "triggerer", "dag_processor", "metadatabase")
LOCAL = [{"name": "here", "address": "127.0.0.1"}]
PAUSE = 1.0  # seconds between two looks
DEFAULTS = {"timeout": 3.0, "use_tls": False, "ca_path": None, "client_cert": None, "client_key": None, "username": None, "password": None}


def look_at_etcd(observer):
    return etcd.judge(observer.members, observer.ask(etcd_client))


def look_at_postgresql(observer):
    return patroni.judge(observer.members, observer.ask(patroni_client), MAX_LAG)


def look_at_rabbitmq(observer):
    return rabbitmq.judge(observer.members, observer.ask(rabbitmq_client, LOCAL)["here"])


def quorum_queues(report):
    """Queues of tasks. Each worker has queues for itself, too, which are classic."""
    return [queue for queue in report["queues"] if queue["type"] == "quorum"]


def look_at_redis(observer):
    servers, sentinels = redis_client.ask_all(observer.members, observer.params)
    return redis_sentinel.judge(observer.members, servers, sentinels, redis_client.ports(observer.params))


def look_at_broker(observer):
    """Does it serve, whichever members are there?"""
    problems = (redis_problems if "sentinel_port" in observer.params else rabbitmq_problems)(observer)
    return {"healthy": not problems, "problems": problems}


def redis_problems(observer):
    """It does as long as most Sentinels name a master, and that says that it is one and takes messages."""
    report = look_at_redis(observer)
    master = next((member for member in report["members"] if member["name"] == report["leader"]), {"role": None})
    if master["role"] != "master":
        return report["problems"] or ["there is no master"]
    short = report["min_replicas"] and report["good_replicas"] is not None and report["good_replicas"] < report["min_replicas"]
    return ["%s has too few replicas to take a message" % master["name"]] if short else []


def rabbitmq_problems(observer):
    """A quorum queue does as long as most of its members are online and one leads."""
    report = look_at_rabbitmq(observer)
    queues = quorum_queues(report)
    stuck = [queue["name"] for queue in queues if not queue["leader"] or 2 * len(queue["online"]) <= len(queue["members"])]
    return ["queue %s is not served" % name for name in stuck] if queues else report["problems"] or ["there is no queue"]


def look_at_workers(observer):
    problems = (redis_lacking if "sentinel_port" in observer.params else rabbitmq_lacking)(observer)
    return {"healthy": not problems, "problems": problems}


def redis_lacking(observer):
    """Each worker has a connection at which it waits for messages, or hears what is said to all while it is busy."""
    report = look_at_redis(observer)
    address = next((member["address"] for member in report["members"] if member["name"] == report["leader"]), None)
    if address is None:
        return report["problems"] or ["there is no master"]
    try:
        there = redis_client.workers(address, observer.params)
    except SteadyError as error:
        return [str(error)]
    wanted = observer.params["workers"]
    return ["%d of %d workers are at the master" % (len(there), wanted)] if len(there) < wanted else []


def rabbitmq_lacking(observer):
    """Each worker consumes from each queue that any of them consumes from."""
    report = look_at_rabbitmq(observer)
    fed = [queue for queue in quorum_queues(report) if queue["consumers"]]
    lacking = ["queue %s has %d of %d workers" % (queue["name"], queue["consumers"], observer.params["workers"])
               for queue in fed if queue["consumers"] < observer.params["workers"]]
    return lacking if fed else report["problems"] or ["no queue has a worker"]


def look_at_airflow(observer):
    return airflow.judge(observer.members, observer.ask(ApiServer, path=observer.params.get("path", "")), COMPONENTS, [], {})


LOOKS = {
    "etcd": look_at_etcd, "postgresql": look_at_postgresql, "rabbitmq": look_at_rabbitmq, "redis": look_at_redis, "broker": look_at_broker,
    "workers": look_at_workers, "airflow": look_at_airflow,
}


def looks(tiers):
    """{tier: function without arguments that returns a report}. tiers: {tier: options of an observer, and what its look needs}."""
    return {tier: _bound(LOOKS[tier], Observer(dict(DEFAULTS, **options))) for tier, options in tiers.items()}


def _bound(look, observer):
    return lambda: look(observer)


class Watch(threading.Thread):
    """Looks until it is told to stop. C(away) are [from, to], with null for a time that is not over; moments are those of this host.

    A tier is away from the moment at which the first look began that saw it so, until the end of the first one that does not.
    """

    def __init__(self, look, now=time.time):
        super().__init__(daemon=True)
        self.look, self.now = look, now
        self.away, self.report, self.looked = [], {"healthy": False, "problems": ["nobody looked yet"]}, 0.0
        self.over = threading.Event()

    def run(self):
        try:
            while True:
                self.once()
                if self.over.wait(PAUSE):
                    return
        except Exception:
            self.report = dict(self.report, healthy=False, problems=["the look at it broke"])
            raise

    def once(self):
        began = self.now()
        report = self.look()
        open_one = self.away and self.away[-1][1] is None
        if report["healthy"] and open_one:
            self.away[-1][1] = self.now()
        elif not report["healthy"] and not open_one:
            self.away.append([began, None])
        self.report, self.looked = report, began

    def well_since(self, moment):
        """A look that began after this moment found it whole."""
        return self.looked >= moment and self.report["healthy"]


def watch(tiers_looks, least, seconds, now=time.time, pause=time.sleep):
    """Watches all tiers for C(least) seconds, and on until all are whole at once, but no longer than C(seconds) in all.

    Return {"whole": moment at which all had become whole, or null, "watched": {tier: {"away": [[from, to or null]], "problems":
    [sentence]}}, "reports": {tier: last report}}.
    """
    watches = {tier: Watch(look, now) for tier, look in tiers_looks.items()}
    begun = now()
    for one in watches.values():
        one.start()
    while True:
        told = _tell(watches, begun, begun + least)
        if now() >= begun + least and (told["whole"] is not None or now() >= begun + seconds):
            break
        pause(PAUSE)
    for one in watches.values():
        one.over.set()
    for one in watches.values():
        one.join()
    return told if told["whole"] is not None else _tell(watches, begun, begun + least)


def _tell(watches, begun, earliest):
    """Whole is what was found so by looks that began after the last tier had become whole: a host that starts answers now and then."""
    away = {tier: [list(time_) for time_ in one.away] for tier, one in watches.items()}
    ends = [times[-1][1] for times in away.values() if times]
    whole = None if None in ends else max([begun, *ends])
    if whole is not None and not all(one.well_since(max(whole, earliest)) for one in watches.values()):
        whole = None
    return {
        "whole": whole,
        "watched": {tier: {"away": away[tier], "problems": one.report["problems"]} for tier, one in watches.items()},
        "reports": {tier: one.report for tier, one in watches.items()},
    }
