# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about a role's variables, its argument specs and its dependencies."""

from __future__ import annotations

import re

from .files import LINE, at, load, plain
from .tasks import tasks, uses

DATA_ROLE = "topology"
MISSING = object()


def line_of(text, key):
    pattern = re.compile(r"\s*#?\s*%s:" % re.escape(key))
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def commented(role, defaults):
    """Variables without a default: shown as a comment that gives an example."""
    return re.findall(r"^# ?(%s_\w+):" % re.escape(role), defaults, re.MULTILINE)


def is_template(value):
    return "{{" in str(value) or "{%" in str(value)


def entry_points(specs):
    return plain(load(specs) or {}).get("argument_specs") or {}


def full_entry_point(points):
    """All variables: main; or, in a role of data that must not cost a validation everywhere, validate."""
    return "main" if "main" in points else "validate"


def specs_equal_defaults(role, defaults, specs):
    files = {"defaults": "roles/%s/defaults/main.yml" % role, "specs": "roles/%s/meta/argument_specs.yml" % role}
    values = plain(load(defaults) or {})
    points = entry_points(specs)
    options = (points.get(full_entry_point(points)) or {}).get("options") or {}
    shown = commented(role, defaults)
    found = []

    def tell(where, key, message):
        text = defaults if where == "defaults" else specs
        found.append(at(files[where], line_of(text, key), "%s %s" % (key, message)))

    for key, value in values.items():
        default = (options.get(key) or {}).get("default", MISSING)
        if key not in options:
            tell("defaults", key, "is not in the argument specs")
        elif is_template(value):
            if default is not MISSING and default != value:
                tell("specs", key, "has another default than the template in defaults")
        elif default != value or type(default) is not type(value):
            told = "none" if default is MISSING else repr(default)
            tell("specs", key, "has default %s, defaults/main.yml says %r" % (told, value))
    for key in shown:
        if key not in options and key not in values:
            tell("defaults", key, "is shown as a comment, but is not in the argument specs")
    for key, option in options.items():
        if key in values:
            continue
        if "default" in option:
            tell("specs", key, "has a default that defaults/main.yml does not have")
        elif not option.get("required") and key not in shown:
            tell("specs", key, "is neither in defaults/main.yml (live or as a comment) nor required")
    return found


def options_are_described(role, specs):
    path = "roles/%s/meta/argument_specs.yml" % role
    found = []
    for point, spec in entry_points(specs).items():
        if not spec.get("short_description"):
            found.append(at(path, line_of(specs, point), "entry point %s has no short_description" % point))
        for key, option in (spec.get("options") or {}).items():
            for field in ("type", "description"):
                if not option.get(field):
                    found.append(at(path, line_of(specs, key), "%s has no %s" % (key, field)))
    return found


def entry_points_agree(role, specs):
    path = "roles/%s/meta/argument_specs.yml" % role
    points = entry_points(specs)
    full = full_entry_point(points)
    options = (points.get(full) or {}).get("options") or {}
    found = []
    for point, spec in points.items():
        for key, option in (spec.get("options") or {}).items():
            if point == full:
                continue
            # What is optional for the whole role may be needed by one entry point.
            same = dict(option, required=None) == dict(options.get(key) or {}, required=None)
            if key not in options or not same:
                found.append(at(path, line_of(specs, key), "%s of entry point %s differs from %s" % (key, point, full)))
    return found


def is_own(role, name):
    return name.startswith((role + "_", "__" + role + "_"))


def defaults_have_prefix(role, path, text):
    return [at(path, line_of(text, key), "%s does not start with %s_" % (key, role))
            for key in plain(load(text) or {}) if not key.startswith(role + "_")]


def vars_have_prefix(role, path, text):
    return [at(path, line_of(text, key), "%s is internal, so it starts with __%s_" % (key, role))
            for key in plain(load(text) or {}) if not key.startswith("__%s_" % role)]


def names_made_by(task):
    """Variables that a task makes; those of Ansible itself are set, not made."""
    yield from [task["register"]] if "register" in task else []
    yield from (name for name in plain(task.get(uses(task, "set_fact")) or {}) if name != "cacheable")
    yield from (name for name in plain(task.get("vars") or {}) if not name.startswith("ansible_"))
    yield from [task["loop_control"]["loop_var"]] if "loop_var" in (task.get("loop_control") or {}) else []


def tasks_have_prefix(role, path, text):
    return [at(path, task[LINE], "%s does not start with __%s_" % (name, role))
            for task in tasks(text) for name in names_made_by(task) if not is_own(role, name)]


def depends_on_topology_only(role, text):
    path = "roles/%s/meta/main.yml" % role
    dependencies = (load(text) or {}).get("dependencies") or []
    names = [str(entry.get("role", "") if isinstance(entry, dict) else entry).rsplit(".", maxsplit=1)[-1]
             for entry in dependencies]
    wanted = [] if role == DATA_ROLE else [DATA_ROLE]
    if names == wanted:
        return []
    return [at(path, line_of(text, "dependencies"), "depends on %s, should be %s" % (names, wanted))]
