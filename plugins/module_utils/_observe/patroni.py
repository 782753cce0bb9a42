# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: is the PostgreSQL cluster under Patroni whole? Pure: answers in, report out."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._observe.report import cluster_report, member_report

LEADER_ROLES = ("leader", "standby_leader")
# What a member calls itself; "master" is the word of Patroni 3.
PRIMARY_ROLES = ("primary", "master")
SYNC_ROLES = ("sync_standby", "quorum_standby")


def judge(expected, answers, max_lag):
    """`expected`: [{name, address}]; `answers`: {name: what _clients/patroni.py got, or {"error": why}}."""
    cluster = best_answer(answers, "cluster", lambda answer: bool(leader_of(answer)))
    config = best_answer(answers, "config", lambda answer: True)
    known = {entry.get("name"): entry for entry in cluster.get("members", [])}
    leader = leader_of(cluster)
    members = [judge_member(member, answers[member["name"]], known.get(member["name"]), max_lag) for member in expected]
    names = {member["name"] for member in expected}
    return cluster_report(
        members,
        cluster_problems(members, cluster, config, leader),
        leader,
        scope=cluster.get("scope") or scope_of(answers),
        paused=bool(cluster.get("pause")),
        dynamic_config=config,
        timeline=known.get(leader, {}).get("timeline"),
        system_identifier=next((answer["patroni"]["database_system_identifier"] for answer in answers.values()
                                if answer.get("patroni", {}).get("database_system_identifier")), None),
        unexpected=sorted(name for name in known if name not in names),
    )


def judge_member(member, answer, entry, max_lag):
    """The report about one expected member: `answer` is its own word, `entry` what the cluster says about it."""
    known = entry or {}
    own = answer.get("patroni", {})
    details = dict(
        state=known.get("state") or own.get("state"),
        timeline=known.get("timeline") or own.get("timeline"),
        lag=lag_of(known),
        sync=known.get("role") in SYNC_ROLES,
        pending_restart=bool(own.get("pending_restart") or known.get("pending_restart")),
        version=own.get("patroni", {}).get("version"),
        postgresql_version=own.get("server_version"),
    )
    reachable = "patroni" in answer
    complaints = []
    if not reachable:
        complaints.append("does not answer (%s)" % answer["error"])
    elif "error" in answer["cluster"]:
        complaints.append("cannot tell about the cluster (%s)" % answer["cluster"]["error"])
    if entry:
        complaints.extend(state_complaints(known, details["lag"], max_lag))
    elif reachable and "error" not in answer["cluster"]:
        complaints.append("is not a member of the cluster")
    if own.get("role") in PRIMARY_ROLES and known and known.get("role") not in LEADER_ROLES:
        complaints.append("runs as a primary without being the leader")
    return member_report(member, reachable, complaints, known.get("role"), **details)


def state_complaints(entry, lag, max_lag):
    """What the cluster's own list says against a member."""
    state = entry.get("state")
    if entry.get("role") in LEADER_ROLES:
        return [] if state == "running" else ['is the leader, but its state is "%s"' % state]
    if state != "streaming":
        return ['does not stream, its state is "%s"' % state]
    if lag is None:
        return ["has an unknown lag"]
    if lag > max_lag:
        return ["lags %d bytes behind (at most %d are well)" % (lag, max_lag)]
    return []


def cluster_problems(members, cluster, config, leader):
    """What is wrong with the whole rather than with one member."""
    problems = []
    if not any(member["reachable"] for member in members):
        return problems
    if leader is None:
        problems.append("the cluster has no leader" if cluster else "nobody can tell who the leader is")
    if config.get("synchronous_mode") not in (None, False, "off") and len(members) > 1:
        if not any(member["sync"] for member in members):
            problems.append("synchronous_mode is on, but no member is a synchronous standby")
    return problems


def best_answer(answers, key, good):
    """One answer of those that told: they all read the same store, but one may be late or cut off from it."""
    told = [answer[key] for answer in answers.values() if key in answer and "error" not in answer[key]]
    return next((answer for answer in told if good(answer)), told[0] if told else {})


def leader_of(cluster):
    """The name of the leader, or null."""
    return next((entry["name"] for entry in cluster.get("members", []) if entry.get("role") in LEADER_ROLES), None)


def lag_of(entry):
    """Bytes behind the leader: 0 for the leader itself, null when it is not known."""
    if entry.get("role") in LEADER_ROLES:
        return 0
    lag = entry.get("lag")
    return lag if isinstance(lag, int) else None


def scope_of(answers):
    """The name of the cluster as its members have it configured."""
    return next((answer["patroni"]["patroni"].get("scope") for answer in answers.values() if "patroni" in answer), None)
