# SPDX-License-Identifier: GPL-3.0-or-later
"""A session with MySQL."""

import urllib.parse

import metadata
import pymysql


# Seconds after which each side hangs up on the other: the database gives the lock to another host then. Who has it says something every few
# seconds, and is to notice first that nobody answers; the watchdog may be busy with others for longer.
SILENCE, PATIENCE = "SET SESSION wait_timeout = 40", 8


class Session(metadata.Session):
    writable = write = "SELECT NOT (@@read_only OR @@innodb_read_only)"
    lock = "SELECT GET_LOCK(concat(%s, left(sha2(database(), 256), 16)), 0)"  # a server has one name of a lock for all its databases

    @staticmethod
    def key(name):
        return (f"airflow only one {name} ",)

    def heartbeats(self, host, jobs):
        """It has no write that nobody reads, but says whether it takes any."""
        if not self.is_writable():
            raise metadata.Unanswered("it is read-only")
        return super().heartbeats(host, jobs)


def connect(url, name):
    parts = urllib.parse.urlsplit(url)
    # as SQLAlchemy hands them to the driver
    ssl = {word[4:]: value for word, value in urllib.parse.parse_qsl(parts.query) if word.startswith("ssl_")}
    if "check_hostname" in ssl:
        ssl["check_hostname"] = ssl["check_hostname"].lower() not in ("false", "0", "no")
    try:
        connection = pymysql.connect(host=parts.hostname, port=parts.port, user=urllib.parse.unquote(parts.username),
                                     password=urllib.parse.unquote(parts.password), database=urllib.parse.unquote(parts.path[1:]),
                                     ssl=ssl, autocommit=True, program_name=name,
                                     init_command=SILENCE, connect_timeout=PATIENCE, read_timeout=PATIENCE, write_timeout=PATIENCE)
    except pymysql.Error as error:
        raise metadata.Unanswered(str(error)) from error
    return Session(connection, pymysql.Error)
