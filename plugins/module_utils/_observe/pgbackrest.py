# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection, and by itself on hosts that make or restore backups: judges what a repository of pgBackRest tells. Pure."""
from __future__ import annotations

NO_STANZA = (1, 3)  # codes of a stanza, as C(info) tells them: its path, or what belongs into it, is missing
NO_BACKUP = 2
HOUR = 3600
ANOTHER_KEY = "If it is encrypted with another key, give back the former backup_repository_password"


def newest_directory(stanza):
    """Where the newest segments of write-ahead log are in the repository, as C(repo-ls) takes it; None without any."""
    archive = _archives(stanza)[-1]
    if not archive.get("max"):
        return None
    return "archive/%s/%s/%s" % (stanza["name"], archive["id"], archive["max"][:16])


def unreadable(stanza):
    """Why pgBackRest can read nothing there, without the bytes that it stumbled over; empty where it can."""
    if stanza["status"]["code"] in (0, NO_BACKUP, *NO_STANZA):
        return ""
    words = [repo["status"]["message"].splitlines()[0].rstrip(":") for repo in stanza.get("repo") or [] if repo["status"]["code"]]
    return "the repository cannot be read: %s" % "; ".join(words or [stanza["status"]["message"]])


def judge(stanza, segments, now, oldest, furthest_behind):
    """The report that pgbackrest_info returns.

    stanza: the entry of C(info --output=json). segments: what C(repo-ls --output=json) lists of newest_directory, {name: {"time"}}.
    now: seconds since the epoch. oldest: hours. furthest_behind: seconds.
    """
    backups, archives = [_backup(one) for one in stanza.get("backup") or []], _archives(stanza)
    came = max((one["time"] for one in segments.values() if "time" in one), default=None)
    age = (now - max(one["stop"] for one in backups)) / HOUR if backups else None
    report = {
        "backups": backups,
        "age": age,
        "running": bool(stanza["status"].get("lock", {}).get("backup", {}).get("held")),
        "encrypted": stanza.get("cipher", "none") != "none",
        "archive": {"first": archives[0].get("min"), "last": archives[-1].get("max"), "came": came,
                    "behind": None if came is None else max(0, now - came)},
    }
    report["problems"] = list(_problems(stanza, report, oldest, furthest_behind))
    return {**report, "healthy": not report["problems"]}


def _archives(stanza):
    """One of each version of PostgreSQL that the cluster had; a newer one is later."""
    return stanza.get("archive") or [{}]


def _backup(one):
    return {
        "label": one["label"], "type": one["type"], "start": one["timestamp"]["start"], "stop": one["timestamp"]["stop"],
        "error": bool(one.get("error")), "size": one["info"]["size"], "stored": (one["info"].get("repository") or {}).get("delta"),
    }


def _problems(stanza, report, oldest, furthest_behind):
    status, archive = stanza["status"], report["archive"]
    if status["code"] in NO_STANZA:
        yield "the repository has no place for %s yet (%s)" % (stanza["name"], status["message"])
        return
    if unreadable(stanza):
        yield unreadable(stanza)
        return
    if not report["backups"]:
        yield "there is no backup yet%s" % (", one is being made" if report["running"] else "")
    elif report["age"] > oldest:
        yield "the newest backup, %s, is %.0f h old" % (report["backups"][-1]["label"], report["age"])
    if report["backups"] and report["backups"][-1]["error"]:
        yield "%s holds pages of the database whose checksums are wrong: its disk or its memory writes what nobody sent" % report["backups"][-1]["label"]
    if archive["came"] is None:
        yield "no write-ahead log has been archived yet"
    elif archive["behind"] > furthest_behind:
        yield "the newest write-ahead log, %s, came %.0f s ago: the archive falls behind" % (archive["last"], archive["behind"])
