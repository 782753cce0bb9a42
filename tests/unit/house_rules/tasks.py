# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about tasks, wherever they stand."""

from __future__ import annotations

import pathlib
import re

from .files import LINE, at, load

BLOCKS = ("block", "rescue", "always")
SECTIONS = ("tasks", "pre_tasks", "post_tasks", "handlers")
HIDDEN_BY_MODULES = re.compile(r"(^|_)password$|^secret_")
ROLE_CALLS = ("include_role", "import_role")


def short(key):
    """The last part of a name: ansible.builtin.command is command."""
    return str(key).rsplit(".", maxsplit=1)[-1]


def flatten(entries):
    for task in entries or []:
        yield task
        for section in BLOCKS:
            yield from flatten(task.get(section))


def tasks(text):
    """Every task of a task file or of a playbook, also those in blocks."""
    entries = load(text)
    entries = entries if isinstance(entries, list) else []
    for entry in entries:
        if "hosts" not in entry:
            yield from flatten([entry])
        for section in SECTIONS:
            yield from flatten(entry.get(section))


def uses(task, *names):
    """The key by which the task calls one of the modules, or None."""
    builtin = [key for key in task if str(key) in names or re.match(r"ansible\.(builtin|legacy)\.", str(key))]
    return next((key for key in builtin if short(key) in names), None)


def has_name(task):
    return task.get("name") or "without a name"


def told(path, text, condition, message):
    return [at(path, task[LINE], "task '%s' %s" % (has_name(task), message)) for task in tasks(text) if condition(task)]


def ignores_no_errors(path, text):
    return told(path, text, lambda task: "ignore_errors" in task, "ignores errors; use failed_when, or block and rescue")


def calls_no_shell(path, text):
    return told(path, text, lambda task: uses(task, "shell", "raw"), "calls a shell; use a module, or command")


def does_not_pause(path, text):
    def pauses(task):
        wait = task.get(uses(task, "wait_for"))
        idle = isinstance(wait, dict) and not {"port", "path"} & set(wait)
        return uses(task, "pause") or idle
    return told(path, text, pauses, "pauses; wait for what is awaited, with a health module")


def commands_have_reasons(path, text):
    lines = text.splitlines()

    def lacks_reason(task):
        key = uses(task, "command")
        if not key:
            return False
        start = task[LINE] - 1
        own = next(number for number in range(start, len(lines)) if re.match(r"[\s-]*%s:" % re.escape(key), lines[number]))
        above = [lines[number].strip() for number in (own - 1, start - 1) if number >= 0]
        return not (re.search(r"\s# \w", lines[own]) or any(line.startswith("# ") for line in above))
    return told(path, text, lacks_reason, "runs a command without a comment beside it that says why no module does")


def commands_tell_changes(path, text):
    def is_silent(task):
        key = uses(task, "command")
        options = dict(task.get("args") or {})
        if key and isinstance(task[key], dict):
            options.update(task[key])
        return key and "changed_when" not in task and not {"creates", "removes"} & set(options)
    return told(path, text, is_silent, "runs a command without changed_when or creates")


def controller_keeps_its_rights(path, text):
    """Who runs Ansible may have no sudo there, and an inventory's ansible_become counts more than a keyword."""
    def asks(task):
        return task.get("delegate_to") == "localhost" and (task.get("vars") or {}).get("ansible_become") is not False
    return told(path, text, asks, "may ask for rights on the controller; say ansible_become: false in its vars")


def names_tell_the_file(path, text):
    """In sub-files of a role, so that a log shows where a task stands."""
    prefix = pathlib.PurePath(path).stem + " | "
    if prefix == "main | ":
        return []

    def is_bare(task):
        return not str(task.get("name", "")).startswith(prefix) and not ("block" in task and "name" not in task)
    return told(path, text, is_bare, "does not start with '%s'" % prefix)


def calls_no_other_role(path, text):
    """Order lives in playbooks: no role runs another but topology."""
    def calls(task):
        key = uses(task, *ROLE_CALLS)
        return key and short((task[key] or {}).get("name", "")) != "topology"
    reach = [at(path, number, "reaches into another role's files")
             for number, line in enumerate(text.splitlines(), 1) if re.search(r"(import|include)_tasks:.*\.\./\.\./", line)]
    return told(path, text, calls, "runs another role; put the order into a playbook") + reach


def shown(value):
    """What a log could show of a task: all but options that modules hide by themselves."""
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items() if not HIDDEN_BY_MODULES.search(str(key))}
    return [shown(item) for item in value] if isinstance(value, list) else value


def secrets_are_not_logged(path, text, secrets):
    """A task that hands a secret to anything but a hidden option says no_log itself."""
    used = re.compile(r"\b(%s)\b" % "|".join(map(re.escape, secrets)))

    def tells(task):
        body = {key: value for key, value in task.items() if key not in BLOCKS}
        return "no_log" not in task and used.search(str(shown(body)))
    return told(path, text, tells, "uses a secret without no_log") if secrets else []
