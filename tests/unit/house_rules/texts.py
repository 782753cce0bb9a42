# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the text of files: licence headers, sizes, what must not be written anywhere."""

from __future__ import annotations

import fnmatch
import re

from .files import at

HEADER = "SPDX-License-Identifier: GPL-3.0-or-later"
HEADER_WITHIN = 8
# First match counts.
SIZE_LIMITS = (
    ("roles/*/tasks/main.yml", 30),
    ("roles/*/tasks/*.yml", 100),
    ("roles/*/handlers/*.yml", 100),
    ("roles/*/defaults/main.yml", 80),
    ("playbooks/*.yml", 60),
    ("molecule/*/molecule.yml", 15),
    ("*.py", 250),
)
LOOKS_INTO_INVENTORY = re.compile(r"(?<![\w.'\"])(groups|hostvars)\s*(\[|\.\w|\|)|[(,]\s*(groups|hostvars)\s*[,)]")
SLEEPS = re.compile(r"(?<![\w-])sleep\s+[\d{]")


def code(line):
    """The line without its comment; good enough for YAML and Jinja of this repository."""
    return "" if line.lstrip().startswith("#") else re.split(r"\s#\s", line)[0]


def matching_lines(path, text, pattern, message):
    return [at(path, number, message) for number, line in enumerate(text.splitlines(), 1) if pattern.search(code(line))]


def has_header(path, text):
    if any(HEADER in line for line in text.splitlines()[:HEADER_WITHIN]):
        return []
    return [at(path, 1, "says no '%s' in its first %d lines" % (HEADER, HEADER_WITHIN))]


def size_limit(path):
    return next((limit for pattern, limit in SIZE_LIMITS if fnmatch.fnmatch(path, pattern)), None)


def is_small(path, text):
    count, limit = len(text.splitlines()), size_limit(path)
    if limit is None or count <= limit:
        return []
    return [at(path, limit + 1, "has %d lines, %d are allowed: split it by subject" % (count, limit))]


def keeps_out_of_inventory(path, text):
    return matching_lines(path, text, LOOKS_INTO_INVENTORY,
                          "looks into groups or hostvars; only roles/topology and plugins do, use topology_tiers")


def does_not_sleep(path, text):
    return matching_lines(path, text, SLEEPS, "sleeps; wait for what is awaited, with a health module")
