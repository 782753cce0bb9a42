# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pgBackRest as it answered, recorded from version 2.55.1."""
from __future__ import annotations

import json

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

LOCKED = ("ERROR: [050]: unable to acquire lock on file '/var/spool/pgbackrest/airflow-archive-1.lock': Resource temporarily unavailable\n"
          "       HINT: is another pgBackRest process running?\n")


def recording(case):
    return json.loads((ROOT / "tests/unit/fixtures/pgbackrest" / (case + ".json")).read_text())


def play(monkeypatch, answers, refusals=()):
    """Answers each command by its last word but those; the list of the words of all calls. refusals: what it says first, one after the other."""
    calls, waiting = [], list(refusals)

    def run_command(self, arguments, **options):
        words = arguments[arguments.index("pgbackrest"):]
        calls.append([word for word in words if not word.startswith("-")][1:])
        if calls[-1][0] == "stanza-create" and waiting:
            return 50, "", waiting.pop(0)
        return 0, json.dumps(answers.get(calls[-1][0])), ""

    monkeypatch.setattr(AnsibleModule, "run_command", run_command)
    return calls


def call(module, capsys, **arguments):
    with patch_module_args(arguments), pytest.raises(SystemExit):
        module.main()
    return json.loads(capsys.readouterr().out)
