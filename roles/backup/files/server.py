# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostgreSQL over data that were unpacked. It replays the archive and does nothing else, and nobody but its own account reaches it."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

import psycopg2

# No door, no standby, little memory and disk. The cluster's own settings lie beside the data.
QUIET = {"listen_addresses": "", "port": 5432, "ssl": "off", "synchronous_standby_names": "", "hot_standby": "off", "shared_preload_libraries": "",
         "shared_buffers": "64MB", "max_wal_size": "256MB", "wal_keep_size": 0, "autovacuum": "off", "logging_collector": "off",
         "log_destination": "stderr", "log_checkpoints": "off"}


class Failure(Exception):
    """It cannot be restored, for a reason in words."""


class Server:
    """process: of PostgreSQL; news: the socket at which it tells how far it is; words: the file of what it says."""

    def __init__(self, data, process, news, words):
        self.data, self.process, self.news, self.words = data, process, news, words

    def connect(self, database="postgres"):
        if self.process.poll() is not None:
            raise Failure(f"the restored PostgreSQL ended: {self.last_words()}")
        return contextlib.closing(psycopg2.connect(host=str(self.data), dbname=database))

    def opened(self, patience):
        """A connection, when all is replayed: until then it lets nobody in. It tells of each step, as it would tell systemd; the last one is that."""
        deadline = time.monotonic() + patience
        with open(os.pidfd_open(self.process.pid), "rb") as ended:
            while told := select.select([self.news, ended], [], [], max(0, deadline - time.monotonic()))[0]:
                if self.news in told:
                    self.news.recv(4096)
                with contextlib.suppress(psycopg2.OperationalError):
                    return self.connect()
        raise Failure(f"the archive was not replayed within {patience:.0f} s")

    def last_words(self):
        self.words.seek(0)
        lines = self.words.read().splitlines() or ["without a word"]
        return next((line for line in lines if "FATAL:" in line or "PANIC:" in line), lines[-1])


@contextlib.contextmanager
def server(data, programs, **settings):
    """One that runs until it is left."""
    settings = {**QUIET, "unix_socket_directories": data, "hba_file": data / "pg_hba.conf", "ident_file": data / "pg_ident.conf", **settings}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (tempfile.TemporaryDirectory() as place, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as news, tempfile.TemporaryFile("w+") as words):
        news.bind(f"{place}/news")
        with subprocess.Popen([programs / "postgres", "-D", data, *options], stdout=words, stderr=words,
                              env={**os.environ, "NOTIFY_SOCKET": news.getsockname()}) as process:
            try:
                yield Server(data, process, news, words)
            finally:
                process.send_signal(signal.SIGINT)  # a fast shutdown
                process.wait()
                words.seek(0)
                sys.stderr.write(words.read())
