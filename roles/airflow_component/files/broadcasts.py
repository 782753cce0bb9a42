# SPDX-License-Identifier: GPL-3.0-or-later
"""What is mended of broadcasts, by which Celery's processes command each other; see mended.py and docs/decisions/0015.

A member of RabbitMQ that was cut off may leave a worker's mailbox behind of which the name is there and nothing else. It refuses each
broadcast, of which the others have their copy, and whoever sent it sends it again, without a pause and without end: a scheduler that takes a stuck
task back from the workers does nothing else any more. And the worker whose mailbox it is cannot open it, so it takes no task.
"""

import contextlib
import functools
import itertools
import types
import uuid

FEW = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}


def give_up(mailbox):
    """mailbox: the class Mailbox of Kombu."""
    acquire = mailbox.producer_or_acquire

    @contextlib.contextmanager
    def producer_or_acquire(self, *args, **options):
        with acquire(self, *args, **options) as producer:
            yield types.SimpleNamespace(publish=functools.partial(producer.publish, retry_policy=FEW))

    mailbox.producer_or_acquire = producer_or_acquire


def open_another_one_each_time(mailbox):
    """mailbox: the class Mailbox of Kombu. The broker removes a mailbox soon after nobody listens to it any more."""
    get, process, numbers = mailbox.get_queue, uuid.uuid4().hex[:8], itertools.count(1)

    @functools.wraps(get)
    def get_queue(self, hostname):
        return get(self, "%s.%s.%d" % (hostname, process, next(numbers)))

    mailbox.get_queue = get_queue
