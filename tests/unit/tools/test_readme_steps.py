# SPDX-License-Identifier: GPL-3.0-or-later
"""What the README says of real hosts can be done as it stands; make build does it."""

from __future__ import annotations

import pathlib

import pytest
import readme_steps as steps

from ansible_collections.steady.airflow.tests.unit.house_rules.files import read


def test_each_step_has_its_commands_and_files():
    found = list(steps.blocks(read("README.md")))
    assert [kind for kind, _content, _before in found] == ["sh", "yaml", "sh", "yaml", "sh"]
    assert [steps.FILE.findall(before)[-1] for kind, _content, before in found if kind == "yaml"] == ["my/hosts.yml", "my/group_vars/all/airflow.yml"]
    assert all(not line.startswith(" ") for line in found[0][1].splitlines())


def test_a_step_ends_where_the_next_one_begins(tmp_path):
    assert steps.run("mkdir there; cd there", tmp_path, tmp_path) == tmp_path / "there"


def test_a_step_that_fails_is_told(tmp_path):
    with pytest.raises(SystemExit, match="failed with code 3:\nexit 3"):
        steps.run("exit 3", tmp_path, tmp_path)


def test_passwords_are_typed(tmp_path):
    steps.run("read first; read second; test \"$first\" = \"$second\"; test -n \"$first\"", tmp_path, pathlib.Path("/"))
