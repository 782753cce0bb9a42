# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits at Airflow's broker, reached with the settings in airflow.cfg but without importing Airflow."""

import configparser
import contextlib
import json
import os

import kombu
import mended
from amqp.exceptions import NotFound
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


class Queues:
    """Keeps one connection and one channel as long as they work."""

    def __init__(self, names):
        self.names, self.connection, self.channel = names, None, None
        self.url, self.how = settings()
        if self.url.startswith("amqp"):
            self.how["transport_options"] |= {"read_timeout": SECONDS, "write_timeout": SECONDS, "client_properties": {"connection_name": "airflow watchdog"}}
        else:
            mended.mend_redis()

    def waiting(self):
        """{queue: messages that no worker has taken}, or Silence."""
        if self.connection is None:
            self.connection = kombu.Connection(self.url, **self.how)
        try:
            return {name: self.messages(name) for name in self.names}
        except (*self.connection.connection_errors, *self.connection.channel_errors) as error:
            self.leave()
            raise Silence(str(error) or type(error).__name__) from error

    def messages(self, name):
        """A queue that is not there has none: nobody made it yet, or, at Redis, it is empty. RabbitMQ closes a channel that asks for one."""
        if self.channel is None:
            self.channel = self.connection.channel()
        try:
            return self.channel.queue_declare(name, passive=True).message_count
        except ChannelError as error:
            if str(error.reply_code) != NOT_FOUND:
                raise
            if isinstance(error, NotFound):
                self.channel = None
            return 0

    def leave(self):
        """Without a word: who did not answer does not answer that either."""
        with contextlib.suppress(Exception):
            self.connection.collect()
        self.connection = self.channel = None
