# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import stat

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.modules import drill_judge
from ansible_collections.steady.airflow.plugins.plugin_utils import _drill_judgement
from ansible_collections.steady.airflow.tests.unit.drill_directory import ASKED, Airflow, Drill

LOGIN = {"url": "http://127.0.0.1:1", "username": "admin", "password": "secret", "patience": 0}


@pytest.fixture
def drill(monkeypatch):
    """One whose runs were over a while ago."""
    drill = Drill()
    monkeypatch.setattr(drill_judge, "session", lambda wish, seconds: Airflow(drill))
    collect = drill_judge.testimony.collect
    monkeypatch.setattr(drill_judge.testimony, "collect", lambda *given: collect(*given, lambda: ASKED, None))
    return drill


def run(capsys, directory, **options):
    with patch_module_args({"directory": str(directory), **options}):
        with pytest.raises(SystemExit):
            drill_judge.main()
    return json.loads(capsys.readouterr().out)


def files(directory):
    return {name for name in os.listdir(directory) if name in ("airflow.json", "result.json") or name.startswith(".")}


def test_check_mode_asks_nobody_and_writes_nothing(capsys, tmp_path):
    answer = run(capsys, tmp_path, _ansible_check_mode=True, **LOGIN)
    assert (answer["changed"], answer["verdict"], answer["unfinished"]) == (True, None, [])
    assert not list(tmp_path.iterdir())


def test_a_drill_is_judged(capsys, tmp_path, drill):
    answer = run(capsys, drill.write(tmp_path), **LOGIN)
    assert (answer.get("msg"), answer["changed"], answer["verdict"], answer["unfinished"]) == (None, True, "passed", [])
    assert answer["counts"]["legitimate_retry"] == 10
    assert answer["path"] == str(tmp_path / "result.json")
    result = json.loads((tmp_path / "result.json").read_text())
    assert _drill_judgement.verdict(result)["state"] == "passed"
    assert files(tmp_path) == {"airflow.json", "result.json"}
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in files(tmp_path)} == {0o600}


def test_what_airflow_says_is_collected_before_the_ledgers_and_judged_without_it(capsys, tmp_path, drill, monkeypatch):
    drill.write(tmp_path)
    (tmp_path / "collected.json").rename(tmp_path / "later.json")
    answer = run(capsys, tmp_path, judge=False, **LOGIN)
    assert (answer.get("msg"), answer["changed"], answer["verdict"], answer["counts"]) == (None, True, None, {})
    assert files(tmp_path) == {"airflow.json"}
    (tmp_path / "later.json").rename(tmp_path / "collected.json")
    monkeypatch.setattr(drill_judge, "session", None)
    assert run(capsys, tmp_path, collect=False)["verdict"] == "passed"
    again = run(capsys, tmp_path, collect=False)
    assert (again["verdict"], again["changed"]) == ("passed", False)


def test_what_was_not_finished_is_told(capsys, tmp_path, drill):
    drill.runs[0]["state"] = "running"
    listed = next(each for each in drill.instances if each["dag_run_id"] == drill.runs[0]["dag_run_id"])
    listed.update(state="running", end_date=None)
    drill.lines["node1"] = [line for line in drill.lines["node1"] if (line["ti"], line["phase"]) != (listed["id"], "commit")]
    answer = run(capsys, drill.write(tmp_path), **LOGIN)
    assert answer["unfinished"] == ["steady_drill_2_retries drill-7-00000"]
    assert (answer["verdict"], answer["counts"]["lost"]) == ("failed", 1)
    answer = run(capsys, tmp_path, collect=False, quiet=1000)
    assert (answer["verdict"], answer["counts"]["lost"]) == ("unclear", 0)


@pytest.mark.parametrize("options, told", [
    ({"collect": False}, "The drill could not be judged: %s/plan.json cannot be read: No such file or directory"),
    (LOGIN, "The drill could not be judged: %s/plan.json cannot be read: No such file or directory"),
    ({"url": "http://127.0.0.1:1"}, "collect is True but all of the following are missing: username, password"),
])
def test_what_is_missing_is_named(capsys, tmp_path, options, told):
    answer = run(capsys, tmp_path, **options)
    assert answer["failed"]
    assert answer["msg"] == (told % tmp_path if "%s" in told else told)


def test_without_airflow_nothing_is_judged(capsys, tmp_path):
    answer = run(capsys, Drill().write(tmp_path), **LOGIN)
    assert answer["failed"]
    assert answer["msg"] == "The drill could not be judged: no answer from http://127.0.0.1:1/auth/token: Connection refused"
    assert files(tmp_path) == set()


def test_what_airflow_said_must_be_there_to_judge_again(capsys, tmp_path):
    assert "airflow.json cannot be read" in run(capsys, Drill().write(tmp_path), collect=False)["msg"]
