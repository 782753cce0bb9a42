# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring the argument specs of roles in step with their defaults: keys, order and default values.

A new option gets a type by its value and the comment above it as its description. What a spec says beside that
(choices, elements, suboptions, other entry points) is kept. Comments shown in place of a default stay without one.
"""

from __future__ import annotations

import re
import sys

import yaml
from checkout import ROOT

HEADER = "# SPDX-License-Identifier: GPL-3.0-or-later\n"
# A role of data that every other role depends on must not cost a validation each time.
FULL_ENTRY_POINT = {"topology": "validate"}
TYPES = {bool: "bool", int: "int", float: "float", dict: "dict", list: "list"}


class Dumper(yaml.SafeDumper):
    """Lists are indented, as yamllint wants it; nothing is shared by reference."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data):
        return True


def variables(role, text):
    """(name, comment above it, whether it has a default) for every variable that defaults/main.yml shows."""
    comment = []
    for line in text.splitlines():
        shown = re.match(r"(# ?)?(%s_\w+):" % re.escape(role), line)
        if shown:
            yield shown.group(2), " ".join(comment), not shown.group(1)
        elif line.startswith("#") and "SPDX" not in line:
            comment.append(line.lstrip("# ").strip())
        elif not line.strip():
            comment = []


def is_template(value):
    return "{{" in str(value)


def option(name, old, comment, value, has_default):
    new = {"type": old.get("type") or guess(name, value), "description": old.get("description") or comment}
    new.update({key: item for key, item in old.items() if key not in ("type", "description", "default")})
    if has_default and not is_template(value):
        new["default"] = value
    return new


def words(role, name):
    return name[len(role) + 1:].replace("_", " ").capitalize() + "."


def guess(name, value):
    """The type of a value; a template may give anything, but for a few habits of this collection."""
    if isinstance(value, str) and is_template(value):
        if re.search(r"tiers\['\w+'\] }}$", value):
            return "list"
        return "int" if name.endswith("_port") else "raw"
    return TYPES.get(type(value), "str")


def specs(role, defaults, old):
    values = yaml.safe_load(defaults) or {}
    entry = FULL_ENTRY_POINT.get(role, "main")
    points = dict((old or {}).get("argument_specs") or {})
    main = dict(points.get(entry) or {})
    kept = main.get("options") or {}
    options = {}
    for name, comment, has_default in variables(role, defaults):
        if name not in options:
            options[name] = option(name, kept.get(name) or {}, comment or words(role, name), values.get(name), has_default)
    for name, each in kept.items():
        if each.get("required"):
            options.setdefault(name, each)
    head = {"short_description": main.get("short_description") or "Variables of the role %s" % role}
    points[entry] = dict(head, **{key: item for key, item in main.items() if key not in ("options", *head)})
    points[entry]["options"] = options
    for name, point in points.items():
        for key, each in (point.get("options") or {}).items():
            if name != entry and key in options:
                point["options"][key] = dict(options[key], **{"required": True} if each.get("required") else {})
    return {"argument_specs": points}


def main(roles):
    for defaults in sorted(ROOT.glob("roles/*/defaults/main.yml")):
        role = defaults.parts[-3]
        if roles and role not in roles:
            continue
        target = defaults.parents[1] / "meta" / "argument_specs.yml"
        old = yaml.safe_load(target.read_text(encoding="utf-8")) if target.exists() else {}
        data = specs(role, defaults.read_text(encoding="utf-8"), old)
        text = HEADER + yaml.dump(data, Dumper=Dumper, sort_keys=False, width=130, allow_unicode=True)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
            print("wrote %s" % target.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
