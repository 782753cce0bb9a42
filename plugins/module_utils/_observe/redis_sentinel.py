# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: are Redis and its Sentinels whole? Pure: answers of members in, report out."""
from __future__ import annotations

import collections

from ansible_collections.steady.airflow.plugins.module_utils._observe.redis_parts import (
    ROLES,
    Places,
    good_replicas,
    number,
    sentinel_view,
    server_complaints,
    server_details,
)
from ansible_collections.steady.airflow.plugins.module_utils._observe.report import cluster_report, member_report

KINDS = {"replicas": "replica", "sentinels": "Sentinel"}
# What is returned about a Sentinel.
RETURNED = ("reachable", "master", "sentinels", "replicas", "problems")


def judge(expected, servers, sentinels, ports):
    """`expected`: [{name, address}]; servers, sentinels: {name: what _clients/redis_sentinel.py got, or {"error": why}}; ports: of the two."""
    places = [Places(expected, port) for port in ports]
    views = {member["name"]: sentinel_view(sentinels[member["name"]], *places) for member in expected}
    told = {name: view for name, view in views.items() if view["told"]}
    master = believed(views)
    leader = master if master in views else None
    claims = [name for name in views if role_of(servers[name]) == "master"]
    # Where no leader is known, the only one that says it is the master still tells how it fares.
    working = leader if leader in claims else claims[0] if leader is None and len(claims) == 1 else None
    at_work = servers.get(working, {})
    offset = number(at_work.get("info", {}).get("master_repl_offset"))
    members = []
    for member in expected:
        answer = servers[member["name"]]
        members.append(judge_member(member, answer, server_details(answer, places[0], offset), views, leader))
    good, wanted = good_replicas(at_work)
    problems = master_problems(claims, views, told, master, leader)
    problems.extend(write_problems(working, good, wanted))
    problems.extend(election_problems(told))
    unexpected = [(one, part) for part in KINDS for one in sorted(strangers(told, part, views)) if one != master]
    problems.extend("the Sentinels have %s as a %s, which is no expected member" % (one, KINDS[part]) for one, part in unexpected)
    asked = any("info" in answer for answer in servers.values()) or told
    return cluster_report(
        members,
        problems if asked else [],
        leader,
        quorum=can_elect(told),
        disagreement=len(masters_of(told)) > 1,
        good_replicas=good,
        min_replicas=wanted,
        version=at_work.get("info", {}).get("redis_version") or next((member["version"] for member in members if member["version"]), None),
        unexpected=sorted({one for one, _part in unexpected} | {one for one in masters_of(told) if one not in views}),
    )


def judge_member(member, answer, details, views, leader):
    """The report about one expected member: its Redis, its Sentinel, and what the Sentinels of the others say about both."""
    name = member["name"]
    view = views[name]
    role = role_of(answer)
    complaints = server_complaints(name, answer, role, details, leader)
    complaints.extend("Sentinel %s" % problem for problem in view["problems"])
    if view["told"] and leader and view["master"] != leader:
        complaints.append("Sentinel takes %s for the master instead of %s" % (view["master"], leader))
    told = {other: seen for other, seen in views.items() if seen["told"]}
    # A Sentinel that is for another master knows other replicas, and says so above.
    agreed = {other: seen for other, seen in told.items() if seen["master"] == leader}

    def complain(words, seen_by):
        if seen_by:
            complaints.append("%s by the Sentinel of %s" % (words, ", ".join(seen_by)))

    if leader and name != leader:
        complain("Redis is not known as a replica", [other for other, seen in agreed.items() if name not in seen["replicas"]])
    complain("Sentinel is not known", [other for other, seen in told.items() if other != name and name not in seen["sentinels"]])
    if "info" in answer:
        complain("Redis is taken for down", [other for other, seen in told.items() if name in seen["down_redises"]])
    if view["reachable"]:
        complain("Sentinel is taken for down", [other for other, seen in told.items() if name in seen["down_sentinels"]])
    return member_report(member, "info" in answer, complaints, role, sentinel={key: view[key] for key in RETURNED}, **details)


def role_of(answer):
    """master or replica, by its own word; null if it says nothing."""
    return ROLES.get(answer.get("info", {}).get("role"))


def masters_of(told):
    """How many Sentinels are for whom."""
    return collections.Counter(view["master"] for view in told.values())


def believed(views):
    """Whom more than half of all expected Sentinels take for the master; null if there is nobody."""
    counts = masters_of({name: view for name, view in views.items() if view["told"]})
    return next((name for name, count in counts.items() if count > len(views) // 2), None)


def strangers(told, part, views):
    """Those the Sentinels know as replicas, or as Sentinels, that are no expected member."""
    return {one for view in told.values() for one in view[part] if one not in views}


def can_elect(told):
    """Whether the Sentinels that answer can elect a new master: enough of them, and one at least says that it sees a quorum."""
    able = [view for view in told.values() if not view["tilt"]]
    return any(view["electable"] for view in able) and len(able) >= max(view["needed"] for view in able)


def master_problems(claims, views, told, master, leader):
    """What is wrong with who the master is; claims: who say that they are."""
    problems = []
    if len(claims) > 1:
        problems.append("there are %d masters: %s say so" % (len(claims), " and ".join(claims)))
    if not told:
        problems.append("no Sentinel tells who the master is")
    elif master is None and len(masters_of(told)) > 1:
        sayings = ", ".join("%s says %s" % (name, view["master"]) for name, view in told.items())
        problems.append("the Sentinels do not agree who the master is: %s" % sayings)
    elif master is None:
        problems.append("too few Sentinels tell who the master is: %d of %d" % (len(told), len(views)))
    elif leader is None:
        problems.append("the Sentinels have %s as the master, which is no expected member" % master)
    elif leader not in claims:
        problems.append("the master %s is not at work" % leader)
    return problems


def write_problems(working, good, wanted):
    """Whether the master refuses writes for want of replicas. Without the right to ask, it tells only that it wants some."""
    if good is None or good >= (1 if wanted is None else wanted):
        return []
    return ["the master %s refuses writes (NOREPLICAS): it has %d good replicas and wants %s" % (working, good, wanted or "more")]


def election_problems(told):
    """Whether the Sentinels are electing, and whether they could."""
    problems = ["a failover is going on"] if any(view["failover"] for view in told.values()) else []
    if told and not can_elect(told):
        needed = max(view["needed"] for view in told.values())
        problems.append("the Sentinels that answer cannot elect a new master: %d answer, %d are needed" % (len(told), needed))
    return problems
