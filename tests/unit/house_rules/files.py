# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the repository, and YAML that knows its lines."""

from __future__ import annotations

import pathlib

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Not ours to judge: what tools make, and the link through which the collection finds itself.
SKIPPED = {"collections", "build", "output", "__pycache__", "node_modules"}
HIDDEN_BUT_OURS = {".config", ".ci"}
LINE = "__line__"


class Lines(yaml.SafeLoader):
    """Every mapping knows the line it starts on; tags such as !vault are values like any other."""


def mapping_with_line(loader, node):
    mapping = loader.construct_mapping(node, deep=True)
    mapping[LINE] = node.start_mark.line + 1
    return mapping


Lines.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping_with_line)
Lines.add_multi_constructor("!", lambda loader, suffix, node: str(node.value))


def load(text):
    return yaml.load(text, Loader=Lines)


def plain(value):
    """The value without its lines."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != LINE}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def walk(folder):
    for entry in sorted(folder.iterdir()):
        hidden = entry.name.startswith(".") and entry.name not in HIDDEN_BUT_OURS
        if entry.is_symlink() or entry.name in SKIPPED or hidden:
            continue
        if entry.is_dir():
            yield from walk(entry)
        else:
            yield entry


def matches(path, pattern):
    """A pattern without a slash matches names anywhere, one with slashes the whole path."""
    anywhere = "/" not in pattern
    return path.match(pattern) and (anywhere or len(path.parts) == len(pattern.split("/")))


def paths(*patterns, root=ROOT):
    """Paths below the root that match one of the patterns, relative to it."""
    found = [path.relative_to(root) for path in walk(root)]
    return [path.as_posix() for path in found if any(matches(path, pattern) for pattern in patterns)]


def read(path, root=ROOT):
    return (root / path).read_text(encoding="utf-8")


def at(path, line, message):
    return "%s:%s: %s" % (path, line, message)
