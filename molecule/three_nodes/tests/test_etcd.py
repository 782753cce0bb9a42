# SPDX-License-Identifier: GPL-3.0-or-later
"""Three members of one etcd, and one leader that all agree on."""

from __future__ import annotations

import json


def statuses(nodes):
    command = "etcdctl --command-timeout=5s endpoint status --cluster --write-out=json"
    return json.loads(next(iter(nodes.values())).check_output(command))


def test_every_host_is_a_voting_member(nodes, addresses):
    members = json.loads(next(iter(nodes.values())).check_output("etcdctl member list --write-out=json"))["members"]
    assert {member["name"]: member["clientURLs"] for member in members} == {
        name: [f"http://{address}:2379"] for name, address in addresses.items()}
    assert not any(member.get("isLearner") for member in members)


def test_all_members_follow_one_leader(nodes):
    seen = statuses(nodes)
    assert len(seen) == len(nodes)
    assert len({one["Status"]["leader"] for one in seen}) == 1
    assert all(one["Status"]["version"].startswith("3.5.") for one in seen)
