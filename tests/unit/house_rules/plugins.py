# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about plugins and playbooks."""

from __future__ import annotations

import re

from .files import LINE, at, load, plain

BLOCKS = ("DOCUMENTATION", "EXAMPLES", "RETURN")
# Tiers whose roles are still to be written.
NO_GROUPS = {"localhost", "all"}


def is_documented(path, text):
    return [at(path, 1, "has no %s" % block) for block in BLOCKS if not re.search(r"^%s = r?\"" % block, text, re.MULTILINE)]


def supports_check_mode(path, text):
    if re.search(r"supports_check_mode\s*=\s*True", text):
        return []
    return [at(path, 1, "does not say supports_check_mode=True")]


def unit_test_of(path):
    folder, name = path.rsplit("/", maxsplit=1)
    return "tests/unit/%s/test_%s" % (folder, name)


def has_unit_test(path, tests):
    wanted = unit_test_of(path)
    return [] if wanted in tests else [at(path, 1, "has no unit test %s" % wanted)]


def groups_of_play(play):
    """The groups a hosts: line names; templates are the reader's to judge."""
    hosts = play.get("hosts") or []
    parts = hosts if isinstance(hosts, list) else re.split(r"[:,]", "" if "{{" in hosts else hosts)
    return [part.strip().lstrip("!&") for part in parts if part.strip()]


def plays(text):
    return [entry for entry in load(text) or [] if "hosts" in entry]


def hosts_are_groups(path, text, groups):
    return [at(path, play[LINE], "hosts: names %s, which topology_groups does not have" % group)
            for play in plays(text) for group in groups_of_play(play)
            if group not in set(groups.values()) | NO_GROUPS]


def groups_are_deployed(texts, groups):
    """Every group of topology_groups is served by some play."""
    used = {group for text in texts for play in plays(text) for group in groups_of_play(play)}
    return [at("roles/topology/defaults/main.yml", 1, "no play names the group %s" % group)
            for tier, group in groups.items() if group not in used]


def topology_groups(text):
    return plain(load(text))["topology_groups"]
