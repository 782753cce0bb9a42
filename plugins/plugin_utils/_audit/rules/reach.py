# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a host of Airflow must reach, and how far that is."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("airflow")
FAR = 0.010  # s for a connection, which is a round trip


def asked(installation):
    """[(what, what was asked), ...] of all that this host needs."""
    return installation.reach.items()


@BOOK.rule(
    "airflow-unreachable", "error", "A host that cannot reach what it needs",
    why="No member of it answers this host. What runs here cannot take over when another host dies, and fails what it is given.",
    remedy="see firewalls, names and addresses: from this host, `nc -vz ADDRESS PORT`")
def unreachable(installation):
    for what, addresses in asked(installation):
        if all(each["problem"] for each in addresses):
            yield "the %s does not answer: %s" % (what, "; ".join("%s: %s" % (each["address"], each["problem"]) for each in addresses))


@BOOK.rule(
    "airflow-member-unreachable", "warning", "A member that a host cannot reach",
    why="The others answer. After the next loss there may be none that does.", remedy="see why it is down, or what is between")
def member_unreachable(installation):
    for what, addresses in asked(installation):
        lost = [each for each in addresses if each["problem"]]
        if lost and len(lost) < len(addresses):
            yield "of the %s: %s" % (what, "; ".join("%s: %s" % (each["address"], each["problem"]) for each in lost))


@BOOK.rule(
    "airflow-database-far", "warning", "A database that is far away",
    why="A scheduler asks the database hundreds of times a second, one question after the other. With 10 ms for each it starts few tasks, and "
        "its heartbeats come late.",
    remedy="put the database and all schedulers into one place, and what needs another place into a second installation")
def database_far(installation):
    times = [each["seconds"] for each in installation.reach.get("database", []) if each["seconds"] is not None]
    if times and min(times) > FAR:
        yield "%.0f ms for a round trip" % (min(times) * 1000)


@BOOK.rule(
    "airflow-unwell", "error", "A component that does not beat",
    why="The API server has not heard of it for longer than its threshold. What it does is not done, unless another one on another host does it.",
    remedy="see the journal of the component on all hosts, and whether the database answers")
def unwell(installation):
    for name, status in sorted(installation.health.items()):
        if status == "unhealthy":
            yield "the API server calls the %s unhealthy" % name.replace("_", " ")
