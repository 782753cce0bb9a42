# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command of Airflow with faults mended of what lies between it and the broker, rabbitmq or redis; see docs/decisions/0015.

mended.py BROKER COMMAND ...

When a connection to the broker is lost, Celery forgets which of a worker's processes work. It then hands new tasks to busy processes.
They wait there although other processes are idle, and when the worker is stopped they go back to the broker, while their process runs
them all the same; what it has to say of that may keep the worker from ending. Mended upstream by celery/celery#10346, which no release
has that Airflow 3.3 works with.

When a message could not be sent in time, Kombu takes leave of the broker that did not answer, and waits for an answer.

A process of a worker keeps the title of its last task, so nobody sees from outside which of them are free: watchdog.py asks that.

When a worker takes a task and cannot ask the API whether to begin, Airflow fails the task, and so the next one, and the next.

Where queues are quorum queues, each worker makes 28 more of them whenever it connects, for messages that are to be delivered later. Airflow
sends none, and after each loss of a broker's member all of them choose a leader.

Whoever sends all workers a message that one of them cannot take sends it again for ever; see broadcasts.py.

When a message cannot be sent, the executor sends it again only if that took too long, and fails the task otherwise: for a broker that refuses at
once, or for a connection that the last message left half closed when its time was over.

Options of a socket have numbers for names, and extra_celery_config is JSON, which has texts: redis-py would fail at each connection. So they
stand there by a name that Kombu does not know, and every other command of Airflow does without them. redis-py asks a Sentinel that does
not answer four times before the next one, which takes longer than a scheduler has for a message. And a master of Redis that is
cut off from its replicas, or whose disk is full, refuses messages: it would be asked again and again, instead of the Sentinels who is the master now.
When there is no master, the error tells of each Sentinel how it was asked, with the password, and goes to the journal.
"""

import functools
import os
import runpy
import sys

import broadcasts

TAKES_NOTHING = ("NOREPLICAS", "MISCONF")  # what Redis says that is cut off, or has a full disk
SOCKETS = "steady_socket_options"  # of broker_transport_options
GATEWAY = (502, 503, 504)  # what a load balancer says when it has no API server


def remember_who_works(pool):
    """pool: the class AsynPool."""
    forget = pool.flush

    @functools.wraps(forget)
    def flush(self):
        forget(self)
        self._busy_workers.update(job._write_to.inqW_fd for job in self._cache.values() if job._accepted and job._write_to)

    pool.flush = flush


def leave_without_a_word(pool):
    """pool: the class ConnectionPool."""
    replace_politely = pool.replace

    @functools.wraps(replace_politely)
    def replace(self, resource):
        resource.collect()
        replace_politely(self, resource)

    pool.replace = replace


def hand_back(supervisor, unheard, back):
    """supervisor: the class ActivitySubprocess; unheard: did nobody hear what ended with this error?; back: gives a message back to the broker."""
    begin = supervisor._on_child_started

    @functools.wraps(begin)
    def _on_child_started(self, **details):
        try:
            begin(self, **details)
        except Exception as error:
            if unheard(error):
                raise back("the API cannot be reached: %s" % error, requeue=True) from error
            raise

    supervisor._on_child_started = _on_child_started


def make_no_queues_for_later(step):
    """step: the class DelayedDelivery."""
    step.include_if = lambda self, consumer: False


def send_again(executor, late):
    """executor: the module with the executor's functions; late: the error of what took too long."""
    send = executor.send_workload_to_executor

    @functools.wraps(send)
    def send_workload_to_executor(workload):
        key, arguments, result = send(workload)
        error = getattr(result, "exception", None)
        if isinstance(result, executor.ExceptionWithTraceback) and not isinstance(error, late):
            print("a message could not be sent, and is sent again: %s: %s" % (type(error).__name__, error), file=sys.stderr)
            result.exception = late(str(error))
        return key, arguments, result

    executor.send_workload_to_executor = send_workload_to_executor


def have_a_title_when_free(executor, title, entitle):
    """executor: the class BaseExecutor; functions that tell and set the title of this process."""
    work = executor.run_workload

    @functools.wraps(work)
    def run_workload(*args, **options):
        free = title()
        try:
            return work(*args, **options)
        finally:
            entitle(free)

    executor.run_workload = staticmethod(run_workload)


