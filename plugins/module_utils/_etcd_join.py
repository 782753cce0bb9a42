# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Announce a member without data to a running etcd cluster.

PRIVATE to the collection. ``ask(url, body)`` posts to the JSON gateway and is handed in.
"""

from __future__ import annotations

from ansible_collections.steady.airflow.plugins.module_utils._errors import BadAnswer, SteadyError


def join(ask, others, peer_url, check_mode=False):
    """Return ``(action, member list)``: none when no cluster runs, else listed, added or replaced.

    others: client URLs of the other members.
    peer_url: URL by which the members reach this one.
    """
    running = _running_cluster(ask, others)
    if running is None:
        return "none", []
    url, members = running
    mine = [one for one in members if peer_url in one.get("peerURLs", [])]
    # without a name it was announced before and never started, so its identity is still free
    if any(not one.get("name") for one in mine):
        return "listed", members
    if check_mode:
        return ("replaced" if mine else "added"), members
    for one in mine:
        ask(url + "/v3/cluster/member/remove", {"ID": one["ID"]})
    members = ask(url + "/v3/cluster/member/add", {"peerURLs": [peer_url]})["members"]
    return ("replaced" if mine else "added"), members


def environment(members, name, peer_url):
    """Return the text of the environment file with which etcd joins: the list must equal the cluster's own."""
    entries = []
    for one in members:
        for url in one.get("peerURLs", []):
            # one that was announced and never started has no name yet, and two such must not share one
            entries.append("%s=%s" % (name if url == peer_url else one.get("name") or one["ID"], url))
    return "ETCD_INITIAL_CLUSTER_STATE=existing\nETCD_INITIAL_CLUSTER=%s\n" % ",".join(entries)


def _running_cluster(ask, others):
    """Return ``(url, members)`` of the first member that has a leader; None when no member answers.

    A member that waits for the founding of its cluster does not answer. One that answers without a leader has data:
    founding another cluster beside it would lose them.
    """
    leaderless = None
    for url in others:
        try:
            if ask(url + "/v3/maintenance/status", {}).get("leader"):
                return url, ask(url + "/v3/cluster/member/list", {"linearizable": False})["members"]
            leaderless = leaderless or url
        except SteadyError:
            continue
    if leaderless:
        raise BadAnswer("%s has no leader" % leaderless)
    return None
