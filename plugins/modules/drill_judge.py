#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drill_judge
short_description: Judge a failover drill by what its hosts, its driver and Airflow wrote down
version_added: 0.1.0
author: The steady.airflow authors (@steady-airflow)
description:
  - Runs on the controller, on the directory of a drill's raw results.
  - With O(collect), waits until Airflow has finished all runs of the drill, pauses the drill's DAGs, and keeps in C(airflow.json)
    what Airflow says of these runs and of each try of their tasks.
  - With O(judge), compares that with the ledgers and the driver's record, and writes C(result.json), which the filters
    P(steady.airflow.drill_page#filter) and P(steady.airflow.drill_junit#filter) take.
  - Ledgers that were collected while tasks still ran lack what these wrote, and are refused. So collect first what Airflow says,
    then the ledgers, and judge last. From then on the directory can be judged again without the cluster.
extends_documentation_fragment: steady.airflow.airflow_api
attributes:
  check_mode:
    description: Can run in check mode and return without doing anything.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing), when in diff mode.
    support: none
options:
  directory:
    description: Directory of the raw results.
    type: path
    required: true
  collect:
    description: Ask Airflow, for which O(url), O(username) and O(password) are needed. Otherwise C(airflow.json) tells what it said before.
    type: bool
    default: true
  judge:
    description: Judge. Otherwise nothing but C(plan.json) has to be there.
    type: bool
    default: true
  url:
    required: false
  username:
    required: false
  password:
    required: false
  patience:
    description: Seconds to wait at most until all runs are finished. What is not finished then is judged as it is.
    type: int
    default: 900
  quiet:
    description:
      - Seconds after the last fault and the last trigger that a run may need to be finished. If Airflow was asked sooner, what was
        not finished is not judged. With V(0) it is judged always.
    type: float
    default: 0
"""

EXAMPLES = r"""
- name: Wait until Airflow has finished the drill's runs, and keep what it says
  steady.airflow.drill_judge:
    directory: /tmp/drill
    judge: false
    url: https://192.0.2.10:8080
    username: admin
    password: "{{ airflow_admin_password }}"
    ca_path: /tmp/drill/ca.crt
  delegate_to: localhost
  run_once: true

- name: Judge the drill, after the ledgers were collected, or again
  steady.airflow.drill_judge:
    directory: /tmp/drill
    collect: false
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
path:
  description: The file with the result.
  type: str
  returned: success
  sample: /tmp/drill/result.json
verdict:
  description: Of the oracle, C(passed), C(failed) or C(unclear); null without O(judge). Goals that were missed are no part of it.
  type: str
  returned: success
  sample: passed
counts:
  description: How many of each class the oracle found; empty without O(judge).
  type: dict
  returned: success
  sample: {lost: 0, legitimate_retry: 14}
unfinished:
  description: DAG and run of all runs that were not finished, or not even there, when Airflow was asked.
  type: list
  elements: str
  returned: success
  sample: []
"""

import json
import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.steady.airflow.plugins.module_utils import _files
from ansible_collections.steady.airflow.plugins.module_utils._drill import outcome, raw, testimony
from ansible_collections.steady.airflow.plugins.module_utils._drill.session import ARGUMENTS, session
from ansible_collections.steady.airflow.plugins.module_utils._errors import SteadyError

ANSWER_SECONDS = 30


def write(module, name, content):
    """Whether the file is another one now."""
    path = os.path.join(module.params["directory"], name)
    return bool(_files.apply(module, {"path": path, "state": "file", "mode": "0600", "content": json.dumps(content, indent=1) + "\n"}))


def act(module):
    """What the module returns. What is missing for the judgement is told before Airflow is waited for."""
    wish, directory = module.params, module.params["directory"]
    changed, read = False, raw.read(directory) if wish["judge"] else {"plan": raw.plan(directory)}
    if wish["collect"]:
        said = testimony.collect(session(wish, ANSWER_SECONDS), read["plan"], wish["patience"])
        changed = write(module, raw.AIRFLOW, said)
    else:
        said = raw.airflow(directory)
    verdict, counts = None, {}
    if wish["judge"]:
        found = outcome.result(read, said, wish["quiet"])
        changed = write(module, raw.RESULT, found) or changed
        verdict, counts = found["oracle"]["verdict"], found["oracle"]["counts"]
    return {"changed": changed, "verdict": verdict, "counts": counts, "unfinished": said["unfinished"]}


def main():
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "collect": {"type": "bool", "default": True},
            "judge": {"type": "bool", "default": True},
            **{name: dict(told, required=False) for name, told in ARGUMENTS.items()},
            "patience": {"type": "int", "default": 900},
            "quiet": {"type": "float", "default": 0},
        },
        required_if=[("collect", True, ["url", "username", "password"])],
        supports_check_mode=True,
    )
    path = os.path.join(module.params["directory"], raw.RESULT)
    if module.check_mode:
        module.exit_json(changed=True, path=path, verdict=None, counts={}, unfinished=[])
    try:
        answer = act(module)
    except (SteadyError, OSError, _files.Unwritable) as error:
        module.fail_json(msg="The drill could not be judged: %s" % error)
    module.exit_json(path=path, **answer)


if __name__ == "__main__":
    main()
