# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: looks at a cluster again and again, and remembers from when to when what of it was not whole.

What is slow to answer does not keep others from being looked at: each look has a thread. It asks once, and may judge the answer in several
ways: a broker that is not whole may serve.
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


def judged(problems):
    """The report about what has no members of its own."""
    return {"healthy": not problems, "problems": problems}


def look_at_etcd(observer):
    yield etcd.judge(observer.members, observer.ask(etcd_client))


def look_at_postgresql(observer):
    yield patroni.judge(observer.members, observer.ask(patroni_client), MAX_LAG)


def look_at_rabbitmq(observer):
    report = rabbitmq.judge(observer.members, observer.ask(rabbitmq_client, LOCAL)["here"])
    yield report
    yield judged(rabbitmq_problems(report))
    yield judged(rabbitmq_lacking(report, observer.params["workers"]))


def quorum_queues(report):
    """Queues of tasks. Each worker has queues for itself, too, which are classic."""
    return [queue for queue in report["queues"] if queue["type"] == "quorum"]


def rabbitmq_problems(report):
    """A quorum queue serves as long as most of its members are online and one leads, whichever members are there."""
    queues = quorum_queues(report)
    stuck = [queue["name"] for queue in queues if not queue["leader"] or 2 * len(queue["online"]) <= len(queue["members"])]
    return ["queue %s is not served" % name for name in stuck] if queues else report["problems"] or ["there is no queue"]


def rabbitmq_lacking(report, workers):
    """Each worker consumes from each queue that any of them consumes from."""
    fed = [queue for queue in quorum_queues(report) if queue["consumers"]]
    lacking = ["queue %s has %d of %d workers" % (queue["name"], queue["consumers"], workers) for queue in fed if queue["consumers"] < workers]
    return lacking if fed else report["problems"] or ["no queue has a worker"]


def look_at_redis(observer):
    servers, sentinels = redis_client.ask_all(observer.members, observer.params)
    report = redis_sentinel.judge(observer.members, servers, sentinels, redis_client.ports(observer.params))
    yield report
    yield judged(redis_problems(report))
    yield judged(redis_lacking(report, observer.params))


def redis_problems(report):
    """It serves as long as most Sentinels name a master, and that says that it is one and takes messages."""
    master = master_of(report)
    if master is None:
        return report["problems"] or ["there is no master"]
    short = report["min_replicas"] and report["good_replicas"] is not None and report["good_replicas"] < report["min_replicas"]
    return ["%s has too few replicas to take a message" % master["name"]] if short else []


def redis_lacking(report, params):
    """Each worker has a connection at which it waits for messages, or hears what is said to all while it is busy."""
    master = master_of(report)
    if master is None:
        return report["problems"] or ["there is no master"]
    there = redis_client.workers(master["address"], params)
    return ["%d of %d workers are at the master" % (len(there), params["workers"])] if len(there) < params["workers"] else []


def master_of(report):
    return next((member for member in report["members"] if member["name"] == report["leader"] and member["role"] == "master"), None)


def look_at_airflow(observer):
    yield airflow.judge(observer.members, observer.ask(ApiServer, path=observer.params.get("path", "")), COMPONENTS, [], {})


LOOKS = {
    "etcd": look_at_etcd, "postgresql": look_at_postgresql, "rabbitmq": look_at_rabbitmq, "redis": look_at_redis, "airflow": look_at_airflow,
}
BROKERS = ("rabbitmq", "redis")
# What a look reports about, in turn: is it whole, does it serve, has it all workers? Others tell the first only.
REPORTS = {broker: (broker, "broker", "workers") for broker in BROKERS}


def looks(tiers):
    """{tier: function without arguments that gives reports}. tiers: {tier: options of an observer, and what its look needs}."""
    return {tier: _bound(LOOKS[tier], Observer(dict(DEFAULTS, **options))) for tier, options in tiers.items()}


def _bound(look, observer):
    return lambda: look(observer)


class Seen:
    """What was seen of one thing. C(away) are [from, to], with null for a time that is not over; moments are those of this host.

    It is away from the moment at which the first look began that saw it so, until the end of the first one that does not. One look alone
    takes nothing away that was well: an answer may be late. C(doubt) is when it began, until the next one confirms it or not.
    """

    def __init__(self):
        self.away, self.report, self.looked, self.doubt = [], judged(["nobody looked yet"]), 0.0, None

    def take(self, report, began, ended):
        if self.report["healthy"] and not report["healthy"] and self.doubt is None:
            self.doubt = began
            return
        open_one = self.away and self.away[-1][1] is None
        if report["healthy"] and open_one:
            self.away[-1][1] = ended
        elif not report["healthy"] and not open_one:
            self.away.append([began if self.doubt is None else self.doubt, None])
        self.report, self.looked, self.doubt = report, began, None

    def well_since(self, moment):
        """A look that began after this moment found it whole."""
        return self.looked >= moment and self.report["healthy"]


class Watch(threading.Thread):
    """Looks until it is told to stop. seen: {what the look reports about, in this order: Seen}"""

    def __init__(self, look, seen, now=time.time, lock=None):
        super().__init__(daemon=True)
        self.look, self.seen, self.now, self.lock = look, seen, now, lock or threading.Lock()
        self.over = threading.Event()

    def run(self):
        try:
            while True:
                self.once()
                if self.over.wait(PAUSE):
                    return
        except Exception:
            for one in self.seen.values():
                one.report = dict(one.report, **judged(["the look at it broke"]))
            raise

    def once(self):
        """What cannot be asked is not well; what was told before is."""
        began, left = self.now(), iter(self.seen.values())
        try:
            for report in self.look():
                self.take([next(left)], report, began)
        except SteadyError as error:
            self.take(left, judged([str(error)]), began)

    def take(self, those, report, began):
        with self.lock:  # whoever decides sees all as it is at one moment
            for one in those:
                one.take(report, began, self.now())


def watch(all_looks, least, seconds, now=time.time, pause=time.sleep):
    """Watches all for C(least) seconds, and on until all are whole at once, but no longer than C(seconds) in all.

    all_looks: {name: function that gives reports about what REPORTS says of this name, or about that alone}

    Return {"whole": moment at which all had become whole, or null, "watched": {what: {"away": [[from, to or null]], "problems":
    [sentence]}}, "reports": {what: last report}}.
    """
    seen = {name: {what: Seen() for what in REPORTS.get(name, (name,))} for name in all_looks}
    lock = threading.Lock()
    watches = [Watch(look, seen[name], now, lock) for name, look in all_looks.items()]
    everything = {what: one for group in seen.values() for what, one in group.items()}
    begun = now()
    for one in watches:
        one.start()
    while True:
        with lock:
            told = _tell(everything, begun, begun + least)
        if now() >= begun + least and (told["whole"] is not None or now() >= begun + seconds):
            break
        pause(PAUSE)
    for one in watches:
        one.over.set()
    for one in watches:
        one.join()
    return told if told["whole"] is not None else _tell(everything, begun, begun + least)


def _tell(seen, begun, earliest):
    """Whole is what was found so by looks that began after the last of all had become whole: a host that starts answers now and then."""
    away = {what: [list(time_) for time_ in one.away] for what, one in seen.items()}
    ends = [times[-1][1] for times in away.values() if times]
    whole = None if None in ends else max([begun, *ends])
    if whole is not None and not all(one.well_since(max(whole, earliest)) for one in seen.values()):
        whole = None
    return {
        "whole": whole,
        "watched": {what: {"away": away[what], "problems": one.report["problems"]} for what, one in seen.items()},
        "reports": {what: one.report for what, one in seen.items()},
    }
