# SPDX-License-Identifier: GPL-3.0-or-later
"""A session with PostgreSQL."""

import zlib

import metadata
import psycopg


class Session(metadata.Session):
    writable = "SELECT NOT pg_is_in_recovery()"
    # A commit that all synchronous standbys must confirm, as each heartbeat is; nobody reads the message.
    write = "SELECT pg_logical_emit_message(true, 'airflow watchdog', '')"
    lock = "SELECT pg_try_advisory_lock(%s, %s)"

    @staticmethod
    def key(name):
        """Two numbers: a class of our own, far from the single numbers that Airflow uses, and the name's checksum."""
        return 0x57EAD, zlib.crc32(name.encode()) & 0x7FFFFFFF


def connect(url, name):
    """The name of the driver in the URL is SQLAlchemy's."""
    try:
        return Session(psycopg.connect(url.replace("postgresql+psycopg", "postgresql", 1), autocommit=True, application_name=name), psycopg.Error)
    except psycopg.Error as error:
        raise metadata.Unanswered(str(error)) from error
