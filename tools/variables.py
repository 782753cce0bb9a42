# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/variables.md from the argument specs of all roles; with --check only tell whether it is up to date."""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import sys

import yaml
from checkout import ROOT

TARGET = "docs/variables.md"
LONGEST_DEFAULT = 60
HEADING = """<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Made by tools/docs from roles/*/meta/argument_specs.yml: change those, then run it. -->
# Variables

A default in double braces follows from other variables. What has no default is left unset unless it is required.
"""


def cell(text):
    """One line of Markdown; ansible-doc's C(code) becomes `code`, also around parentheses of its own."""
    line = re.sub(r"\bC\(((?:[^()]|\([^()]*\))*)\)", r"`\1`", " ".join(str(text).split()))
    return line.replace("|", "\\|")


def as_paragraph(description):
    return " ".join(description) if isinstance(description, list) else description or ""


def kind(option):
    name = option.get("type", "str")
    if name == "list" and option.get("elements"):
        name += " of " + option["elements"]
    if option.get("choices"):
        name += ": " + ", ".join("`%s`" % choice for choice in option["choices"])
    return name


def default(role, name, option, defaults):
    if option.get("required"):
        return "**required**"
    value = option.get("default", defaults.get(name))
    if value is None:
        return ""
    text = value if isinstance(value, str) and value else json.dumps(value)
    if len(text) > LONGEST_DEFAULT:
        return "[see there](../roles/%s/defaults/main.yml)" % role
    return "`%s`" % text


def rows(role, options, defaults, prefix=""):
    for name, option in options.items():
        fields = ("`%s`" % (prefix + name), kind(option), default(role, prefix + name, option, defaults),
                  as_paragraph(option.get("description")))
        yield "| %s |" % " | ".join(cell(field) for field in fields)
        yield from rows(role, option.get("options") or {}, {}, prefix + name + ".")


def section(role, specs, defaults):
    """What one role takes: a table of all variables, and the entry points beside the usual one."""
    main = "main" if "main" in specs else next(iter(specs))
    lines = ["", "## %s" % role, "", as_paragraph(specs[main].get("description") or specs[main]["short_description"]), ""]
    table = list(rows(role, specs[main].get("options") or {}, defaults))
    if table:
        lines += ["| Variable | Type | Default | Meaning |", "|---|---|---|---|"] + table
    others = [name for name in specs if name != "main"]
    if others:
        lines += ["", "Entry points beside `main`:", ""]
        lines += ["- `%s`: %s" % (name, specs[name]["short_description"]) for name in others]
    return lines


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.exists() else {}


def render(root):
    lines = HEADING.rstrip().splitlines()
    for path in sorted(root.glob("roles/*/meta/argument_specs.yml")):
        role = path.parts[-3]
        specs = load(path)["argument_specs"]
        lines += section(role, specs, load(root / "roles" / role / "defaults" / "main.yml"))
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is out of date")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT, help="the checkout")
    options = parser.parse_args()
    target, text = options.root / TARGET, render(options.root)
    current = target.read_text(encoding="utf-8") if target.exists() else ""
    if current == text:
        return 0
    if options.check:
        print("%s is out of date: run tools/docs" % TARGET, file=sys.stderr)
        return 1
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print("wrote %s" % TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
