# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of DAG files: packed on the controller, unpacked beside the present one on a host, and switched to.

PRIVATE to the collection. Sets lie beside the link, in a directory named by the digest of their content, so the same
files are never copied twice and a reader sees the old set or the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile

IGNORED = ("__pycache__", ".git", ".svn", ".hg")
SETS = "sets"


def pack(source):
    """Return ``(digest, tar archive)`` of the files below a directory; equal files give an equal digest.

    source: directory on the controller; an empty string packs nothing.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in _files(source):
            info = archive.gettarinfo(path, arcname=os.path.relpath(path, source))
            if not info.isreg():
                continue
            info.uid = info.gid = info.mtime = 0
            info.uname = info.gname = ""
            info.mode = 0o755 if info.mode & 0o100 else 0o644
            with open(path, "rb") as content:
                archive.addfile(info, content)
    data = buffer.getvalue()
    return hashlib.sha256(data).hexdigest()[:16], data


def _files(source):
    """Yield the files in a fixed order, following links: what is linked is meant to be there."""
    if not source:
        return
    for folder, folders, names in os.walk(source, followlinks=True):
        folders[:] = sorted(one for one in folders if one not in IGNORED)
        for name in sorted(names):
            if not name.endswith(".pyc"):
                yield os.path.realpath(os.path.join(folder, name)) if os.path.islink(os.path.join(folder, name)) else os.path.join(
                    folder, name
                )


def present(path):
    """Return the digest of the set that the link points to, or None."""
    return os.path.basename(os.readlink(path)) if os.path.islink(path) else None


def set_directory(path, digest):
    return os.path.join(os.path.dirname(path), SETS, digest)


def unpack(archive_path, path, digest):
    """Unpack a set beside the others; a half unpacked one of an interrupted run never has the final name."""
    target = set_directory(path, digest)
    if os.path.isdir(target):
        return
    beside = target + ".partial"
    shutil.rmtree(beside, ignore_errors=True)
    os.makedirs(beside)
    with tarfile.open(archive_path) as archive:
        archive.extractall(beside, filter="data")
    os.rename(beside, target)


def switch(path, digest):
    """Let the link point to a set, at once."""
    beside = path + ".new"
    if os.path.lexists(beside):
        os.unlink(beside)
    os.symlink(os.path.join(SETS, digest), beside)
    os.replace(beside, path)


def prune(path, keep):
    """Remove all sets but the present one and the ``keep`` latest others."""
    sets = os.path.join(os.path.dirname(path), SETS)
    others = [os.path.join(sets, one) for one in os.listdir(sets) if one != present(path)]
    for old in sorted(others, key=os.path.getmtime, reverse=True)[keep:]:
        shutil.rmtree(old)
