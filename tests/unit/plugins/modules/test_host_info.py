# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.module_utils._host.files import Files
from ansible_collections.steady.airflow.plugins.module_utils._host.look import observe
from ansible_collections.steady.airflow.plugins.modules import host_info

PARAMS = {
    "paths": ["/opt/airflow"],
    "packages": ["patroni"],
    "names": ["node1"],
    "services": [],
    "vip": None,
    "vip_members": [],
    "tls_directory": None,
    "served_certificates": [],
    "controller_time": 1.5,
    "timeout": 1.0,
}


def no_units(names):
    assert not names
    return []


def test_a_bare_root_gives_a_whole_answer(tmp_path):
    host = observe(Files(str(tmp_path)), PARAMS, None, no_units, look_up=lambda name: ["192.0.2.11"])
    assert host["names"] == {"node1": ["192.0.2.11"]}
    assert host["filesystems"]["/opt/airflow"]["existing"] == "/"
    assert host["controller_time"] == 1.5
    assert (host["listening"], host["packages"], host["addresses"], host["vip"]) == ([], {}, [], None)


@pytest.mark.parametrize("address", ["192.0.2.10", "2001:db8::10"])
def test_a_vip_on_no_link_is_not_asked_for(tmp_path, address):
    host = observe(Files(str(tmp_path)), dict(PARAMS, vip=address), None, no_units, ask=None)
    assert host["vip"]["answers"] is None


def test_the_module_tells_of_this_machine(capsys):
    with patch_module_args({"paths": ["/"], "_ansible_check_mode": True}):
        with pytest.raises(SystemExit):
            host_info.main()
    answer = json.loads(capsys.readouterr().out)
    assert answer["changed"] is False
    assert answer["ansible_facts"]["steady_host"] == answer["host"]
    assert answer["host"]["memory_mb"] > 0
