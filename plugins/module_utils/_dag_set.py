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
import stat
import tarfile

IGNORED = ("__pycache__", ".git", ".svn", ".hg")
SETS = "sets"


def pack(source):
    """Return ``(digest, tar archive)`` of the files below a directory; equal files give an equal digest.

    source: directory on the controller; an empty string packs nothing.
    """
    buffer = io.BytesIO()
    # links are followed: what is linked is meant to be there
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, dereference=True) as archive:
        for path in files(source) if source else ():
            info = archive.gettarinfo(path, arcname=os.path.relpath(path, source))
            info.uid = info.gid = info.mtime = 0
            info.uname = info.gname = ""
            info.mode = 0o755 if info.mode & 0o100 else 0o644
            with open(path, "rb") as content:
                archive.addfile(info, content)
    data = buffer.getvalue()
    return _digest(data), data


def _digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def files(folder, above=()):
    """Yield the files below a directory in a fixed order; no sockets, and no links to nowhere as editors make them."""
    real = os.path.realpath(folder)
    if real in above:
        return  # a link back to a directory that it lies in would never end
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_dir():
            if entry.name not in IGNORED:
                yield from files(entry.path, above + (real,))
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            yield entry.path


def present(path):
    """Return the digest of the set that the link points to; None when there is no link, or no such set any more."""
    return os.path.basename(os.readlink(path)) if os.path.islink(path) and os.path.isdir(path) else None


def set_directory(path, digest):
    return os.path.join(os.path.dirname(path), SETS, digest)


def target(digest):
    """Return where the link to a set points."""
    return os.path.join(SETS, digest)


def unpack(archive_path, path, digest, group):
    """Unpack a set beside the others; a half unpacked one of an interrupted run never has the final name."""
    final = set_directory(path, digest)
    if os.path.isdir(final):
        return
    with open(archive_path, "rb") as arrived:
        if _digest(arrived.read()) != digest:
            # a shortened archive would unpack without a word
            raise OSError("the archive arrived damaged")
    beside = final + ".partial"
    shutil.rmtree(beside, ignore_errors=True)
    os.makedirs(beside)
    try:
        with tarfile.open(archive_path) as archive:
            # Debian 12's Python may not know filters yet; the archive is our own
            archive.extractall(beside, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        _let_read(os.path.dirname(beside), group)
        for folder, _folders, names in os.walk(beside):
            _let_read(folder, group)
            for name in names:
                _let_read(os.path.join(folder, name), group)
        os.rename(beside, final)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _let_read(path, group):
    """Let the group read, whatever umask the host has."""
    shutil.chown(path, group=group)
    os.chmod(path, stat.S_IMODE(os.stat(path).st_mode) | (0o050 if os.path.isdir(path) else 0o040))


def switch(path, digest):
    """Let the link point to a set, at once."""
    beside = path + ".new"
    if os.path.lexists(beside):
        os.unlink(beside)
    os.symlink(target(digest), beside)
    os.replace(beside, path)


def prune(path, keep):
    """Remove all sets but the present one and the ``keep`` latest others."""
    sets = os.path.join(os.path.dirname(path), SETS)
    others = [os.path.join(sets, one) for one in os.listdir(sets) if one != present(path)]
    for old in sorted(others, key=os.path.getmtime, reverse=True)[keep:]:
        shutil.rmtree(old)
