# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest
import vanilla
import yaml
from stages import StageFailed

from ansible_collections.steady.airflow.plugins.module_utils._drill import campaign
from ansible_collections.steady.airflow.plugins.module_utils._rules import timing
from ansible_collections.steady.airflow.tests.unit.house_rules.files import read

PROFILE = yaml.safe_load(read("tests/vanilla.yml"))
CATALOGUE = yaml.safe_load(read("roles/drill/vars/catalogue.yml"))["__drill_shipped_faults"]
FAST = yaml.safe_load(read("roles/topology/defaults/main.yml"))["topology_timing_fast"]


class Run:
    """Stands for Stages."""

    def __init__(self, broken=None):
        self.titles, self.broken = [], broken

    def run(self, title, work):
        self.titles.append(title)
        if title == self.broken:
            raise StageFailed(title)
        return len(self.titles)


def test_it_has_another_number_for_all_of_the_profile_that_it_names_and_they_do_not_fit_together():
    changes = PROFILE["variables"]["topology_timing_changes"]
    assert set(changes) == set(FAST)
    found = {finding["id"] for finding in timing.timing_fits({}, {"timing": dict(FAST, **changes)})}
    assert found and found <= set(PROFILE["variables"]["preflight_ignore"])


def test_its_faults_are_in_the_catalogue():
    assert len(campaign.plan(CATALOGUE, {"faults": PROFILE["faults"], "repeat": 1, "random": 0, "seed": 1})) == len(PROFILE["faults"])


def test_the_drill_is_told_and_the_cluster_made_good_again():
    run = Run()
    assert vanilla.measure(run, {}, ["F03"]) == 2
    assert run.titles[-1] == "The cluster as it was"


@pytest.mark.parametrize("broken", ["The defaults of all parts", "Drill"])
def test_the_cluster_is_made_good_again_whatever_breaks(broken):
    run = Run(broken)
    with pytest.raises(StageFailed, match=re.escape(broken)):
        vanilla.measure(run, {}, ["F03"])
    assert run.titles[-1] == "The cluster as it was"
