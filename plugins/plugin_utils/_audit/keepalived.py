# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: what a configuration of keepalived says: blocks in braces, within each other."""

from __future__ import annotations

import re

from ansible_collections.steady.airflow.plugins.plugin_utils._audit.unknown import Unknown


class Block:
    """A block with its words, values and blocks."""

    def __init__(self, words=()):
        self.words = list(words)
        self.lines = []
        self.blocks = []

    def find(self, kind):
        return [block for block in self.blocks if block.words[:1] == [kind]]

    def value(self, name, default=None):
        """What follows this word on its line; an empty string where nothing does."""
        found = [" ".join(line[1:]) for line in self.lines if line[0] == name]
        return found[-1] if found else default


class Keepalived(Block):
    def __init__(self, member, text, problem=""):
        """problem: why nobody could read it."""
        super().__init__()
        self.member = member
        self.problem = problem
        open_blocks = [self]
        for line in text.splitlines():
            for part in re.findall(r"[^{}]+|[{}]", re.sub(r"[#!].*", "", line)):
                self._take(part.split() if part not in "{}" else part, open_blocks)

    @staticmethod
    def _take(part, open_blocks):
        inner = open_blocks[-1]
        if part == "{":
            block = Block(inner.lines.pop() if inner.lines else [])
            inner.blocks.append(block)
            open_blocks.append(block)
        elif part == "}":
            if len(open_blocks) > 1:
                open_blocks.pop()
        elif part:
            inner.lines.append(part)

    @property
    def instances(self):
        if self.problem:
            raise Unknown(self.problem)
        return self.find("vrrp_instance")


def addresses(instance):
    """Virtual addresses of an instance, without their networks."""
    return sorted(line[0].split("/")[0] for block in instance.find("virtual_ipaddress") for line in block.lines)
