# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.modules import drill_fault

ETCD = {"name": "F07-1", "kind": "cut", "ports": [2379], "duration": 30}


def run(capsys, **options):
    with patch_module_args({"_ansible_check_mode": True, **options}):
        with pytest.raises(SystemExit):
            drill_fault.main()
    return json.loads(capsys.readouterr().out)


def test_a_dry_run_says_what_would_be_done(capsys):
    answer = run(capsys, **ETCD)
    assert answer["changed"]
    assert answer["begun"] <= answer["done"]
    [command] = answer["commands"]
    assert command[0] == "systemd-run"
    assert "--property=ExecStopPost=-nft delete table inet steady_drill_F07_1" in command


@pytest.mark.parametrize("options, message", [
    ({"name": "F07;reboot", "kind": "cut"}, "name must consist of letters, digits and hyphens"),
    ({"name": "F07-1"}, "missing"),
    ({"name": "F01-1", "kind": "kill"}, "F01-1 on this host: kill needs the option units"),
    ({"name": "F01-1", "kind": "burn"}, "burn"),
])
def test_what_cannot_be_done_is_told(capsys, options, message):
    answer = run(capsys, **options)
    assert answer["failed"]
    assert message in answer["msg"]
