# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: is etcd whole? Pure: answers of members in, report out."""
from __future__ import annotations

from urllib.parse import urlsplit

from ansible_collections.steady.airflow.plugins.module_utils._observe.report import cluster_report, member_report


def judge(expected, answers):
    """`expected`: [{name, address}]; `answers`: {name: what _clients/etcd.py got, or {"error": why}}."""
    statuses = {name: answer["status"] for name, answer in answers.items() if "status" in answer}
    best = best_informed(answers)
    known = known_members(answers.get(best, {}))
    cluster_id = hex_id(header(statuses.get(best, {})).get("cluster_id"))
    leader = leader_name(statuses.get(best, {}), known)
    members = [judge_member(member, answers[member["name"]], known, cluster_id) for member in expected]
    seen = [entry_of(member, known) for member in expected]
    return cluster_report(
        members,
        cluster_problems(statuses, leader, best),
        leader,
        cluster_id=cluster_id,
        known_members=known,
        unexpected=sorted(entry["name"] or entry["id"] for entry in known if entry not in seen),
    )


def judge_member(member, answer, known, cluster_id):
    """The report about one expected member."""
    listed = entry_of(member, known) or {}
    details = dict(
        id=listed.get("id"),
        peer_urls=listed.get("peer_urls", []),
        learner=listed.get("learner", False),
        started=listed.get("started", False),
        version=None,
        alarms=[],
    )
    complaints = []
    if known and not listed:
        complaints.append("is not in the member list")
    elif listed and not listed["started"]:
        complaints.append("is in the member list, but has never started")
    if "status" not in answer:
        complaints.append("does not answer (%s)" % answer["error"])
        return member_report(member, False, complaints, None, **details)
    status = answer["status"]
    own_id = hex_id(header(status).get("member_id"))
    details["version"] = status.get("version")
    if hex_id(header(status).get("cluster_id")) != cluster_id:
        return member_report(member, True, ["belongs to another cluster"], None, **details)
    if listed and listed["started"] and listed["id"] != own_id:
        complaints.append("answers with id %s, but the member list knows it as %s" % (own_id, listed["id"]))
    details.update(
        id=own_id,
        learner=bool(status.get("isLearner")),
        alarms=alarms_of(own_id, answer["alarms"]),
    )
    complaints.extend("has the alarm %s" % alarm for alarm in details["alarms"])
    complaints.extend(["is a learner without a vote"] if details["learner"] else vote_complaints(answer))
    return member_report(member, True, complaints, role_of(own_id, status), **details)


def entry_of(member, known):
    """The line of the member list about an expected member. Who never started has no name there, only an address."""
    named = [entry for entry in known if entry["name"] == member["name"]]
    nameless = [entry for entry in known if not entry["started"] and member["address"] in hosts_of(entry["peer_urls"])]
    return next(iter(named + nameless), None)


def hosts_of(urls):
    """The host of each URL."""
    return [urlsplit(url).hostname for url in urls]


def vote_complaints(answer):
    """What a voting member tells that is wrong. Learners may not be asked most of it."""
    if not answer["status"].get("leader"):
        # Everything else that is wrong now follows from this.
        return ["sees no leader"]
    health = answer["health"]
    complaints = []
    if "error" in health:
        complaints.append("does not tell its health (%s)" % health["error"])
    elif str(health.get("health")).lower() != "true":
        complaints.append("is unhealthy (%s)" % (health.get("reason") or "no reason given"))
    for subject in ("members", "alarms"):
        if "error" in answer[subject]:
            complaints.append("does not tell its %s (%s)" % (subject, answer[subject]["error"]))
    return complaints


def cluster_problems(statuses, leader, best):
    """What is wrong with the whole rather than with one member."""
    if not statuses:
        return []
    if leader is None:
        return ["the cluster has no leader: not more than half of its members are up, or an election is going on"]
    cluster = header(statuses[best]).get("cluster_id")
    leaders = {
        status["leader"] for status in statuses.values() if status.get("leader") and header(status).get("cluster_id") == cluster
    }
    if len(leaders) > 1:
        return ["the members do not agree who the leader is: an election has just taken place"]
    return []


def best_informed(answers):
    """The name of the member whose view counts: of the cluster most are in, telling the list, with the longest log."""
    statuses = {name: answer["status"] for name, answer in answers.items() if "status" in answer}
    clusters = [header(status).get("cluster_id") for status in statuses.values()]

    def knowledge(name):
        status = statuses[name]
        return (
            clusters.count(header(status).get("cluster_id")),
            "error" not in answers[name]["members"],
            bool(status.get("leader")),
            int(status.get("raftTerm", 0)),
            int(status.get("raftIndex", 0)),
        )

    return max(statuses, key=knowledge, default=None)


def known_members(answer):
    """The member list as one member tells it; a member that never started has no name in it."""
    return [
        dict(
            id=hex_id(entry.get("ID")),
            name=entry.get("name", ""),
            peer_urls=entry.get("peerURLs", []),
            client_urls=entry.get("clientURLs", []),
            learner=bool(entry.get("isLearner")),
            started=bool(entry.get("name")),
        )
        for entry in answer.get("members", {}).get("members", [])
    ]


def leader_name(status, known):
    """The name of the leader a status tells, from the member list; its id when the list has no name for it."""
    leader = hex_id(status.get("leader"))
    names = {member["id"]: member["name"] for member in known}
    return names.get(leader) or leader


def role_of(own_id, status):
    """leader, follower or learner; null as long as there is no leader to follow."""
    if status.get("isLearner"):
        return "learner"
    if not status.get("leader"):
        return None
    return "leader" if hex_id(status["leader"]) == own_id else "follower"


def alarms_of(own_id, alarms):
    """The names of the alarms raised for this member."""
    return [alarm.get("alarm") for alarm in alarms.get("alarms", []) if hex_id(alarm.get("memberID")) == own_id]


def header(status):
    """The header of a gateway answer."""
    return status.get("header", {})


def hex_id(number):
    """An id as etcdctl prints it; the gateway tells 64-bit numbers as decimal strings and leaves out zero."""
    return format(int(number), "x") if number and int(number) else None
