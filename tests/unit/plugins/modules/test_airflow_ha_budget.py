# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.plugins.modules import airflow_ha_budget
from ansible_collections.steady.airflow.tests.unit.plugins.module_utils._rules.test_budget import FAST


def run(capsys, timing):
    with patch_module_args({"timing": timing}):
        with pytest.raises(SystemExit):
            airflow_ha_budget.main()
    return json.loads(capsys.readouterr().out)


def test_numbers_that_fit(capsys):
    answer = run(capsys, FAST)
    assert (answer["fits"], answer["changes"], answer["changed"]) == (True, {}, False)
    assert {"id", "holds", "may_be_equal", "smaller", "greater"} == set(answer["inequalities"][0])


def test_numbers_that_do_not(capsys):
    answer = run(capsys, dict(FAST, api_retries=6))
    assert (answer["fits"], answer["changes"]) == (False, {"api_retries": 7})
    assert [each["id"] for each in answer["inequalities"] if not each["holds"]] == ["timing-recovery-call"]


@pytest.mark.parametrize(("change", "message"), [
    ({"patroni_ttl": "20s"}, "patroni_ttl ('20s')"), ({"patroni_tll": 20}, "nothing reads patroni_tll")])
def test_numbers_that_are_none_are_told(capsys, change, message):
    assert message in run(capsys, dict(FAST, **change))["msg"]


def test_numbers_that_are_missing_are_told(capsys):
    assert "lacks patroni_ttl" in run(capsys, {key: value for key, value in FAST.items() if key != "patroni_ttl"})["msg"]
