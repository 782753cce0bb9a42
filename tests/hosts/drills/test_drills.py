# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill refuses what it cannot do before it harms anybody, and leaves nothing behind when its controller dies."""

from __future__ import annotations

import os
import signal

import pytest

from playbooks import begun

NOBODY = {"title": "Nobody has this role", "layer": "network", "target": "standbys+vip_holder+postgresql_leader", "kind": "cut", "duration": 30, "bounds": {}}


@pytest.mark.parametrize("wish, reason", [
    ({"drill_faults": ["F99"]}, "no fault and no layer is called F99"),
    ({"drill_own_faults": {"F99": {"title": "half a fault"}}}, "F99 lacks layer"),
    ({"drill_faults": ["X1"], "drill_own_faults": {"X1": NOBODY}}, "X1 cannot be made now"),
    ({"drill_confirm": "another"}, "drill_confirm is another"),
    ({"drill_confirm": ""}, "drill_confirm is empty"),
    ({"drill_faults": ["F35"], "drill_power": {}}, "say by drill_power how that is done"),
    ({"drill_directory": "/proc/drills"}, "/proc/drills"),
])
def test_what_cannot_be_done_is_refused_and_nobody_harmed(playbook, words, left_alone, wish, reason):
    status, text = playbook("drill", *words(**wish))
    assert status != 0
    assert reason in " ".join(text.split())
    assert "Error while resolving value" not in text
    left_alone()


def test_a_cluster_that_is_not_whole_is_not_harmed_further(playbook, words, left_alone, nodes):
    name, node = next(iter(nodes.items()))
    node.check_output("systemctl stop airflow-triggerer")
    try:
        status, text = playbook("drill", *words())
        assert status != 0
        told = " ".join(text.split())
        assert "The cluster is not whole, so no fault is injected" in told
        assert f"{name}: airflow-triggerer.service is inactive" in told
        left_alone()
    finally:
        node.check_output("systemctl start airflow-triggerer")


@pytest.mark.parametrize("phase", ["begin | Load", "fault | Watch until it is over", "judge | The last runs end", "clean | Airflow forgets the DAGs"])
def test_after_the_controller_died_nothing_is_left_when_it_is_healed(inventory, playbook, words, left_alone, example, eventually, phase):
    with begun(inventory, "drill", *words()) as drill:
        for line in drill.stdout:
            if phase in line:
                break
        os.killpg(drill.pid, signal.SIGKILL)
    status, text = playbook("drill_heal", *words())
    assert status == 0, text
    eventually(lambda: left_alone() or True)
    assert example()[0] == "success"
