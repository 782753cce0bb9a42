# -*- coding: utf-8 -*-
# Copyright: (c) 2026, The steady.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring files, directories and links to their wanted state, many in one go.

PRIVATE to the collection. ``module`` is an AnsibleModule: it brings atomic moves, ownership and check mode.
"""

from __future__ import annotations

import errno
import os
import tempfile


class Unwritable(Exception):
    """A file cannot be written; the text names the path and the remedy."""


def newest_change(paths):
    """Return the newest change among paths in seconds since the epoch; 0.0 when none exists.

    The change time is taken, not the modification time: it also tells of a new owner or mode.
    """
    return max([os.lstat(path).st_ctime for path in paths if os.path.lexists(path)] or [0.0])


def append(path, new):
    """Append lines in one write, so that two who do so at once do not mix theirs."""
    if not new:
        return
    try:
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
        with open(path, "a", encoding="utf-8") as text:
            text.write("".join("%s\n" % line for line in new))
    except OSError as error:
        raise Unwritable(_say(path, error))


def apply(module, wanted):
    """Bring one path to its wanted state; return its difference as Ansible prints it, or None when nothing changed."""
    path, state = wanted["path"], wanted["state"]
    try:
        if state == "absent":
            return _absent(module, path)
        if state == "link":
            return _link(module, path, wanted["target"])
        made = _directory(module, path) if state == "directory" else _file(module, wanted)
        return _attributes(module, wanted, made)
    except OSError as error:
        raise Unwritable(_say(path, error))


def _say(path, error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "%s cannot be written: no space is left on its file system. Free some space there and run again." % path
    if error.errno == errno.EROFS:
        return "%s cannot be written: its file system is read-only. Check the disk, mount it writable and run again." % path
    return "%s cannot be written: %s" % (path, error.strerror or error)


def _absent(module, path):
    if not os.path.lexists(path):
        return None
    if not module.check_mode:
        os.unlink(path)
    return {"before_header": path, "after_header": path, "before": "present\n", "after": "absent\n"}


def _link(module, path, target):
    now = os.readlink(path) if os.path.islink(path) else None
    if now == target:
        return None
    if not module.check_mode:
        beside = "%s.new-%d" % (path, os.getpid())
        os.symlink(target, beside)
        try:
            os.replace(beside, path)
        except OSError:
            os.unlink(beside)
            raise
    return {"before_header": path, "after_header": path, "before": "%s\n" % (now or "absent"), "after": "%s\n" % target}


def _directory(module, path):
    if os.path.isdir(path):
        return None
    if not module.check_mode:
        os.makedirs(path)
    return {"before_header": path, "after_header": path, "before": "absent\n", "after": "directory\n"}


def _file(module, wanted):
    path, content = wanted["path"], wanted["content"]
    before = None
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as existing:
            before = existing.read()
    if before == content:
        return None
    if not module.check_mode:
        _write(module, wanted)
    return {"before_header": path, "after_header": path, "before": before or "", "after": content}


def _write(module, wanted):
    path = wanted["path"]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    # mkstemp's mode is 0600, and the new file is complete, checked and owned before it takes its name
    handle, beside = tempfile.mkstemp(prefix=".%s." % os.path.basename(path), dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as new:
            new.write(wanted["content"])
            new.flush()
            os.fsync(new.fileno())
        if wanted.get("validate"):
            code, out, err = module.run_command(wanted["validate"] % beside)
            if code:
                raise Unwritable("%s would not be valid and was left as it is: %s" % (path, (err or out).strip()))
        module.set_fs_attributes_if_different(_wish(module, dict(wanted, path=beside)), False)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.unlink(beside)


def _attributes(module, wanted, difference):
    if module.check_mode and not os.path.exists(wanted["path"]):
        return difference
    if module.set_fs_attributes_if_different(_wish(module, wanted), False) and difference is None:
        header = "%s (owner, group or mode)" % wanted["path"]
        return {"before_header": header, "after_header": header, "before": "different\n", "after": "as wanted\n"}
    return difference


def _wish(module, wanted):
    plain = dict((key, None) for key in ("owner", "group", "mode", "seuser", "serole", "selevel", "setype", "attributes"))
    plain.update((key, wanted.get(key)) for key in ("path", "owner", "group", "mode"))
    return module.load_file_common_arguments(plain, path=wanted["path"])
