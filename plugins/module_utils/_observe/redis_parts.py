# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: what one Redis and one Sentinel tell, and what is wrong with it. Pure."""
from __future__ import annotations

import ipaddress

from ansible_collections.steady.airflow.plugins.module_utils._topology import host_port

ROLES = {"master": "master", "slave": "replica"}
# What Redis writes to the disk, and what it means if the last attempt failed.
WRITES = {
    "aof_last_write_status": "cannot write its append-only file",
    "aof_last_bgrewrite_status": "could not rewrite its append-only file",
    "rdb_last_bgsave_status": "could not save its data to the disk",
}


class Places:
    """Who is meant by an address and a port: a member's name if it is expected there, otherwise C(address:port)."""

    def __init__(self, members, port):
        self.names = {(same(member[key]), str(port)): member["name"] for key in ("name", "address") for member in members}

    def who(self, host, port):
        """The name; null if nothing was told."""
        return self.names.get((same(host), str(port)), host_port(host, port)) if host else None


def same(host):
    """One spelling for each address."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host.lower()


def number(text):
    """A number out of INFO, or null."""
    try:
        return int(text)
    except (TypeError, ValueError):
        return None


def server_details(answer, places, offset):
    """What a Redis tells; offset: how far the master is, null if that is not known."""
    info = answer.get("info", {})
    role = ROLES.get(info.get("role"))
    own = number(info.get("slave_repl_offset" if role == "replica" else "master_repl_offset"))
    return dict(
        version=info.get("redis_version"),
        master=places.who(info.get("master_host"), info.get("master_port")),
        link=info.get("master_link_status"),
        syncing=info.get("master_sync_in_progress") == "1",
        # They are asked at the same time, but not at the same instant: a replica may seem to be ahead.
        lag=max(0, offset - own) if role and offset is not None and own is not None else None,
        loading=info.get("loading") == "1",
        append_only=info["aof_enabled"] == "1" if "aof_enabled" in info else None,
        used_memory=number(info.get("used_memory")),
        maxmemory=number(info.get("maxmemory")),
    )


def server_complaints(name, answer, role, details, leader):
    """What is wrong with a Redis; leader: the name of the master it should be or follow, null if that is not known."""
    if "info" not in answer:
        return ["Redis cannot be asked (%s)" % answer["error"]]
    info = answer["info"]
    complaints = []
    if leader and name == leader and role != "master":
        complaints.append("is a replica, though the Sentinels have it as the master")
    if leader and name != leader and role == "master":
        complaints.append("says that it is the master, though that is %s" % leader)
    if role == "replica" and leader not in (None, name, details["master"]):
        complaints.append("is a replica of %s instead of %s" % (details["master"], leader))
    if details["loading"]:
        complaints.append("still loads its data (LOADING)")
    elif role == "replica":
        complaints.extend(link_complaints(info, details))
    complaints.extend(words for key, words in WRITES.items() if info.get(key, "ok") != "ok")
    if details["maxmemory"] and details["used_memory"] - (number(info.get("mem_not_counted_for_evict")) or 0) >= details["maxmemory"]:
        complaints.append("has used up its memory (%d of %d bytes)" % (details["used_memory"], details["maxmemory"]))
    return complaints


def link_complaints(info, details):
    """What is wrong between a replica and its master."""
    if details["syncing"]:
        return ["is still being filled by %s" % details["master"]]
    if details["link"] == "up":
        return []
    since = number(info.get("master_link_down_since_seconds"))
    # -1 if there never was a link
    down = "is down" if since is None or since < 0 else "has been down for %d s" % since
    return ["its link to %s %s" % (details["master"], down)]


def good_replicas(answer):
    """How many replicas a master counts as good, how many it wants for a write; null if it does not tell."""
    good = number(answer.get("info", {}).get("min_slaves_good_slaves"))
    return good, number(answer.get("config", {}).get("min-replicas-to-write"))


def sentinel_view(answer, places, sentinel_places):
    """What one Sentinel tells about the whole. C(told) is whether it knows the master."""
    master = answer.get("master", {})
    master_name = places.who(master.get("ip"), master.get("port"))
    lists = {part: answer.get(part, {}) for part in ("sentinels", "replicas")}
    known = {part: [] if isinstance(told, dict) else told for part, told in lists.items()}

    def named(entries, where):
        return {where.who(entry.get("ip"), entry.get("port")): entry.get("flags", "") for entry in entries}

    redises = named(([master] if "ip" in master else []) + known["replicas"], places)
    others = named(known["sentinels"], sentinel_places)
    return dict(
        told="ip" in master,
        reachable="master" in answer,
        master=master_name,
        failover="failover_in_progress" in master.get("flags", ""),
        needed=max(number(master.get("quorum")) or 0, (len(others) + 1) // 2 + 1),
        electable=str(answer.get("ckquorum", {}).get("told", "")).startswith("OK"),
        tilt=answer.get("info", {}).get("sentinel_tilt") == "1",
        replicas=sorted(set(redises) - {master_name}),
        sentinels=sorted(others),
        down_redises=[name for name, flags in redises.items() if "_down" in flags],
        down_sentinels=[name for name, flags in others.items() if "_down" in flags],
        problems=sentinel_complaints(answer, lists),
    )


def sentinel_complaints(answer, lists):
    """What is wrong with one Sentinel itself."""
    if "master" not in answer:
        return ["cannot be asked (%s)" % answer["error"]]
    if "error" in answer["master"]:
        # Whatever else it refuses follows from this.
        return ["does not tell the master (%s)" % answer["master"]["error"]]
    complaints = ["is in TILT mode and does nothing"] if answer["info"].get("sentinel_tilt") == "1" else []
    if "error" in answer["ckquorum"]:
        complaints.append("does not confirm a quorum (%s)" % answer["ckquorum"]["error"])
    for part, told in lists.items():
        if isinstance(told, dict):
            complaints.append("does not tell the %s (%s)" % (part, told["error"]))
    return complaints
