# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import drill_table
import measured

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT, read

RESULT = json.loads(read("tests/unit/fixtures/drill_result.json"))


def drill(tmp_path, name):
    directory = tmp_path / name
    directory.mkdir()
    (directory / "result.json").write_text(json.dumps(RESULT))
    return directory


def test_the_page_is_up_to_date():
    assert measured.page(ROOT) == read(measured.PAGE), "run tools/measured.py"


def test_a_kept_result_is_the_same_result(tmp_path):
    measured.keep(tmp_path, drill(tmp_path, "20261126T153742Z"), "fast")
    assert drill_table.read([tmp_path / "docs/drills/fast/20261126T153742Z.json"]) == [RESULT]


def test_a_drill_with_other_timing_is_put_beside(tmp_path):
    measured.keep(tmp_path, drill(tmp_path, "ours"), "fast")
    assert "Beside" not in measured.page(tmp_path)
    measured.keep(tmp_path, drill(tmp_path, "theirs"), "vanilla")
    assert drill_table.comparison([tmp_path / "ours"], [tmp_path / "theirs"]) in measured.page(tmp_path)


def test_the_other_broker_is_put_beside(tmp_path):
    measured.keep(tmp_path, drill(tmp_path, "rabbitmq"), "fast")
    assert "Either broker" not in measured.page(tmp_path)
    measured.keep(tmp_path, drill(tmp_path, "redis"), "redis")
    assert drill_table.brokers({"RabbitMQ": [tmp_path / "rabbitmq"], "Redis": [tmp_path / "redis"]}) in measured.page(tmp_path)
