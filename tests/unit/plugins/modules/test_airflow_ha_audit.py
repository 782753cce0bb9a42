# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin airflow_ha_audit: what its user gives, and what is answered."""
from __future__ import annotations

import json

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.steady.airflow.plugins.action import airflow_ha_audit
from ansible_collections.steady.airflow.plugins.module_utils._audit.services import KINDS
from ansible_collections.steady.airflow.plugins.modules import airflow_ha_audit as documented

CFG = "[core]\nexecutor = SequentialExecutor\n"


@pytest.fixture(name="run")
def runner(monkeypatch, tmp_path):
    """Runs the plugin in a directory with an airflow.cfg."""
    class Task:
        args = {}
        check_mode = False

    class Loader:
        @staticmethod
        def get_basedir():
            return str(tmp_path)

    def run(**args):
        plugin = object.__new__(airflow_ha_audit.ActionModule)
        plugin._task, plugin._loader = Task(), Loader()
        plugin._task.args = args
        monkeypatch.setattr(airflow_ha_audit.ActionBase, "run", lambda *_arguments: {})
        return plugin.run(None, {})

    (tmp_path / "airflow.cfg").write_text(CFG)
    return run


def test_what_is_found_is_told_for_programs_and_for_people(run):
    told = run(config=["airflow.cfg"], version="2.10.5")
    assert "airflow-executor-sequential" in {each["id"] for each in told["findings"]}
    assert any("[airflow-executor-sequential]" in line for line in told["report"])
    assert (told["changed"], told["failed"]) == (False, False)
    assert told["msg"] == told["report"][0]


def test_it_fails_where_that_is_asked_for(run):
    told = run(config=["airflow.cfg"], version="2.10.5", fail_on="error")
    assert told["failed"] and "airflow-executor-sequential" in told["msg"]


def test_a_word_stands_for_a_list_of_one(run, tmp_path):
    (tmp_path / "worker.env").write_text("AIRFLOW__CORE__PARALLELISM=8\n")
    told = run(config=["airflow.cfg"], version="2.10.5", components={"worker": "worker.env"}, hosts={"a": "scheduler"})
    assert "cluster-one-scheduler" in {each["id"] for each in told["findings"]}


def test_a_file_of_compose_tells_components_hosts_and_version(run, tmp_path):
    service = "{image: 'apache/airflow:2.10.5', command: scheduler, environment: {AIRFLOW__CORE__EXECUTOR: CeleryExecutor}}"
    (tmp_path / "c.yaml").write_text("services: {a: %s}" % service)
    told = {each["id"]: each["member"] for each in run(compose="c.yaml")["findings"]}
    assert told["cluster-one-scheduler"] == told["airflow-broker-default"] == "c.yaml"
    assert "cluster-no-worker" in told


def test_who_says_nothing_of_the_configuration_hears_nothing_of_it(run):
    told = run(hosts={"a": ["scheduler", "postgresql"]}, version="3.3.2")
    assert {each["id"] for each in told["findings"]} == {"cluster-one-scheduler", "cluster-one-database", "cluster-no-triggerer"}


HOST = {"hostname": "a", "privileged": True, "time": 0.0, "controller_time": 0.0, "clock_synchronised": None, "airflow": [], "texts": {}, "certificates": [],
        "containers": [], "postgresql": None, "etcd": None, "rabbitmq": None,
        "services": [{"kind": "scheduler", "unit": "s.service", "settings": {}, "queues": [], "container": ""}]}


def test_what_was_seen_of_hosts_is_judged_and_kept(run, tmp_path):
    told = run(seen={"a": {"audit": HOST}}, losses=[{"kind": "host", "name": "a", "effects": ["no scheduler is left"]}], name="ours",
               directory="out/here", fail_on="error")
    assert told["failing"] == ["cluster-one-scheduler"]
    assert told["report"][-1] == "host a        no scheduler is left"
    kept = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out/here").iterdir()}
    assert kept.keys() == {"audit.json", "audit.sarif", "audit.xml", "audit.html"}
    assert json.loads(kept["audit.json"])["findings"] == told["findings"]
    assert "Audit of ours" in kept["audit.html"]


def test_a_directory_that_cannot_be_written_is_told(run):
    with pytest.raises(AnsibleActionFail, match="directory: .*airflow.cfg.* cannot be written: "):
        run(config=["airflow.cfg"], directory="airflow.cfg/x")


def test_of_several_files_each_is_judged(run, tmp_path):
    (tmp_path / "other.cfg").write_text("[core]\nexecutor = LocalExecutor\n")
    told = run(config=["airflow.cfg", "other.cfg"], version="2.10.5")
    found = {(each["id"], each["member"]) for each in told["findings"]}
    assert {("airflow-executor-sequential", "airflow.cfg"), ("airflow-executor-local", "other.cfg")} <= found


@pytest.mark.parametrize("given, reason", [
    ({}, "nothing is named"), ({"config": ["none.cfg"]}, "none.cfg cannot be read"), ({"hosts": {"a": ["redis2"]}}, "redis2 is none of"),
    ({"config": ["airflow.cfg"], "mutes": [{"id": "x"}]}, "x has no reason"),
])
def test_bad_input_is_told(run, given, reason):
    with pytest.raises(AnsibleActionFail, match=reason):
        run(**given)


def test_its_documentation_names_its_options_and_words():
    options = yaml.safe_load(documented.DOCUMENTATION)["options"]
    assert options.keys() == airflow_ha_audit.OPTIONS.keys()
    assert {name: option.get("default") for name, option in options.items()} == {
        name: option.get("default") for name, option in airflow_ha_audit.OPTIONS.items()}
    assert all("V(%s)" % kind in " ".join(options["hosts"]["description"]) for kind in KINDS)
