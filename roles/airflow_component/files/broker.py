# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits at Airflow's broker, reached with the settings in airflow.cfg but without importing Airflow."""

import configparser
import contextlib
import functools
import json
import os

import kombu
import mended
from kombu.exceptions import ChannelError

NOT_FOUND = "404"  # at RabbitMQ a number
SECONDS = 5  # for an answer; what is late is no answer


class Silence(Exception):
    """The broker does not tell."""


def settings():
    """(URL, options of a connection) as Celery would have them."""
    config = configparser.ConfigParser()
    config.read(os.environ["AIRFLOW_CONFIG"])
    more = json.loads(config["celery"].get("extra_celery_config", "{}"))
    options = more.get("broker_transport_options", {})
    return config["celery"]["broker_url"], {"ssl": more.get("broker_use_ssl"), "transport_options": options, "connect_timeout": SECONDS}


@functools.cache
def mend():
    mended.mend_redis()


class Queues:
    """Keeps one connection and one channel as long as they work. Settings are those of the moment at which it was made."""

    def __init__(self, names):
        self.names, self.connection, self.channel = names, None, None
        self.url, self.how = settings()
        if self.url.startswith("amqp"):
            self.how["transport_options"] |= {"read_timeout": SECONDS, "write_timeout": SECONDS, "client_properties": {"connection_name": "airflow watchdog"}}
        else:
            mend()

    def waiting(self):
        """{queue: messages that no worker has taken}, or Silence."""
        if self.connection is None:
            self.connection = kombu.Connection(self.url, **self.how)
        try:
            if self.channel is None:
                self.channel = self.connection.channel()
            self.ask_whether_it_gives()
            return {name: self.messages(name) for name in self.names}
        except (*self.connection.connection_errors, *self.connection.channel_errors) as error:
            self.leave()
            raise Silence(str(error) or type(error).__name__) from error

    def ask_whether_it_gives(self):
        """A Redis without replicas, or with a full disk, counts its messages and gives none of them: to take one is to write."""
        if not self.url.startswith("amqp"):
            with self.channel.conn_or_acquire() as redis:
                redis.delete("airflow watchdog: there is no such key")

    def messages(self, name):
        """A queue that is not there has none: nobody made it yet, or, at Redis, it is empty."""
        try:
            return self.channel.queue_declare(name, passive=True).message_count
        except ChannelError as error:  # RabbitMQ closes the channel over that, and it opens itself again
            if str(error.reply_code) != NOT_FOUND:
                raise
            return 0

    def leave(self):
        """Without a word: who did not answer does not answer that either."""
        if self.connection is not None:
            with contextlib.suppress(Exception):
                self.connection.collect()
        self.connection = self.channel = None
