# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import math

import drill_table
import pytest

from ansible_collections.steady.airflow.tests.unit.house_rules.files import read

RESULT = json.loads(read("tests/unit/fixtures/drill_result.json"))


def drills(tmp_path, *results):
    for number, result in enumerate(results):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "result.json").write_text(json.dumps(result))
    return sorted(tmp_path.iterdir())


def fault(seconds, goal=None, number=1):
    bound = {"redundancy": 120, **({"database": goal} if goal is not None else {})}
    return {"fault": "F03", "number": number, "title": "Power", "layer": "database", "problem": "", "bound": bound, "predicted": {},
            "recovered": {"database": seconds, "api": None}, "injected": 0.0, "healed": 45.0, "whole": 100.0}


def of(*faults):
    return dict(RESULT, faults=list(faults))


@pytest.mark.parametrize("seconds, text", [(0.0, "0"), (1.44, "1.4"), (2.0, "2"), (26.66, "27"), (math.inf, "never")])
def test_tenths_are_told_where_they_matter(seconds, text):
    assert drill_table.figure(seconds) == text


def test_the_same_fault_of_several_drills_is_one_line(tmp_path):
    found = drill_table.figures(drills(tmp_path, of(fault(20.0, 27)), of(fault(22.0, 27), fault(25.0, 27, 2))))
    assert "| F03 Power | 3 | 22 / 25 / 25 (27) |  |  |  |  | 55 (120) |" in found


def test_whether_a_host_had_the_processors_it_wanted_is_told_where_it_is_known(tmp_path):
    starved = dict(fault(25.0, number=2), machine={"waiting": 90, "stolen": 3}), dict(fault(26.0, number=3), machine={"waiting": None, "stolen": 0})
    found = drill_table.figures(drills(tmp_path, of(fault(20.0)), of(*starved)))
    assert "| Fault | Times | Processors: waited for / stolen, % | No write" in found
    assert "| F03 Power | 3 | 90 / 3 | 25 / 26 / 26 |" in found


def test_a_goal_that_was_missed_once_is_bold(tmp_path):
    assert "| **22 / 28 / 28 (27)** |" in drill_table.figures(drills(tmp_path, of(fault(16.0, 27), fault(28.0, 27, 2))))


def test_what_was_counted_is_added_up(tmp_path):
    found = drill_table.figures(drills(tmp_path, of(fault(1.0)), of(fault(1.0)))).splitlines()[-1]
    assert found.startswith(f"2 injections, {2 * RESULT['probes']['writes']:,} writes")
    assert f"{2 * RESULT['oracle']['counts']['failed_with_worker']} failed with all workers they had" in found


def test_two_sets_stand_beside_each_other(tmp_path):
    ours, theirs = drills(tmp_path, of(fault(20.0)), of(fault(44.0), dict(fault(1.0), fault="F99")))
    found = drill_table.comparison([ours], [theirs])
    assert "| F03 Power | 20 : 44 | - : - |" in found
    assert "F99" not in found


def test_the_same_faults_with_each_broker_stand_one_below_the_other(tmp_path):
    rabbitmq, redis = drills(tmp_path, of(fault(20.0), dict(fault(1.0), fault="F98")), of(fault(25.0), fault(27.0, number=2), dict(fault(1.0), fault="F99")))
    found = drill_table.brokers({"RabbitMQ": [rabbitmq], "Redis": [redis]})
    assert [line[:35] for line in found.splitlines()[2:4]] == ["| F03 with RabbitMQ | 1 | 20 |  |  ", "| F03 with Redis | 2 | 26 / 27 / 27"]
    assert "F98" not in found and "F99" not in found
    assert found.splitlines()[-1].startswith("Redis: 3 injections")


def test_what_was_predicted_stands_beside_what_was_measured(tmp_path):
    foretold = [dict(fault(seconds), predicted={"database": 25.0}) for seconds in (20.0, 24.0)]
    assert "| F03 Power | No write to the database | 25 | 22 (-12%) | 24 (-4%) |" in drill_table.predictions(drills(tmp_path, of(*foretold)))


def test_what_was_not_predicted_is_not_told(tmp_path):
    assert "F03" not in drill_table.predictions(drills(tmp_path, of(fault(20.0))))
