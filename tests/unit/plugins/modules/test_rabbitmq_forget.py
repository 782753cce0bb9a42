# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.modules import rabbitmq_forget

# as the management API of RabbitMQ 4.0.5 answered while node3 was being rebuilt
NODES = [
    {"name": "rabbit@node1", "running": True},
    {"name": "rabbit@node2", "running": True},
    {"name": "rabbit@node3", "running": False},
]


@pytest.mark.parametrize("node, lost", [("rabbit@node3", True), ("rabbit@node2", False), ("rabbit@node4", False)])
def test_only_a_listed_member_that_is_down_is_lost(node, lost):
    assert rabbitmq_forget.listed_and_down(NODES, node) is lost


def test_where_no_broker_runs_nothing_is_done(capsys):
    # port 9 (discard): nobody listens there
    arguments = {"name": "node3", "port": 9, "username": "operator", "password": "unused", "timeout": 1}
    with patch_module_args(arguments), pytest.raises(SystemExit):
        rabbitmq_forget.main()
    answer = json.loads(capsys.readouterr().out)
    assert (answer["changed"], answer["reachable"]) == (False, False)


@pytest.mark.parametrize("name, check_mode, code, changed, failed", [
    ("node3", False, 0, True, False),
    ("node3", True, 0, True, False),
    ("node2", False, 0, False, False),
    ("node3", False, 69, False, True),
])
def test_the_lost_member_is_forgotten(monkeypatch, capsys, name, check_mode, code, changed, failed):
    calls = []

    def run_command(self, arguments, **options):
        calls.append(arguments)
        return code, "", "the node is busy"

    monkeypatch.setattr(rabbitmq_forget._management.HttpClient, "ask_well", lambda self, url, kind: NODES)
    monkeypatch.setattr(rabbitmq_forget.AnsibleModule, "run_command", run_command)
    arguments = {"name": name, "username": "operator", "password": "unused", "_ansible_check_mode": check_mode}
    with patch_module_args(arguments), pytest.raises(SystemExit):
        rabbitmq_forget.main()
    answer = json.loads(capsys.readouterr().out)
    assert answer.get("changed", False) is changed
    assert bool(answer.get("failed")) is failed
    expected = [["rabbitmqctl", "forget_cluster_node", "rabbit@node3"]] if name == "node3" and not check_mode else []
    assert calls == expected
