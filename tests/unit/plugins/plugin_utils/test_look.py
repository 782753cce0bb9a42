# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Until when the first look at a host is trusted."""
from __future__ import annotations

import time

import pytest

from ansible_collections.steady.airflow.plugins.plugin_utils import _look

KEPT = {"salt": "s", "files": {}, "units": {}}


def facts(age=1, **more):
    return {"ansible_facts": {"steady_host": {"kept": KEPT, "controller_time": time.time() - age}, **more}}


def test_a_look_of_this_run_is_trusted():
    assert _look.fresh(facts()) == KEPT
    assert _look.fresh(facts(steady_host_overtaken="an earlier look's")) == KEPT


@pytest.mark.parametrize("known", [
    {}, {"ansible_facts": {}}, {"ansible_facts": {"steady_host": {"controller_time": time.time()}}}, facts(age=3600),
    {"ansible_facts": {"steady_host": {"kept": KEPT, "controller_time": None}}}, facts(**_look.overtaken(KEPT)),
], ids=["no facts", "no look", "an older version's look", "an old look", "a look without a time", "changed since"])
def test_any_other_look_is_not(known):
    assert _look.fresh(known) is None
