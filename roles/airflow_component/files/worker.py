# SPDX-License-Identifier: GPL-3.0-or-later
"""Does this host's worker take what waits for it? Celery does not tell: one that lost its broker and came back may answer pings, and take nothing.

Its sign of life is that no message waits in its queues, or that each of its places, the processes of its pool, had something to do since
messages wait. A worker asks for as many messages as it has places, so a place that stays free while messages wait is one that it forgot.
"""

import re
import signal
import time

import broker
import processes
from said import Said

# A free place has the title that Celery gives it, one with a task that of Airflow. mended.py gives it back the first one afterwards.
FREE, BUSY = re.compile(r"\[celeryd: \S+:ForkPoolWorker-"), re.compile(r"airflow supervisor\b")
# Less of a processor than this part of the time is nothing. To take a message, ask whether to begin and start a process is more.
NOTHING = 0.01
BLIND = 60  # seconds until a worker that starts has places
# A broker that takes longer than this to answer is left in peace for so long: whoever else is silent is to be found meanwhile, by looks
# that are not too far apart.
SLOW, PEACE = 5, 300


def places(main):
    """{place: seconds that it wanted a processor so far, None while it has a task} of the worker with this main process."""
    titles = {child: processes.title(child) for child in processes.children(main)}
    return {child: None if BUSY.match(title) else processes.wanted([child]) for child, title in titles.items() if BUSY.match(title) or FREE.match(title)}


class Free:
    """Which places had nothing to do since messages wait."""

    def __init__(self):
        self.last, self.since, self.still = None, None, {}

    def sign(self, now, waits, seen):
        """Since when places are free that still are: another one at each look as long as the worker is in order. waits: does any message?"""
        passed, self.last = now - (now if self.last is None else self.last), now
        free = {place: wanted for place, wanted in seen.items() if wanted is not None} if waits else {}
        left = {place: wanted for place, wanted in free.items() if place in self.still and wanted - self.still[place] <= NOTHING * passed}
        if not left:
            self.since = now
        self.still = left or free
        return self.since


class Worker:
    """C(waiting) and C(seen) are of the last look: {queue: messages}, and what places() gives. Both are empty when there is nothing to see."""

    def __init__(self, names):
        self.names, self.main, self.queues = names, None, None
        self.free, self.told, self.waited, self.peace = Free(), set(), False, 0
        self.unheard = Said("the worker is not judged while the broker does not tell what waits: {}", "the broker tells again what waits")
        self.hidden = Said("the worker is not judged: {}", "places of the worker are seen again")
        self.forget()

    def forget(self):
        self.waiting, self.seen = {}, {}

    def sign(self, main):
        now = time.monotonic()
        if main != self.main:  # it uses the broker that airflow.cfg names now
            if self.queues:
                self.queues.leave()
            self.main, self.blind, self.queues = main, now, broker.Queues(self.names)
        self.waiting = self.ask(now)
        self.seen = places(main)
        if self.seen:
            self.blind = now
        self.hidden.say(f"no process below {main} has a title of Celery's pool" if now - self.blind > BLIND else None)
        before, self.waited = self.waited, any(self.waiting.values())
        # RabbitMQ tells none of a queue whose leader is slow: one look without any is not enough
        return self.free.sign(now, self.waited or (before and bool(self.waiting)), self.seen)

    def ask(self, now):
        """What waits; nothing while the broker does not tell."""
        if now < self.peace:
            return {}
        waiting, reason = {}, None
        try:
            waiting = self.queues.waiting()
        except broker.Silence as silence:
            reason = str(silence)
        if time.monotonic() - now > SLOW:
            self.peace = now + PEACE
        self.unheard.say(reason)
        return waiting

    def tasks(self):
        """How many places have one."""
        return sum(wanted is None for wanted in self.seen.values())

    def end(self, main):
        """It finishes its tasks, and takes no more. Return what is done, in words."""
        busy = self.tasks()
        if main not in self.told:
            self.told = {main}
            processes.send(signal.SIGTERM, [main])
            return f"it ends when its {busy} tasks have ended, and systemd starts it again"
        if busy:
            return f"it was told to end, and {busy} tasks of it still run"
        processes.send(signal.SIGKILL, [main])
        return "it was told to end, has no task and did not; it is killed, systemd starts it again"
