# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/variables.md says what the argument specs say."""

from __future__ import annotations

import subprocess
import sys

from ansible_collections.steady.airflow.tests.unit.house_rules.files import ROOT

SPECS = """
argument_specs:
  main:
    short_description: An example
    options:
      demo_port: {type: int, default: 80, description: [A port., "Or a | bar."]}
      demo_members: {type: list, elements: dict, description: Members., options: {name: {required: true, description: N.}}}
      demo_secret: {type: str, required: true, description: Said by nobody.}
      demo_mode: {choices: [a, b], description: How., default: a}
      demo_path: {type: path, description: "Where, C(a) or C(f(x))."}
      demo_table: {type: dict, description: Much., default: {one: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}}
  again:
    short_description: Once more
"""
EXPECTED = r"""
## demo

An example

| Variable | Type | Default | Meaning |
|---|---|---|---|
| `demo_port` | int | `80` | A port. Or a \| bar. |
| `demo_members` | list of dict | `{{ x }}` | Members. |
| `demo_members.name` | str | **required** | N. |
| `demo_secret` | str | **required** | Said by nobody. |
| `demo_mode` | str: `a`, `b` | `a` | How. |
| `demo_path` | path |  | Where, `a` or `f(x)`. |
| `demo_table` | dict | [see there](../roles/demo/defaults/main.yml) | Much. |

Entry points beside `main`:

- `again`: Once more
"""


def docs(*arguments):
    return subprocess.run([sys.executable, str(ROOT / "tools/variables.py"), *arguments], capture_output=True, text=True, check=False)


def test_the_table_of_variables_is_up_to_date():
    answer = docs("--check")
    assert answer.returncode == 0, answer.stderr


def test_a_role_becomes_a_table(tmp_path):
    role = tmp_path / "roles/demo"
    (role / "meta").mkdir(parents=True)
    (role / "defaults").mkdir()
    (role / "meta/argument_specs.yml").write_text(SPECS)
    (role / "defaults/main.yml").write_text("demo_members: '{{ x }}'\n")
    assert docs("--check", "--root", str(tmp_path)).returncode == 1
    assert docs("--root", str(tmp_path)).returncode == 0
    assert (tmp_path / "docs/variables.md").read_text().endswith(EXPECTED)
    assert docs("--check", "--root", str(tmp_path)).returncode == 0
