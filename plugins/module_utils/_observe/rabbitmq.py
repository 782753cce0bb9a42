# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: is the RabbitMQ cluster whole? Pure: the management API's answer in, report out."""
from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._observe.report import cluster_report, member_report

ALARMS = {"mem_alarm": "memory", "disk_free_alarm": "disk"}


def judge(expected, answer):
    """`expected`: [{name, address}]; `answer`: what _clients/rabbitmq.py got, or {"error": why}."""
    if "error" in answer:
        # Nobody told about the members, so none of them is known to be well: one problem, not one per member.
        unknown = [member_report(member, False, ["is unknown"], **node_details(member, {})) for member in expected]
        return dict(
            cluster_report(unknown, queues=[], cluster_name=None, version=None, unexpected=[]), problems=[answer["error"]]
        )
    nodes = {node["name"]: node for node in answer["nodes"]}
    members = [judge_member(member, nodes.get(node_name(member))) for member in expected]
    running = [member["node"] for member in members if member["running"]]
    consumers = {(queue["vhost"], queue["name"]): queue.get("consumers", 0) for queue in answer["consumers"]}
    queues = [queue_report(queue, consumers) for queue in answer["queues"]]
    overview = answer["overview"]
    return cluster_report(
        members,
        [problem for queue in queues for problem in queue_problems(queue, running)],
        cluster_name=overview.get("cluster_name"),
        version=overview.get("rabbitmq_version"),
        queues=queues,
        unexpected=sorted(set(nodes) - {node_name(member) for member in expected}),
    )


def judge_member(member, node):
    """The report about one expected member, from the cluster's list of nodes."""
    if node is None:
        return member_report(member, False, ["is not a node of the cluster"], **node_details(member, {}))
    details = node_details(member, node)
    complaints = []
    if not details["running"]:
        complaints.append("is not running")
    complaints.extend("has the %s alarm" % alarm for alarm in details["alarms"])
    if details["partitions"]:
        complaints.append("is partitioned from %s" % ", ".join(details["partitions"]))
    if details["draining"]:
        complaints.append("is in maintenance mode")
    return member_report(member, details["running"], complaints, node.get("type"), **details)


def node_details(member, node):
    """What a node tells beside what all observers report."""
    return dict(
        node=node_name(member),
        running=bool(node.get("running")),
        alarms=[name for key, name in ALARMS.items() if node.get(key)],
        partitions=node.get("partitions") or [],
        draining=bool(node.get("being_drained")),
    )


def queue_report(queue, consumers):
    """One queue; classic queues have no members, they live where their leader is."""
    return dict(
        name=queue.get("name"),
        vhost=queue.get("vhost"),
        type=queue.get("type"),
        leader=queue.get("leader"),
        members=sorted(queue.get("members") or []),
        online=sorted(queue.get("online") or []),
        consumers=consumers.get((queue.get("vhost"), queue.get("name")), 0),
    )


def queue_problems(queue, running):
    """What is wrong with a quorum queue: every running expected member must take part in it."""
    if queue["type"] != "quorum":
        return []
    title = "quorum queue %s in vhost %s" % (queue["name"], queue["vhost"])
    problems = []
    if not queue["leader"]:
        problems.append("%s has no leader" % title)
    missing = [node for node in running if node not in queue["members"]]
    if missing:
        problems.append("%s has no replica on %s" % (title, ", ".join(missing)))
    offline = [node for node in running if node in queue["members"] and node not in queue["online"]]
    if offline:
        problems.append("%s is not online on %s" % (title, ", ".join(offline)))
    return problems


def node_name(member):
    """The Erlang node of a member."""
    return "rabbit@%s" % member["name"]
