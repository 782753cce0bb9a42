# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session of psycopg that answers what it was given, and notes what it is told."""
from __future__ import annotations


class Session:
    """In place of a connection and of its cursor. answers: one for each fetch; the last one again and again."""

    def __init__(self, *answers):
        self.answers, self.told = list(answers), []

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        """As a cursor."""

    def cursor(self, **_factory):
        return self

    def close(self):
        """As a connection."""

    def execute(self, statement, values=()):
        self.told.append((statement if isinstance(statement, str) else statement.as_string(None), values))

    def fetchone(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    fetchall = fetchone
