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

# what Celery calls a process of a pool, and Airflow one that had a task before
PLACE = re.compile(r"^\[celeryd: \S+:ForkPoolWorker-|^airflow supervisor\b")
# Less of a processor than this part of the time is nothing. To take a message, ask whether to begin and start a process is more.
NOTHING = 0.01
BLIND = 60  # seconds until a worker that starts has places


def places(main):
    """{place: seconds that it wanted a processor so far, None while it has a task} of the worker with this main process."""
    pool = [child for child in processes.children(main) if PLACE.match(processes.title(child))]
    return {place: None if processes.children(place) else processes.wanted([place]) for place in pool}


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
    """C(waiting) and C(seen) are of the last look: {queue: messages}, and what places() gives."""

    def __init__(self, queues):
        self.queues, self.free, self.told = broker.Queues(queues), Free(), set()
        self.unheard = Said("the worker is not judged while the broker does not tell what waits: {}", "the broker tells again what waits")
        self.hidden = Said("the worker is not judged: {}", "places of the worker are seen again")
        self.waiting, self.seen, self.blind = {}, {}, (None, 0)

    def sign(self, main):
        try:
            self.waiting, reason = self.queues.waiting(), None
        except broker.Silence as silence:
            self.waiting, reason = {}, str(silence)
        self.unheard.say(reason)
        self.seen, now = places(main), time.monotonic()
        if self.seen or main != self.blind[0]:
            self.blind = (main, now)
        self.hidden.say(f"no process below {main} has a title of Celery's pool" if now - self.blind[1] > BLIND else None)
        return self.free.sign(now, any(self.waiting.values()), self.seen)

    def end(self, main):
        """It finishes its tasks, and takes no more. Return what is done, in words."""
        busy = sum(wanted is None for wanted in self.seen.values())
        if main not in self.told:
            self.told = {main}
            processes.send(signal.SIGTERM, [main])
            return f"it ends when its {busy} tasks have ended, and systemd starts it again"
        if busy:
            return f"it was told to end, and {busy} tasks of it still run"
        processes.send(signal.SIGKILL, [main])
        return "it was told to end, has no task and did not; it is killed, systemd starts it again"
