# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os

import pytest

from ansible_collections.steady.airflow.plugins.module_utils._drill import raw
from ansible_collections.steady.airflow.plugins.module_utils._errors import BadOption
from ansible_collections.steady.airflow.tests.unit.drill_directory import CLOCKS, FAULT, LOAD, PLAN, Drill


@pytest.fixture
def directory(tmp_path):
    return Drill().write(tmp_path)


def test_all_of_it_is_read(directory):
    os.utime(directory / "collected.json", (1.0, 2.0))
    found = raw.read(str(directory))
    assert found["plan"]["catalogue"]["F24"]["duration"] == 0
    assert [fault["fault"] for fault in found["faults"]] == ["F29"]
    assert sorted(found["texts"]) == ["node1", "node2", "node3"]
    assert (found["missing"], found["collected_at"], found["self_test"]) == ([], 2.0, {"done": None, "red": []})
    assert len(found["runs"]) == len(found["entries"]["run"]) == 182
    assert found["collected"]["load"] == LOAD


def test_faults_are_read_in_the_order_of_their_names(directory):
    (directory / "faults/0010.json").write_text(json.dumps(dict(FAULT, number=10)))
    (directory / "faults/0002.json").write_text(json.dumps(dict(FAULT, number=2)))
    (directory / "faults/.0003.json.tmp").write_text("{")
    assert [fault["number"] for fault in raw.read(str(directory))["faults"]] == [1, 2, 10]


def test_a_drill_without_faults_is_read(directory):
    (directory / "faults/0001.json").unlink()
    (directory / "faults").rmdir()
    assert raw.read(str(directory))["faults"] == []


def test_a_ledger_is_read_as_it_is_even_when_it_was_torn(directory):
    (directory / "ledgers/node1").write_bytes(b'\n{"t"\r\n\x00\xff\n')
    assert raw.read(str(directory))["texts"]["node1"] == '\n{"t"\r\n\x00\ufffd\n'


def test_a_node_without_a_ledger_is_missing(directory):
    (directory / "ledgers/node2").unlink()
    (directory / "collected.json").write_text(json.dumps({"clocks": CLOCKS, "missing": ["node9"], "load": LOAD}))
    assert raw.read(str(directory))["missing"] == ["node2", "node9"]


def test_a_self_test_is_read(directory):
    (directory / "self_test.json").write_text('{"done": 5.0, "red": []}')
    assert raw.read(str(directory))["self_test"] == {"done": 5.0, "red": []}


@pytest.mark.parametrize("name, content, told", [
    ("plan.json", None, "plan.json cannot be read: No such file or directory"),
    ("collected.json", None, "collected.json cannot be read: No such file"),
    ("load.jsonl", None, "load.jsonl cannot be read: No such file"),
    ("plan.json", "{", "plan.json is no JSON: "),
    ("plan.json", "[]", "plan.json is no JSON object"),
    ("plan.json", json.dumps(dict(PLAN, catalogue={"F1": {"title": "x"}})), "plan.json: F1 in the catalogue lacks layer, kind"),
    ("collected.json", json.dumps({"clocks": {}, "missing": [], "load": {"lost": []}}), "collected.json: load lacks acknowledged, stopped"),
    ("faults/0001.json", "{}", "faults/0001.json lacks fault, number, parts, begun"),
    ("faults/0001.json", json.dumps(dict(FAULT, parts=[{"fault": "F99", "hosts": []}])), "faults/0001.json names the fault F99, which the catalogue"),
    ("faults/0001.json", json.dumps(dict(FAULT, parts=[])), "faults/0001.json names the fault '', which"),
    ("self_test.json", "{}", "self_test.json lacks done, red"),
    ("load.jsonl", '{"what": "dance", "at": 1}', "load.jsonl has an entry that drill_load does not write: 'dance'"),
    ("load.jsonl", '{"what": "run", "at": 1}', "load.jsonl has an entry that drill_load does not write"),
    ("load.jsonl", "[]", "load.jsonl has an entry that drill_load does not write"),
    ("load.jsonl", b"\xff", "load.jsonl is no text in UTF-8"),
])
def test_what_is_missing_or_broken_is_named(directory, name, content, told):
    path = directory / name
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadOption, match=told):
        raw.read(str(directory))


def test_what_airflow_said_is_read(directory):
    with pytest.raises(BadOption, match="airflow.json cannot be read"):
        raw.airflow(str(directory))
    (directory / "airflow.json").write_text('{"asked": 1.0}')
    with pytest.raises(BadOption, match="airflow.json lacks api_port, unfinished, runs, instances"):
        raw.airflow(str(directory))
