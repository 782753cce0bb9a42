# SPDX-License-Identifier: GPL-3.0-or-later
"""A session with MySQL."""

import urllib.parse

import metadata
import pymysql


# Seconds after which the database hangs up on who is silent, and gives the lock to another host: who has one says something every few.
SILENCE = "SET SESSION wait_timeout = 15"


class Session(metadata.Session):
    writable = write = "SELECT NOT (@@read_only OR @@innodb_read_only)"
    lock = "SELECT GET_LOCK(%s, 0)"

    @staticmethod
    def key(name):
        return (f"airflow only one {name}",)

    def heartbeats(self, host, jobs):
        """It has no write that nobody reads, but says whether it takes any."""
        if not self.is_writable():
            raise metadata.Unanswered("it is read-only")
        return super().heartbeats(host, jobs)


def connect(url, name):
    parts = urllib.parse.urlsplit(url)
    options = dict(urllib.parse.parse_qsl(parts.query))
    seconds = {word: int(options[word]) for word in ("connect_timeout", "read_timeout", "write_timeout") if word in options}
    try:
        connection = pymysql.connect(host=parts.hostname, port=parts.port, user=urllib.parse.unquote(parts.username),
                                     password=urllib.parse.unquote(parts.password), database=urllib.parse.unquote(parts.path[1:]),
                                     ssl={"ca": options["ssl_ca"]} if "ssl_ca" in options else None, autocommit=True, program_name=name,
                                     init_command=SILENCE, **seconds)
    except pymysql.Error as error:
        raise metadata.Unanswered(str(error)) from error
    return Session(connection, pymysql.Error)
