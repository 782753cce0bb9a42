# SPDX-License-Identifier: GPL-3.0-or-later
"""RabbitMQ's members lose each other, and nobody repairs anything."""

from __future__ import annotations

import json

import broker
import pytest


@pytest.mark.parametrize("seconds", [8, 25, 25])
def test_a_member_that_was_out_of_reach_finds_the_others_by_itself(nodes, addresses, eventually, seconds):
    """Members call one dead after 11 to 19 seconds: one outage ends before that, one after it, and there is another one."""
    name, node = sorted(nodes.items())[-1]
    others = " ".join(address for other, address in addresses.items() if other != name)
    routes = "for it in %s; do ip route %s blackhole $it; done"
    node.check_output(f"{routes % (others, 'add')}; sleep {seconds}; {routes % (others, 'del')}")
    eventually(lambda: all(sees_all(each, nodes) for each in nodes.values()))
    eventually(lambda: all(sorted([*broker.watched_by(each)[0], member]) == sorted(nodes) for member, each in nodes.items()))


def sees_all(node, nodes):
    answer = node.run("rabbitmqctl cluster_status --quiet --formatter json")
    if answer.failed:
        return False
    status = json.loads(answer.stdout)
    return len(status["running_nodes"]) == len(nodes) and not status["partitions"]
