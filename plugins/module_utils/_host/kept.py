# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PRIVATE to the collection: the state of what the collection keeps on a host."""

from __future__ import annotations

import grp
import os
import pwd
import stat
import uuid

from ansible_collections.steady.airflow.plugins.module_utils import _kept


def look(files, show):
    """What module_utils/_kept.py judges by.

    files: the host's files.
    show: function from names of units to their properties.
    """
    paths, units = _kept.parse_record(files.lines(_kept.RECORD))
    paths += [link for path in paths for link in links_in(files, path) if link not in paths]
    salt = uuid.uuid4().hex
    return {
        "salt": salt,
        "files": {path: state(files.path(path), salt) for path in paths},
        "units": dict(zip(units, show(units))),
    }


def links_in(files, directory):
    """The links in a kept directory, such as the one to the present DAG files."""
    if files.link(directory):
        return []
    inside = (os.path.join(directory, name) for name in files.names(directory))
    return [path for path in inside if files.link(path)]


def state(path, salt):
    try:
        status = os.lstat(path)
    except OSError:
        return {"type": "absent", "changed": 0.0}
    seen = {
        "changed": status.st_ctime,
        "mode": stat.S_IMODE(status.st_mode),
        "owner": name_of(pwd.getpwuid, status.st_uid),
        "group": name_of(grp.getgrgid, status.st_gid),
    }
    if stat.S_ISLNK(status.st_mode):
        return dict(seen, type="link", target=os.readlink(path), resolves=os.path.exists(path))
    if stat.S_ISDIR(status.st_mode):
        return dict(seen, type="directory")
    return dict(seen, type="file", digest=content_digest(path, salt))


def name_of(entry_of, number):
    try:
        return entry_of(number)[0]
    except KeyError:
        return str(number)


def content_digest(path, salt):
    try:
        with open(path, "rb") as content:
            return _kept.digest(salt, content.read())
    except OSError:
        return ""
