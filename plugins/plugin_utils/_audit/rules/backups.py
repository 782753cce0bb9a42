# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: can the backups that this collection makes be relied on? postgresql.py asks whether anybody's are made."""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.rule import Book

BOOK = Book("backups")
DAY = 86400  # s
SILENT = 600  # s without a look, which is due each minute
OLD = 35  # days; a proof each month is in time


def kept(host):
    return host.seen.get("backups") or {}


@BOOK.rule(
    "backups-unwell", "error", "The backups are not what you believe",
    why="A backup that is too old, or an archive that falls behind, is noticed on the day on which it is needed.",
    remedy="`journalctl -u 'steady-airflow-backup*'` on that host, and docs/backups.md")
def unwell(host):
    yield from (problem for problem in kept(host).get("problems") or [] if not kept(host).get("running"))


@BOOK.rule(
    "backups-unwatched", "warning", "Nobody looks at the backups",
    why="What their status and metrics say is what was seen last, and nobody sees any more.", remedy="`systemctl restart steady-airflow-backup-watch`")
def unwatched(host):
    if kept(host) and host.seen["time"] - kept(host)["time"] > SILENT:
        yield "the last look was %.0f minutes ago" % ((host.seen["time"] - kept(host)["time"]) / 60)


@BOOK.rule(
    "backups-unproven", "warning", "Backups that nobody has restored",
    why="Only a restore tells whether a backup can be restored: a lost password, a missing segment or a damaged file is not noticed before.",
    remedy="run the playbook steady.airflow.restore_drill, and let it come by itself: backup_drill_calendar: monthly")
def unproven(host):
    if not kept(host):
        return
    proof = kept(host)["proof"]
    if not proof:
        yield "none was ever restored"
    elif not proof["proven"]:
        yield "the last one could not be restored: %s" % proof["problem"]
    elif host.seen["time"] - proof["began"] > OLD * DAY:
        yield "the last proof is %.0f days old" % ((host.seen["time"] - proof["began"]) / DAY)
