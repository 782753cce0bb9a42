# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pathlib

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.steady.airflow.plugins.filter import findings_text, host_findings, inventory_findings
from ansible_collections.steady.airflow.plugins.module_utils._rules.findings import finding

TEXT = findings_text.FilterModule().filters()["findings_text"]
JUDGE_INVENTORY = inventory_findings.FilterModule().filters()["inventory_findings"]
JUDGE_HOST = host_findings.FilterModule().filters()["host_findings"]


def test_the_filter_knows_all_that_the_role_hands_it():
    role = yaml.safe_load((pathlib.Path(__file__).parents[4] / "roles/preflight/vars/main.yml").read_text(encoding="utf-8"))
    documented = yaml.safe_load(inventory_findings.DOCUMENTATION)["options"]["settings"]["suboptions"].keys()
    assert role["__preflight_settings"].keys() <= documented == inventory_findings.OPTIONS


def test_findings_read_as_lines():
    findings = [
        finding("a-b", "node1", "is wrong", "set it right"),
        finding("c-d", "node2", "is odd", "look at it", "warning"),
        finding("c-d", "node3", "is odd", "look at it", "warning"),
    ]
    assert TEXT(findings) == (
        "1 error and 2 warnings\n"
        "[a-b] node1: is wrong -> set it right\n"
        "[warning c-d] node2: is odd -> look at it\n"
        "[warning c-d] node3: is odd -> look at it"
    )
    assert TEXT([]) == "no findings"


def test_the_controller_looks_for_the_dag_directory(tmp_path):
    def identities(path):
        return [each["id"] for each in JUDGE_INVENTORY({}, {"ha": False, "dag_directory": str(path)})]
    assert "inventory-dags-absent" not in identities(tmp_path)
    assert "inventory-dags-absent" in identities(tmp_path / "none")


def test_the_controller_resolves_addresses_that_are_names():
    tiers = {"worker": [{"name": "a", "address": "localhost"}, {"name": "b", "address": "b" * 300}]}
    told = {each["subject"]: each["remedy"] for each in JUDGE_INVENTORY(tiers) if each["id"] == "inventory-address-unusable"}
    assert told.keys() == {"a", "b"}
    assert "127.0.0.1" not in told["a"]  # nobody else reaches it by that


def test_timing_is_judged_where_it_is_given():
    def identities(settings):
        return [each["id"] for each in JUDGE_INVENTORY({}, dict(settings, ha=False)) if each["id"].startswith("timing")]
    assert identities({}) == []
    assert identities({"timing": {"publish_patience": 1}}) == ["timing-missing", "timing-publish"]


def test_the_time_of_the_judgement_is_now_by_default():
    seen = {
        "time": 4102444800.0, "controller_time": 0.0, "distribution": {"id": "debian", "version": "13"},
        "python": "3.13", "hostname": "node1", "memory_mb": 9000, "systemd": True, "privileged": True,
        "clock_synchronised": None, "names": {}, "filesystems": {}, "listening": [], "hidden": [], "vip": None,
    }
    assert [each["id"] for each in JUDGE_HOST(seen, {"name": "node1"})] == ["host-clock-off"]
    assert JUDGE_HOST(seen, {"checked_at": 4102444800.0}) == []


def test_misspelt_options_are_errors():
    with pytest.raises(AnsibleFilterError, match="vpi"):
        JUDGE_INVENTORY({}, {"vpi": "192.0.2.10"})
    with pytest.raises(AnsibleFilterError, match="tier"):
        JUDGE_HOST({}, {"tier": []})
