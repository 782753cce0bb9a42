# SPDX-License-Identifier: GPL-3.0-or-later
"""The database's leader dies, and nobody repairs anything. The last of the looks, since it leaves another leader."""

from __future__ import annotations

import psycopg2


def test_postgresql_survives_the_death_of_its_leader(nodes, patroni, connect, example, eventually):
    leader = next(member["name"] for member in patroni() if member["role"] == "leader")
    postmaster = nodes[leader].check_output("head -1 /var/lib/postgresql/17/patroni/postmaster.pid")
    nodes[leader].check_output(f"kill -KILL {postmaster}")
    eventually(lambda: can_write(connect))
    assert example()[0] == "success"
    eventually(lambda: is_whole(patroni(), len(nodes)))


def can_write(connect):
    try:
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE written AS SELECT 1")
            return True
    except psycopg2.Error:
        return False


def is_whole(members, count):
    return sorted(member["state"] for member in members) == ["running"] + ["streaming"] * (count - 1)
