# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.template import trust_as_template

from ansible_collections.steady.airflow.plugins.filter.drill_report import FilterModule
from ansible_collections.steady.airflow.tests.unit.drill_results import result

FILTERS = FilterModule().filters()


def test_the_filters_have_the_names_of_their_documentation():
    assert sorted(FILTERS) == ["drill_junit", "drill_page", "drill_verdict"]


def test_a_cluster_that_did_not_become_whole_has_not_passed():
    assert FILTERS["drill_verdict"](result())["state"] == "late"
    faults = [dict(fault, whole=None) for fault in result()["faults"]]
    told = FILTERS["drill_verdict"](result(faults=faults))
    assert told["state"] == "failed"
    assert "did not become whole" in told["sentence"]


def test_texts_with_ansibles_tags_are_escaped_as_well():
    found = result(cluster=trust_as_template("a<b>{{ 1 + 1 }}"))
    for text in (FILTERS["drill_page"](found), FILTERS["drill_junit"](found)):
        assert "Failover drill of a&lt;b&gt;{{ 1 + 1 }}" in text