def keep_secrets(pool):
    """pool: the class ConnectionPool of redis-py, as which a client describes itself."""
    pool.__repr__ = lambda self: "<%s %s:%s>" % (type(self).__name__, self.connection_kwargs.get("host"), self.connection_kwargs.get("port"))


def watch_sockets(channel, patience):
    """channel: the class SentinelChannel of Kombu; patience: how often a Sentinel that does not answer is asked again."""
    parameters, pool = channel._connparams, channel._sentinel_managed_pool

    def watched(self, options):
        numbers = {int(name): value for name, value in self.connection.client.transport_options.get(SOCKETS, {}).items()}
        return dict(options, socket_keepalive=True, socket_keepalive_options=numbers)

    @functools.wraps(parameters)
    def _connparams(self, *args, **options):
        return watched(self, parameters(self, *args, **options))

    @functools.wraps(pool)
    def _sentinel_managed_pool(self, *args, **options):
        self.sentinel_kwargs = dict(watched(self, self.sentinel_kwargs), retry=patience)
        return pool(self, *args, **options)

    channel._connparams, channel._sentinel_managed_pool = _connparams, _sentinel_managed_pool


def look_elsewhere(connection, refusal, full, lost):
    """connection: the class SentinelManagedConnection; errors: what Redis answers, that it has no memory left, and that a connection is gone."""
    read = connection.read_response

    @functools.wraps(read)
    def read_response(self, *args, **options):
        try:
            return read(self, *args, **options)
        except refusal as error:
            if isinstance(error, full) or str(error).startswith(TAKES_NOTHING):
                self.disconnect()
                raise lost(str(error)) from error
            raise

    connection.read_response = read_response


def mend_redis():
    from kombu.transport.redis import SentinelChannel
    from redis.backoff import NoBackoff
    from redis.connection import ConnectionPool
    from redis.exceptions import ConnectionError as Lost
    from redis.exceptions import OutOfMemoryError, ResponseError
    from redis.retry import Retry
    from redis.sentinel import SentinelManagedConnection

    keep_secrets(ConnectionPool)
    watch_sockets(SentinelChannel, Retry(NoBackoff(), 0))
    look_elsewhere(SentinelManagedConnection, ResponseError, OutOfMemoryError, Lost)


def mend_worker():
    """A request that was heard after all has begun the task: then the API says so to the next worker that gets the message."""
    import httpx
    import setproctitle
    from airflow.executors.base_executor import BaseExecutor
    from airflow.sdk.execution_time.supervisor import ActivitySubprocess
    from celery.concurrency.asynpool import AsynPool
    from celery.exceptions import Reject
    from celery.worker.consumer.delayed_delivery import DelayedDelivery
    from kombu.pidbox import Mailbox

    def unheard(error):
        return isinstance(error, httpx.TransportError) or isinstance(error, httpx.HTTPStatusError) and error.response.status_code in GATEWAY

    remember_who_works(AsynPool)
    have_a_title_when_free(BaseExecutor, setproctitle.getproctitle, setproctitle.setproctitle)
    hand_back(ActivitySubprocess, unheard, Reject)
    make_no_queues_for_later(DelayedDelivery)
    broadcasts.open_another_one_each_time(Mailbox)


def mend_scheduler():
    from airflow.providers.celery.executors import celery_executor_utils
    from airflow.providers.common.compat.sdk import AirflowTaskTimeout

    send_again(celery_executor_utils, AirflowTaskTimeout)


def mend(broker, command):
    from kombu.connection import ConnectionPool
    from kombu.pidbox import Mailbox

    leave_without_a_word(ConnectionPool)
    broadcasts.give_up(Mailbox)
    if broker == "redis":
        mend_redis()
    if "worker" in command:
        mend_worker()
    if "scheduler" in command:
        mend_scheduler()


def run(command):
    """As if it had been called by its name: users' modules may be called as those that lie here."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name, module in list(sys.modules.items()):
        if name != "__main__" and os.path.dirname(getattr(module, "__file__", None) or "") == here:
            del sys.modules[name]
    sys.argv, sys.path[0] = command, os.path.dirname(command[0])
    runpy.run_path(command[0], run_name="__main__")


def main():
    broker, *command = sys.argv[1:]
    mend(broker, command)
    run(command)


if __name__ == "__main__":
    main()
