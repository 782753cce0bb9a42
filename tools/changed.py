# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill of the demo while its inventory says something else than usual."""

from __future__ import annotations

import json

import yaml
from demo import DEMO, OVERLAY, playbook
from stages import StageFailed

# Ansible reads these files by their names, and the last one counts: this one comes after demo.yml.
VARIABLES = OVERLAY / "group_vars/all/otherwise.yml"
DRILLS = DEMO / "drills"


def change(variables):
    def work(stages):
        VARIABLES.write_text(yaml.safe_dump(variables), encoding="utf-8")
        playbook("playbooks/site.yml")(stages)
    return work


def restore(stages):
    VARIABLES.unlink(missing_ok=True)
    playbook("playbooks/site.yml")(stages)


def drill(*faults):
    """Does these faults and returns the directory with the results. A drill that turns red ends with an error: its results are there all the same."""
    def work(stages):
        DRILLS.mkdir(parents=True, exist_ok=True)
        known = set(DRILLS.glob("*/result.json"))
        options = {"drill_faults": faults, "drill_confirm": "{{ topology_vip }}", "drill_directory": str(DRILLS)}
        try:
            playbook("playbooks/drill.yml", "-e", json.dumps(options))(stages)
        except StageFailed as error:
            if set(DRILLS.glob("*/result.json")) == known:
                raise StageFailed(f"the drill was not judged: {error}") from error
        [path] = set(DRILLS.glob("*/result.json")) - known
        return path.parent
    return work
