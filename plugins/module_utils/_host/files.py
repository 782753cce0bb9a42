# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: reading files below a root that tests may choose."""

from __future__ import annotations

import os


class Files:
    """The files of one host. What cannot be read is empty, never an exception."""

    def __init__(self, root="/"):
        self.root = root

    def inside(self, service):
        """The files that a service sees: its container's, if it runs in one."""
        return FilesInside(self.path("/proc/%d/root" % service["pid"])) if service["container"] else self

    def path(self, path):
        return os.path.join(self.root, path.lstrip("/"))

    def exists(self, path):
        return os.path.exists(self.path(path))

    def size(self, path):
        """Bytes; 0 for what is not there."""
        try:
            return os.path.getsize(self.path(path))
        except OSError:
            return 0

    def is_hidden(self, path):
        """Whether there is something that may not be read."""
        return self.size(path) > 0 and not self.text(path)

    def text(self, path):
        try:
            with open(self.path(path), encoding="utf-8", errors="replace") as handle:
                return handle.read()
        except OSError:
            return ""

    def lines(self, path):
        return self.text(path).splitlines()

    def link(self, path):
        try:
            return os.readlink(self.path(path))
        except OSError:
            return ""

    def names(self, path):
        try:
            return sorted(os.listdir(self.path(path)))
        except OSError:
            return []


class FilesInside(Files):
    """The files of a container: where a link leads to begins at the container's root, and not at the host's."""

    MOST_LINKS = 40  # as the kernel has it

    def path(self, path):
        found, left, links = "", [part for part in path.split("/") if part not in ("", ".")], 0
        while left:
            part = left.pop(0)
            found = os.path.dirname(found) if part == ".." else os.path.join(found, part)
            whole = os.path.join(self.root, found)
            if part != ".." and os.path.islink(whole) and links < self.MOST_LINKS:
                links += 1
                to = os.readlink(whole)
                found = "" if to.startswith("/") else os.path.dirname(found)
                left = [each for each in to.split("/") if each not in ("", ".")] + left
        return os.path.join(self.root, found)
